# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_auto_update on every Podman, with a registry of the host's own: updates, what is put back, and what fails."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import tls_registry
from engine_cases import IMAGE, NEWEST_HOST
from everywhere import everywhere
from lab_hosts import Lab
from quadlet_place import Place, quadlet_place

PLACES = (("bookworm1", "podman"), ("trixie1", "podman"), (NEWEST_HOST, "podman"))
FOLLOWS = f"{tls_registry.NAME}/auto/app:1"
LOCAL = "localhost/auto-local:1"
AUTH = "/run/sshfleet-test-auth.json"
# A unit as "podman generate systemd --new" writes it, which every release runs.
UNIT = f"""
set -e
unit() {{
  cat >/run/systemd/system/auto-$1.service <<END
[Service]
Type=notify
NotifyAccess=all
Environment=PODMAN_SYSTEMD_UNIT=%n
ExecStart=podman run --name auto-$1 --replace --rm -d --sdnotify=conmon --cgroups=no-conmon \\
  --label io.containers.autoupdate=$2 --stop-timeout 0 $3 sleep 600
ExecStop=podman stop -i auto-$1
ExecStopPost=podman rm -f -i -t 0 auto-$1
TimeoutStopSec=30
END
}}
login() {{
  echo '{tls_registry.PASSWORD}' | podman login -u {tls_registry.USER} --password-stdin "$@" {tls_registry.NAME}
}}
login; login --authfile {AUTH}
podman tag {IMAGE} {FOLLOWS} {LOCAL}
podman push {FOLLOWS}  # whose digest is another one there, with its layers compressed
podman pull {FOLLOWS}
unit app registry {FOLLOWS}
unit local local {LOCAL}
systemctl daemon-reload
systemctl start auto-app auto-local
"""
# A new image in the registry; what differs in it is to be filled in.
NEWER = f"""
set -e
podman rm -f auto-new
podman create --name auto-new {IMAGE} sleep 600
podman commit -q --change '%s' auto-new localhost/auto-new:1
podman push localhost/auto-new:1 {FOLLOWS}
podman rm auto-new
"""
BETTER, BROKEN = "LABEL better=yes", 'ENTRYPOINT ["/not/there"]'
CLEAR = f"""
systemctl stop auto-app auto-local
systemctl reset-failed auto-app auto-local
rm -f /run/systemd/system/auto-app.service /run/systemd/system/auto-local.service {AUTH}
systemctl daemon-reload
podman logout {tls_registry.NAME}
podman rm -f -t 0 auto-app auto-local auto-new auto-stray
podman rmi -f localhost/auto-new:1 {LOCAL} {FOLLOWS}
true
"""


@pytest.mark.provokes("update_failed")
def test_what_follows_an_image(session_lab: Lab) -> None:
    def one(lab: Lab, host: str, engine: str) -> None:
        with quadlet_place(lab, host, engine) as place:
            tls_registry.start(lab, host)
            try:
                place.shell(CLEAR)
                place.shell(UNIT)
                _examine(place)
            finally:
                place.shell(CLEAR)
                tls_registry.stop(lab, host)

    everywhere(partial(one, session_lab), PLACES)


def _examine(place: Place) -> None:
    assert statuses(update(place)) == {"auto-app": "current", "auto-local": "current"}
    _newer_ones(place)
    _one_that_does_not_start(place)
    _what_cannot_be_looked_at(place)


def _newer_ones(place: Place) -> None:
    place.shell(NEWER % BETTER)
    place.shell(f"podman tag localhost/auto-new:1 {LOCAL}")
    before = {name: place.inspect(name)["Id"] for name in ("auto-app", "auto-local")}
    said = update(place, check=True)
    assert said["changed"] and statuses(said) == {"auto-app": "pending", "auto-local": "pending"}
    (action,) = said["actions"]
    assert action["containers"] == ["auto-app", "auto-local"]
    assert action["units"] == ["auto-app.service", "auto-local.service"]
    assert {name: place.inspect(name)["Id"] for name in before} == before
    done, again = update(place), update(place)
    assert (done["actions"], done["diff"]) == (said["actions"], said["diff"]) and FOLLOWS in done["diff"]["after"][
        "auto-app"
    ]
    assert done["changed"] and statuses(done) == {"auto-app": "updated", "auto-local": "updated"}
    assert {one["policy"] for one in done["containers"]} == {"registry", "local"}
    assert all(place.inspect(name)["Config"]["Labels"]["better"] == "yes" for name in before)
    assert not again["changed"] and set(statuses(again).values()) == {"current"} and again["actions"] == []


def _one_that_does_not_start(place: Place) -> None:
    place.shell(NEWER % BROKEN)
    failed = update(place)
    assert failed["failed"] and failed["changed"] and failed["error"]["kind"] == "update_failed", failed
    assert statuses(failed) == {"auto-app": "rolled_back", "auto-local": "current"}
    assert "auto-app (unit auto-app.service) was put back" in failed["msg"] and "/not/there" in failed["msg"], failed
    assert place.inspect("auto-app")["Config"]["Labels"]["better"] == "yes"
    left = update(place, rollback=False)
    assert statuses(left)["auto-app"] == "failed" and "/not/there" in left["msg"], left
    assert place.shell("systemctl is-active auto-app || true") == "failed\n"
    place.shell(f"podman tag {LOCAL} {FOLLOWS}; systemctl reset-failed auto-app; systemctl start auto-app")
    place.shell(f"podman push {FOLLOWS}; podman pull {FOLLOWS}")


def _what_cannot_be_looked_at(place: Place) -> None:
    place.shell(f"podman logout {tls_registry.NAME}")
    stray = f"podman run -d --name auto-stray --label io.containers.autoupdate=registry {FOLLOWS} sleep 600"
    place.shell(stray)
    for check in (True, False):
        denied = update(place, check=check)
        assert denied["error"]["kind"] == "update_failed" and not denied["changed"], denied
        assert statuses(denied) == {"auto-app": "failed", "auto-local": "current", "auto-stray": "failed"}
        assert "auto-stray could not be updated" in denied["msg"] and "PODMAN_SYSTEMD_UNIT" in denied["msg"], denied
        assert "auto-app (unit auto-app.service) could not be" in denied["msg"] and "auth" in denied["msg"], denied
    place.shell("podman rm -f -t 0 auto-stray")
    allowed = update(place, authfile=AUTH, validate_certs=True)
    if place.session.client.engine.auto_update_takes_access:
        assert statuses(allowed)["auto-app"] == "current"
    else:
        assert allowed["error"]["option"] == "authfile" and "Podman 4.7" in allowed["msg"]


def update(place: Place, check: bool = False, **given: Any) -> dict[str, Any]:
    result = place.run("auto_update", check=check, **given)
    assert "containers" in result or result["error"]["kind"] == "invalid_option", result
    return result


def statuses(result: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["status"] for one in result["containers"] if one["name"].startswith("auto-")}
