# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An image with busybox, Python, sudo and su, made of what a lab host itself has; a user deploy, who may use sudo."""

from __future__ import annotations

PYTHON_IMAGE = "localhost/python:latest"
USER, PASSWORD = "deploy", "open sesame"
_HASH = "$6$sshfleet$Q5J6r52WI9Pc9Zhc/NnNuhCztduEmNTq8//LMCXSKVNNUhH30Ywl2ofUhXv0nGsqb6wfDckjjcxtAynHvbFiV0"


def made_of(image: str, steps: str) -> str:
    """The script that makes an image on both engines of a host, where one lacks it, of what steps put into a directory
    in which they begin.
    """
    return f"""
set -eu
(
image={image}
for engine in podman docker; do $engine image inspect $image >/dev/null 2>&1 || lacking=1; done
[ "${{lacking:-}}" ] || exit 0
folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT
cd "$folder"
{steps}
for engine in podman docker; do tar -c . | $engine import - $image >/dev/null; done
)
"""


MAKE_PYTHON_IMAGE = made_of(
    PYTHON_IMAGE,
    f"""
mkdir -p bin etc/pam.d etc/sudoers.d root tmp usr/bin usr/lib usr/lib64 home/{USER} var/tmp run proc dev sys
ln -s usr/lib usr/lib64 .
chmod 1777 tmp var/tmp; chmod 700 root
cp /bin/busybox bin/
for tool in $(/bin/busybox --list); do
  case $tool in su|sh|busybox) ;; *) ln -s busybox bin/$tool ;; esac  # its own shell would take its own su
done
cp -L /bin/dash bin/sh
version=$(python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
security=$(echo /usr/lib/*/security)
cp --parents -a /usr/bin/$version /usr/bin/sudo /usr/bin/su $security/pam_unix.so $security/pam_permit.so \\
  $security/pam_rootok.so /usr/libexec/sudo $(command -v unix_chkpwd) .
ln -s $version usr/bin/python3
(cd /; tar -c --exclude=config-* --exclude=ensurepip --exclude=test --exclude=lib2to3 \
  --exclude=idlelib --exclude=tkinter --exclude=pydoc_data usr/lib/$version) | tar -x
for file in bin/sh *s*/*bin/unix_chkpwd usr/bin/$version usr/bin/su* .$security/* usr/libexec/sudo/*.so \\
  usr/lib/$version/lib-dynload/*; do
  ldd $file 2>/dev/null | grep -o '/[^ ]*' || :
done | sort -u | xargs -I% cp -L --parents % .
cp -L --parents /lib/*/libnss_files.so* .
cp --parents -L /etc/os-release .
cp --parents -a /etc/ld.so.conf /etc/ld.so.conf.d . ; ldconfig -r .
printf 'root:x:0:0::/root:/bin/sh\\n{USER}:x:1000:1000::/home/{USER}:/bin/sh\\n' > etc/passwd
printf 'root:x:0:\\n{USER}:x:1000:\\n' > etc/group
printf 'root:*:20000:0:99999:7:::\\n{USER}:%s:20000:0:99999:7:::\\n' '{_HASH}' > etc/shadow; chmod 600 etc/shadow
echo 'passwd: files' > etc/nsswitch.conf
for name in sudo su other; do
  printf '%s\\n' 'auth required pam_unix.so' 'account required pam_unix.so' 'session required pam_permit.so' \\
    > etc/pam.d/$name
done
printf 'root ALL=(ALL:ALL) NOPASSWD: ALL\\n{USER} ALL=(ALL:ALL) ALL\\n' > etc/sudoers; chmod 440 etc/sudoers
sed -i '1i auth sufficient pam_rootok.so' etc/pam.d/su
find usr -type d -exec chmod 755 {{}} +
chown 1000:1000 home/{USER}
""",
)
