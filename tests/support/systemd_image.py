# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image of python_image.py with the lab host's own systemd beside it, as ``/sbin/init``, and hardly a unit."""

from __future__ import annotations

from python_image import PYTHON_IMAGE, made_of

SYSTEMD_IMAGE = "localhost/systemd:latest"
MAKE_SYSTEMD_IMAGE = made_of(
    SYSTEMD_IMAGE,
    f"""
docker rm -f sshfleet-systemd >/dev/null 2>&1 || :
docker create --name sshfleet-systemd {PYTHON_IMAGE} /none >/dev/null
docker export sshfleet-systemd | tar -x
docker rm sshfleet-systemd >/dev/null
mkdir -p usr/lib/systemd/system etc/systemd/system sbin
lib=/usr/lib/systemd
cp --parents -a $lib/systemd $lib/systemd-executor $lib/libsystemd-* $lib/systemd-shutdown /usr/bin/systemctl . \\
  2>/dev/null || :
for file in .$lib/systemd .$lib/systemd-* usr/bin/systemctl; do
  ldd $file 2>/dev/null | grep -o '/[^ ]*' || :
done | sort -u | xargs -I% cp -L --parents % .
cp -L --parents /usr/lib/*/systemd/libsystemd-*.so . 2>/dev/null || :
ldconfig -r .
ln -sf $lib/systemd sbin/init
for unit in basic sysinit sockets timers paths slices local-fs shutdown umount final exit halt poweroff; do
  cp --parents $lib/system/$unit.target . 2>/dev/null || :
done
cp --parents $lib/system/systemd-halt.service $lib/system/systemd-exit.service . 2>/dev/null || :
printf '[Unit]\\nRequires=basic.target\\nAfter=basic.target\\nAllowIsolate=yes\\n' > .$lib/system/multi-user.target
ln -sf multi-user.target .$lib/system/default.target
echo uninitialized > etc/machine-id
""",
)
