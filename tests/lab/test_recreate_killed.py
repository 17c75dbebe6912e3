# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that are killed (SIGKILL) after, or in the middle of, any request, on every engine: the next one converges."""

from __future__ import annotations

import time

import pytest
from everywhere import everywhere
from lab_hosts import Lab
from recreate_place import Place, actions, as_predicted, opened, ready, unchanged

__all__ = ["ready"]  # a fixture

OLD, NEW = ["sleep", "600"], ["sleep", "601"]
MOST_REQUESTS = 20
ENGINE_IS_DONE = 1.0  # seconds


@pytest.mark.fault("A recreation is killed after any request")
def test_killed_after_any_request_the_next_run_converges(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            place.run()
            wanted, other = NEW, OLD
            for number in range(1, MOST_REQUESTS):
                if not place.killed(number, command=wanted):
                    break
                as_predicted(place, command=wanted)
                place.require_service(wanted)
                wanted, other = other, wanted
            assert 5 < number < MOST_REQUESTS - 1
            place.require_service(wanted)

    everywhere(examine)


@pytest.mark.fault("A recreation is killed in the middle of any request")
def test_killed_in_the_middle_of_a_request_the_next_run_converges(ready: Lab) -> None:
    """The engine may be at work on a request whose sender is gone; the next run is one that comes after that."""

    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            place.run()
            wanted, other = NEW, OLD
            for request in ("rename", "create", "stop", "start", "remove"):
                place.killed(f"containers.{request}", middle=True, command=wanted)
                time.sleep(ENGINE_IS_DONE)
                place.run(command=wanted)
                unchanged(place, command=wanted)
                place.require_service(wanted)
                wanted, other = other, wanted

    everywhere(examine)


@pytest.mark.fault("The way back from a recreation is killed after any request")
def test_killed_after_any_request_of_a_rollback_the_old_one_comes_back(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        # On Podman nothing but names tells, with state=present, that the old one has to run.
        state = "present" if engine == "podman" else "started"
        with opened(ready, host, engine) as place:
            place.run()
            old = place.require_service()
            for number in range(first_of_the_rollback(place), MOST_REQUESTS):
                killed = place.killed(number, command=["/nope"], state=state)
                place.run(state=state)
                assert place.require_service()["Id"] == old["Id"]
                if not killed:
                    break
            assert 8 <= number < MOST_REQUESTS - 1

    everywhere(examine)


@pytest.mark.fault("The remains of a killed recreation are to be removed")
def test_absent_removes_what_a_killed_run_left(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            for request in ("rename", "create", "start"):
                place.run()
                assert place.killed(f"containers.{request}", command=NEW)
                predicted = place.run(check_mode=True, state="absent")
                assert predicted["changed"] and place.names()
                assert actions(place.run(state="absent")) == actions(predicted)
                assert place.names() == [] and place.anonymous_volumes() == place.volumes_before

    everywhere(examine)


@pytest.mark.fault("A creation is killed after any request")
def test_killed_while_it_is_created_the_next_run_converges(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            for number in range(1, MOST_REQUESTS):
                if not place.killed(number):
                    break
                as_predicted(place)
                place.require_service()
                place.run(state="absent")
            assert number > 2

    everywhere(examine)


def first_of_the_rollback(place: Place) -> int:
    """The number of the request that starts the new container: without a policy that can be changed, one less."""
    return 4 if (place.host, place.engine) == ("bookworm1", "podman") else 5
