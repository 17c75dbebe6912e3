# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A registry with TLS and a user of its own on a lab host, under a name that only this host knows."""

from __future__ import annotations

from typing import Any

NAME = "registry.example.com"  # the host's own address in its /etc/hosts, port 443; Docker trusts loopback too much
USER, PASSWORD = "deploy", "open-sesame-7"
_UNIT = "sshfleet-test-tls-registry"
_HASH = "$2a$05$NhrU19uAnS3z2Jf7YI4o3uyrpVKOne.a3bJsqTL.LkItmkuH7nSB6"
_TRUST = f"/etc/docker/certs.d/{NAME} /etc/containers/certs.d/{NAME}"
# Debian's package, taken apart: installed, it would start a registry of its own that listens everywhere.
_PACKAGE = "apt-get install -qq --download-only --reinstall --no-install-recommends docker-registry"
_START = f"""
set -eu
mkdir -p /run/{_UNIT} {_TRUST}
cd /run/{_UNIT}
{_PACKAGE} >/dev/null || {{ apt-get update -qq; {_PACKAGE} >/dev/null; }}
package=$(ls -t /var/cache/apt/archives/docker-registry_*.deb | head -n 1)
dpkg-deb --fsys-tarfile "$package" | tar -x ./usr/bin/docker-registry
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={NAME} \\
  -addext subjectAltName=DNS:{NAME} -keyout key.pem -out cert.pem 2>/dev/null
for folder in {_TRUST}; do cp cert.pem $folder/ca.crt; done
address=$(hostname -I | cut -d ' ' -f 1)
grep -q ' {NAME}$' /etc/hosts || echo "$address {NAME}" >> /etc/hosts
echo '{USER}:{_HASH}' > htpasswd
cat > config.yml <<EOF
version: 0.1
storage: {{filesystem: {{rootdirectory: /run/{_UNIT}/data}}, delete: {{enabled: true}}}}
http: {{addr: "$address:443", tls: {{certificate: /run/{_UNIT}/cert.pem, key: /run/{_UNIT}/key.pem}}}}
auth: {{htpasswd: {{realm: test, path: /run/{_UNIT}/htpasswd}}}}
EOF
systemd-run --quiet --collect --unit={_UNIT} /run/{_UNIT}/usr/bin/docker-registry serve /run/{_UNIT}/config.yml
for _ in $(seq 300); do
  openssl s_client -connect $address:443 </dev/null >/dev/null 2>&1 && exit; sleep 0.1
done
journalctl -u {_UNIT} --no-pager >&2; exit 1
"""
_STOP = f"""
systemctl stop {_UNIT}
sed -i '/ {NAME}$/d' /etc/hosts
rm -rf {_TRUST} /run/{_UNIT}
"""


def start(lab: Any, host: str) -> None:
    """Start it; both engines of the host trust it."""
    lab.ssh(host, "sh", "-s", input=_START)


def stop(lab: Any, host: str) -> None:
    """Take it away with all that it has brought."""
    lab.ssh(host, "sh", "-s", input=_STOP)
