# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that only a project has."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.application import (
    Dependency,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.options import (
    ARGUMENT_SPEC,
    Control,
    application,
    control,
    state_of,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.labels import (
    PROJECT_LABEL,
)


def params(**given: Any) -> dict[str, Any]:
    validation = ArgumentSpecValidator(ARGUMENT_SPEC).validate({"name": "shop", **given})
    assert not validation.error_messages
    found: dict[str, Any] = validation.validated_parameters
    return found


def depending(given: Any) -> dict[str, Dependency]:
    return dict(application(params(containers=[{"name": "web", "depends_on": given}])).containers[0].depends_on)


def test_what_is_not_given() -> None:
    assert control(params()) == Control()
    made = application(params())
    assert (made.containers, made.networks, made.volumes, made.images) == ((), (), (), ())
    assert made.labels == {PROJECT_LABEL: "shop"}


def test_parts_have_the_labels_and_their_own_options() -> None:
    made = application(
        params(
            networks=[{"name": "net", "internal": True}, {"network_name": "theirs", "external": True}],
            volumes=[{"volume_name": "data"}],
            containers=[{"name": "db", "image": "x", "depends_on": None}],
        )
    )
    assert [(one.name, one.external, dict(one.params)) for one in (*made.networks, *made.volumes)] == [
        ("net", False, {"name": "net", "internal": True}),
        ("theirs", True, {"name": "theirs"}),
        ("data", False, {"name": "data"}),
    ]
    assert made.containers[0].params == {"name": "db", "image": "x"}
    assert all(one.written_labels == made.labels for one in (*made.networks, *made.volumes, *made.containers))


CONDITIONS = [
    (None, {}),
    ([], {}),
    (["db"], {"db": "started"}),
    ([5], {"5": "started"}),
    ({"db": "healthy"}, {"db": "healthy"}),
    ({"db": {"condition": "completed"}}, {"db": "completed"}),
    ({"db": {}}, {"db": "started"}),
    ({"db": {"condition": "service_healthy"}}, {"db": "healthy"}),
    ({"db": "service_completed_successfully", "x": "service_started"}, {"db": "completed", "x": "started"}),
]


@pytest.mark.parametrize(("given", "found"), CONDITIONS, ids=str)
def test_dependencies(given: Any, found: dict[str, str]) -> None:
    assert depending(given) == {name: Dependency(condition=how) for name, how in found.items()}


# Options, the one that is wrong, and words of what is said.
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "a b"}, "name", "a b"),
    ({"name": ""}, "name", ""),
    ({"parallel": 0}, "parallel", "1 to 64"),
    ({"rollout_delay": -1}, "rollout_delay", "0 to 86400"),
    ({"rollout_delay": 1e8}, "rollout_delay", "0 to 86400"),
    ({"containers": [{"name": "a", 5: 6}]}, "containers[0]", "the key 5"),
    ({"networks": [{"name": "a", "external": True, None: 6}]}, "networks[0]", "the key None"),
    ({"parallel": 65}, "parallel", "1 to 64"),
    ({"containers": [{"image": "x"}]}, "containers[0]", "no name"),
    ({"containers": [{"name": "a"}, {"name": ""}]}, "containers[1]", "no name"),
    ({"networks": [{}]}, "networks[0]", "no name"),
    ({"networks": [{"name": "n", "external": "maybe"}]}, "networks[0].external", "true or false"),
    ({"volumes": [{"name": "v", "external": True, "driver": "x"}]}, "volumes[0].external", "Leave out driver"),
    ({"volumes": [{"name": "v", "state": "absent"}]}, "volumes[0].state", "the project decides"),
    ({"networks": [{"name": "n", "connected": []}]}, "networks[0].connected", "the project decides"),
]
WRONG_DEPENDENCIES: list[Any] = ["db", 3, {"db": "running"}, {"db": None}, {"db": {"condition": "healthy", "x": 1}},
                                 {"db": {"condition": ["healthy"]}}, {"db": ["healthy"]}, [{"db": "healthy"}], [["db"]],
                                 [None]]  # fmt: skip


@pytest.mark.parametrize(("given", "option", "words"), WRONG, ids=str)
def test_what_is_refused(given: dict[str, Any], option: str, words: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        whole = params(**given)
        control(whole)
        application(whole)
    assert caught.value.option == option and words in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize("given", WRONG_DEPENDENCIES, ids=str)
def test_dependencies_that_are_none(given: Any) -> None:
    with pytest.raises(InvalidOption) as caught:
        depending(given)
    assert caught.value.option.startswith("containers[0].depends_on")


@pytest.mark.parametrize(
    ("whole", "own", "found"),
    [
        ("started", None, "started"),
        ("started", "present", "present"),
        ("started", "absent", "absent"),
        ("present", "stopped", "stopped"),
        ("stopped", "started", "stopped"),
        ("absent", "started", "absent"),
        ("restarted", "present", "restarted"),
    ],
)
def test_the_state_of_one_container(whole: str, own: str | None, found: str) -> None:
    assert state_of(Control(state=whole), own) == found
