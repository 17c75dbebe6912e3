# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of one plan of many parts, as texts in a file, and what each step waits for."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.application import (
    Dependency,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.plan import (
    AWAIT,
    Part,
    joined,
    part_of,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import (
    Plan,
    Resource,
    Step,
    in_sequence,
)

NET, OLD, DATA = Resource("network", "net"), Resource("network", "old"), Resource("volume", "data")


def part(name: str, *actions: str, on: Mapping[str, Any] | None = None, **more: Any) -> Part:
    """A container's part; ``on`` has a condition, or a Dependency, by the name of another one."""
    made = {
        other: how if isinstance(how, Dependency) else Dependency(condition=how) for other, how in (on or {}).items()
    }
    return thing(Resource("container", name), *actions, depends_on=made, **more)


def thing(resource: Resource, *actions: str, **more: Any) -> Part:
    return Part(resource, Plan(in_sequence(resource.step(action, "so") for action in actions)), **more)


def port(number: int) -> frozenset[tuple[str, str]]:
    return frozenset({("tcp", str(number))})


MAYBE = Dependency(condition="healthy", required=False)
SHARING = frozenset({"db"})
PLANS: dict[str, tuple[Part, ...]] = {
    "nothing": (part("db"), thing(NET)),
    "a network and a volume come first, only for those who use them": (
        part("db", "create", "start", uses=frozenset({NET, DATA})),
        part("alone", "create"),
        thing(NET, "create"),
        thing(DATA, "create"),
    ),
    "a network that is there is waited for by nobody": (part("db", "create", uses=frozenset({NET})), thing(NET)),
    "started": (part("db", "create", "start"), part("web", "create", "start", on={"db": "started"})),
    "two that wait for health wait in one step": (
        part("db", "create", "start"),
        part("web", "create", "start", on={"db": "healthy"}),
        part("job", "recreate", on={"db": "healthy"}),
    ),
    "the health of one that is as it was": (part("db"), part("web", "start", on={"db": "healthy"})),
    "completed, and health if it can": (
        part("fill", "create", "start"),
        part("cache", "create", "start"),
        part("web", "create", "start", on={"fill": "completed", "cache": MAYBE}),
    ),
    "a dependency that is not there": (part("web", "start", on={"none": MAYBE}),),
    "who does not start waits for nobody": (part("db", "create"), part("web", "update", on={"db": "healthy"})),
    "the end comes the other way round": (part("db", "stop"), part("web", "stop", on={"db": "healthy"})),
    "networks and volumes go after the containers": (
        thing(NET, "remove"),
        thing(DATA, "remove"),
        part("db", "stop", "remove"),
        part("web", "remove", on={"db": "started"}),
    ),
    "a network is made anew before its containers change, and goes when they have come out": (
        thing(NET, "recreate"),
        thing(OLD, "remove"),
        part("stays", "restart", inside=frozenset({NET})),
        part("moves", "disconnect_network", inside=frozenset({OLD})),
        part("goes", "remove", inside=frozenset({NET})),
        part("alone", "start"),
    ),
    "who shares is made after the owner": (part("db", "create", "start"), part("web", "create", shares=SHARING)),
    "who shares goes before the owner is replaced": (
        part("db", "recreate"),
        part("web", "remove", "create", "start", shares=SHARING),
    ),
    "a port that is given away": (
        part("old", "recreate", gives=port(80)),
        part("new", "create", "start", takes=port(80)),
    ),
    "a port of one that goes": (part("new", "create", "start", takes=port(80)), part("old", "remove", gives=port(80))),
    "two change their ports": (
        part("a", "recreate", gives=port(80), takes=port(81)),
        part("b", "recreate", gives=port(81), takes=port(80)),
    ),
    "three hand theirs on": (
        part("a", "recreate", gives=port(80), takes=port(81)),
        part("b", "recreate", gives=port(81), takes=port(82)),
        part("c", "recreate", gives=port(82), takes=port(80)),
    ),
    "a port of one who waits for the other": (
        part("db", "create", "start", takes=port(80)),
        part("web", "recreate", on={"db": "started"}, gives=port(80)),
    ),
}


def test_plans(golden: Callable[[str, Mapping[str, Plan]], None]) -> None:
    golden("plans.txt", {title: joined(parts) for title, parts in PLANS.items()})


def test_what_was_replaced_goes_when_all_else_is_done(golden: Callable[[str, Mapping[str, Plan]], None]) -> None:
    parts = (part("db", "recreate"), part("web", "recreate"), part("job", "create"), thing(NET, "create"))
    golden("plans-project.txt", {"old containers are kept": joined(parts, keep_old=True)})


def test_only_what_is_softly_waited_for_may_fail() -> None:
    parts = (
        part("db", "create", "start"),
        part("web", "start", on={"db": MAYBE}),
        part("job", "start", on={"db": "healthy"}),
    )
    steps = {step.id: step for step in joined(parts).steps}
    soft, hard = "container db: await healthy if it can", "container db: await healthy"
    assert steps["container web: start"].softly == {soft} and steps[soft].softly == {"container db: start"}
    assert steps["container job: start"].softly == steps[hard].softly == frozenset()


def test_who_was_stopped_for_its_port_is_made_or_comes_back_whatever_becomes_of_the_others() -> None:
    steps = {step.id: step for step in joined(PLANS["three hand theirs on"]).steps}
    assert {name: step.softly for name, step in steps.items() if step.softly} == {
        "container a: recreate": {"container b: recreate"}
    }


def test_what_waits_or_tidies_up_belongs_to_no_part() -> None:
    step = Resource("container", "db").step("start", "so")
    assert part_of(step) == part_of(Resource("container", "db").step("create", "so")) == "container db"
    assert part_of(Resource("container", "db").step(AWAIT, "so")) == "container db: await"
    assert part_of(Resource("container", "db").step("drop_old", "so")) == "container db: drop_old"


def test_any_parts_have_an_order() -> None:
    """Each step after what it waits for (a plan refuses others), none lost, and none that waits for itself."""
    chance = random.Random(1)  # noqa: S311
    shapes = (["create", "start"], ["recreate"], ["update"], ["stop"], ["remove"], ["remove", "create", "start"], [])
    for _round in range(300):
        names = [f"c{number}" for number in range(chance.randint(1, 12))]
        parts = []
        for number, name in enumerate(names):
            before = names[:number]
            on = {other: chance.choice(["started", "healthy", MAYBE]) for other in before if chance.random() < 0.3}
            shares = frozenset(other for other in before if chance.random() < 0.15)
            ports = {
                key: frozenset({("tcp", str(port)) for port in range(3) if chance.random() < 0.3})
                for key in ("gives", "takes")
            }
            parts.append(
                part(
                    name,
                    *chance.choice(shapes),
                    on=on,
                    shares=shares,
                    uses=frozenset({NET}),
                    inside=frozenset({OLD}),
                    **ports,
                )
            )
        parts += [
            thing(OLD, chance.choice(("remove", "recreate"))),
            thing(NET, *chance.choice((["create"], ["remove"], ["recreate"], []))),
            thing(DATA, "remove"),
        ]
        steps: tuple[Step, ...] = joined(parts, keep_old=chance.random() < 0.5).steps
        assert {step.id for one in parts for step in one.steps} <= {step.id for step in steps}
