# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import CONFIG_NAME, RemoteAction, failure
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.other_hosts import OtherHosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.result import prefixed
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.needed import skipped_without
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.options import (
    ARGUMENT_SPEC,
    PRESENT,
    SPEC_RULES,
    Shipment,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.work.run import (
    ArchiveSource,
    HostSource,
    Shipping,
    Target,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session
from ansible_collections.sshfleet.containers.plugins.plugin_utils.telling import listed


class ActionModule(RemoteAction):
    """Ships an image to many hosts; runs once for all of them, so that it is read once."""

    BYPASS_HOST_LOOP = True
    ARGUMENT_SPEC = ARGUMENT_SPEC
    SPEC_RULES = SPEC_RULES

    def prepare(self, params: dict[str, Any]) -> Shipment:
        self._params = params
        play_hosts = self._variables.get("ansible_play_batch") or self._variables.get("ansible_play_hosts") or []
        return parse(params, self._variables["hostvars"], [str(host) for host in play_hosts])

    def _find_target(self) -> None:
        """The task's own host is one of many, or none of them."""

    def work(self, prepared: Shipment) -> dict[str, Any]:
        hosts = OtherHosts(self._variables["hostvars"], self._task, self._play_context, CONFIG_NAME)
        ways = {name: self._way(hosts, name, self._params) for name in prepared.targets}
        if prepared.source is None:
            return self._from_archive(prepared, ways)
        params = {
            **self._params, "engine": self._params["source_engine"], "engine_socket": self._params["source_socket"],
        }  # fmt: skip
        session = self._way(hosts, prepared.source, params)()
        try:
            return self._shipped(prepared, HostSource(session, prepared), ways)
        except EngineError as error:
            if error.kind != "image_missing":
                raise
            thing = f"image {prepared.name}"
            return skipped_without(thing, error, check_mode=self.check_mode, where=prepared.source)
        finally:
            session.close()

    def _from_archive(self, prepared: Shipment, ways: Mapping[str, Callable[[], Session]]) -> dict[str, Any]:
        if not Path(str(prepared.path)).is_file():
            error = InvalidOption("path", prepared.path, "there is no such file on the controller.", "Correct it.")
            thing = f"file {prepared.path}"
            return skipped_without(thing, error, check_mode=self.check_mode, where="the controller")
        return self._shipped(prepared, ArchiveSource(prepared), ways)

    def perform(self, session: Session, prepared: Any) -> dict[str, Any]:
        raise NotImplementedError("remote_image_ship has many sessions")

    def _way(self, hosts: OtherHosts, name: str, params: Mapping[str, Any]) -> Callable[[], Session]:
        """Opens a session to a host. Its settings are resolved here, where there is one thread only."""
        target, settings = hosts.target(name, params)
        return lambda: self.opened(target, settings, lambda message: self.log(f"{name}: {message}"))

    def _shipped(
        self, shipment: Shipment, source: HostSource | ArchiveSource, ways: Mapping[str, Callable[[], Session]]
    ) -> dict[str, Any]:
        targets = Shipping(shipment, source, ways, self.log).run(check_mode=self.check_mode)
        identity = prefixed(source.cargo.id)
        moved = [one for one in targets if one.error is None and one.action != PRESENT]
        told = {one.name: self._told(one, identity) for one in targets}
        result: dict[str, Any] = {
            "changed": bool(moved),
            "image": {"name": shipment.name, "id": identity, "size": source.cargo.size},
            "targets": told,
            "diff": {
                "before": {one.name: one.before for one in moved}, "after": {one.name: identity for one in moved},
            },
        }  # fmt: skip
        failed = {name: one for name, one in told.items() if one["failed"]}
        if failed:
            words = listed((f"{name}: {one['msg']}" for name, one in failed.items()), "; ")
            msg = f"{len(failed)} of {len(targets)} targets failed: {words}"
            result |= {"failed": True, "msg": msg, "error": next(iter(failed.values()))["error"]}
        return result

    def _told(self, target: Target, identity: str) -> dict[str, Any]:
        """What became of one target."""
        engine = {"engine": target.session.engine()} if target.session else {}
        if target.error is not None:
            told = failure(target.error, self.masker)
            return {"changed": False, "failed": True, **engine, "msg": told["msg"], "error": told["error"]}
        return {
            "changed": target.action != PRESENT, "failed": False, "action": target.action, "id": identity,
            "sent": target.sent, "skipped": target.skipped, "seconds": round(target.seconds, 3), **engine,
        }  # fmt: skip
