# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a host has to the steps that lead to what is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet import result
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet.generated import Generated, Unit
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet.plan import (
    NeedsQuadlet,
    NoSuchQuadlet,
    Observed,
    is_others,
    plan,
    require_accepted,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet.told import File, State
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker

NAME, DROPIN = "web.container", "web.container.d/10-a.conf"
UNIT = Unit("web.service", NAME, boot=True)
THERE = {NAME: File("644", 100, "old\n")}
RUNNING = State("loaded", "active", "running", since=200)
STOPPED = State("loaded")
FAILED = State("loaded", "failed", "failed", "exit-code")
OTHERS = replace(RUNNING, file="/usr/lib/systemd/system/web.service")
MADE = Generated({NAME: UNIT})


def seen(files: Any = None, state: State = RUNNING, **more: Any) -> Observed:
    there = THERE if files is None else files
    return replace(Observed("/etc/containers/systemd", there, MADE, MADE, UNIT, state), **more)


def wanted(text: str | None = "old\n", **more: Any) -> Options:
    texts = {} if text is None else {NAME: text}
    return Options(NAME, source="content", texts={**texts, **more.pop("texts", {})}, **more)


CASES: list[tuple[str, Options, Observed, list[str]]] = [
    ("nothing there", wanted(), seen({}, State()), ["create", "reload", "start web.service"]),
    ("as it is", wanted(), seen(), []),
    ("as it is, without a word about its content", wanted(None), seen(), []),
    ("other text", wanted("new\n"), seen(), ["update", "reload", "restart web.service"]),
    ("other text, left running", wanted("new\n", restart="never"), seen(), ["update", "reload"]),
    ("other mode", wanted(mode="600"), seen(), ["update", "reload", "restart web.service"]),
    ("a drop-in", wanted(texts={DROPIN: "x\n"}), seen(), [f"create {DROPIN}", "reload", "restart web.service"]),
    ("a drop-in less", wanted(texts={DROPIN: ""}), seen({**THERE, DROPIN: File("644", 1, "x")}),
     [f"remove {DROPIN}", "reload", "restart web.service"]),
    ("no drop-in anyhow", wanted(texts={DROPIN: ""}), seen(), []),
    ("a run was cut before systemd read it", wanted(), seen(state=State()), ["reload", "start web.service"]),
    ("a run was cut before the restart", wanted(), seen(state=replace(RUNNING, since=99)), ["restart web.service"]),
    ("systemd has older files", wanted(), seen(state=replace(RUNNING, outdated=True)), ["reload"]),
    ("stopped by somebody", wanted(), seen(state=STOPPED), ["start web.service"]),
    ("failed", wanted(), seen(state=FAILED), ["start web.service"]),
    ("present only", wanted("new\n", state="present"), seen(state=STOPPED), ["update", "reload"]),
    ("present and running", wanted("new\n", state="present"), seen(),
     ["update", "reload", "restart web.service"]),
    ("to be stopped", wanted(state="stopped"), seen(), ["stop web.service"]),
    ("is stopped", wanted(state="stopped"), seen(state=STOPPED), []),
    ("to go", wanted(None, state="absent"), seen({**THERE, DROPIN: File("644", 1, "x")}),
     ["stop web.service", "remove", f"remove {DROPIN}", "reload"]),
    ("to go with a file beside it", wanted(None, state="absent", texts={"web.yaml": ""}),
     seen({**THERE, "web.yaml": File("644", 1, "x")}),
     ["stop web.service", "remove", "remove web.yaml", "reload"]),
    ("gone, but for its unit", wanted(None, state="absent"), seen({}, RUNNING, unit=None), ["stop web.service"]),
    ("gone, but systemd remembers", wanted(None, state="absent"), seen({}, FAILED, unit=None), ["forget web.service"]),
    ("gone", wanted(None, state="absent"), seen({}, State(), unit=None), []),
    ("gone, and its unit is another one's", wanted(None, state="absent"), seen({}, OTHERS, unit=None), []),
    ("to go, and its unit is another one's", wanted(None, state="absent"), seen(state=OTHERS), ["remove", "reload"]),
    ("built", wanted(), seen(state=STOPPED, unit=replace(UNIT, once=True)), []),
    ("to be built anew", wanted("new\n"), seen(state=STOPPED, unit=replace(UNIT, once=True)),
     ["update", "reload", "start web.service"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "observed", "steps"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_steps(options: Options, observed: Observed, steps: list[str]) -> None:
    planned = plan(options, observed)
    assert [step.what for step in planned.steps] == steps
    told = result.result(result.Seen(options, planned, observed, observed, "system"), Masker())
    assert told["changed"] == bool(steps) and (told["diff"]["before"] != told["diff"]["after"]) == (
        bool(steps) and steps != ["reload"]
    )


@pytest.mark.parametrize(("options", "step"), [
    (wanted("new\n"), "restart"), (wanted(state="stopped"), "stop"), (wanted(None, state="absent"), "stop"),
])  # fmt: skip
def test_units_that_go_along_are_told(options: Options, step: str) -> None:
    observed = seen(state=replace(RUNNING, along=("app.service", "b.service")))
    planned = plan(options, observed)
    told = result.result(result.Seen(options, planned, observed, observed, "system"), Masker())
    (action,) = (one for one in told["actions"] if one["action"] == step)
    assert action["along"] == ["app.service", "b.service"]
    assert "app.service: active\n" in told["diff"]["before"] and "# b.service: " in told["diff"]["after"]
    assert told["warnings"] == [f"The {step} of web.service takes along what requires it: app.service, b.service."]
    alone = plan(options, seen())
    assert not any("along" in one.shown for one in alone.steps)


def test_a_template_has_no_unit() -> None:
    options = Options("web@.container", "present", "content", {"web@.container": "x\n"})
    observed = Observed("/etc/containers/systemd", then=Generated())
    require_accepted(options, observed)
    assert [step.what for step in plan(options, observed).steps] == ["create", "reload"]
    made = Generated({"web@.container": Unit("web@.service", "web@.container")})
    there = {"web@.container": File("644", 100, "x\n")}
    read = Observed("/etc/containers/systemd", there, made, made, made.units["web@.container"], State("loaded"))
    assert plan(options, read).steps == ()
    assert [step.what for step in plan(options, replace(read, state=State())).steps] == ["reload"]


def test_what_is_not_accepted() -> None:
    refused = Generated(errors=("converting \"web.container\": unsupported key 'X'",))
    with pytest.raises(InvalidOption, match="unsupported key 'X'") as told:
        require_accepted(wanted(), seen(then=refused))
    assert told.value.option == "content"
    with pytest.raises(InvalidOption, match="does not say why"):
        require_accepted(wanted(), seen(then=Generated()))
    with pytest.raises(InvalidOption, match=r"10-a.conf"):
        require_accepted(
            wanted(texts={DROPIN: "x"}), seen(then=Generated(MADE.units, (f'error loading "{DROPIN}", line 1',)))
        )
    with pytest.raises(NoSuchQuadlet, match="no such file"):
        require_accepted(wanted(None), seen({}))
    require_accepted(wanted(None), seen(then=MADE))


@pytest.mark.parametrize("words", [
    "requested Quadlet source x.volume was not found", "requested Quadlet unit x.volume was not found",
    "quadlet pod unit x.volume does not exist", "unable to translate dependency for x.volume",
])  # fmt: skip
def test_another_quadlet_that_is_not_there(words: str) -> None:
    with pytest.raises(NeedsQuadlet, match=r"Install x\.volume first") as told:
        require_accepted(wanted(), seen(then=Generated(errors=(f'converting "{NAME}": {words}',))))
    assert told.value.needed == "x.volume"


def test_a_file_of_somebody_else_that_cannot_be_read() -> None:
    for path, ours in (("/etc/containers/systemd/bad.pod", True), ("/usr/share/containers/systemd/bad.pod", False)):
        wrong = Generated(errors=(f'error loading "{path}", file contains line 2: "x"',))
        with pytest.raises(InvalidOption, match="while another file is wrong") as told:
            require_accepted(wanted(), seen(now=wrong, then=wrong))
        assert told.value.option == "name" and f"{path} first" in told.value.hint
        assert ("name: bad.pod and state: absent" in told.value.hint) == ours


def test_two_quadlets_of_one_unit() -> None:
    other = Generated({"sub/web.container": replace(UNIT, source="sub/web.container")})
    with pytest.raises(InvalidOption, match=r"web\.service, and so is that of /etc/\S+/sub/web\.container") as told:
        require_accepted(wanted(), seen(now=other))
    assert told.value.option == "name" and "another name" in told.value.hint


def test_a_name_that_another_container_has() -> None:
    labels = {"PODMAN_SYSTEMD_UNIT": "web.service"}
    assert not is_others(None, ["web.service"])
    assert not is_others({"Config": {"Labels": labels}}, ["web.service"])
    assert is_others({"Config": {"Labels": labels}}, ["app.service"]) and is_others({"Config": {"Labels": None}}, [])
    for kind, remedy in (("pod", "PodName="), ("container", "ContainerName=")):
        taken = seen(state=STOPPED, taken=f"{kind} systemd-web")
        for options in (wanted(), wanted(None), wanted(state="present"), wanted(state="stopped")):
            with pytest.raises(EngineError, match=f"the {kind} systemd-web: one") as told:
                require_accepted(options, taken)
            assert told.value.kind == "name_in_use" and f"remote_{kind} with state: absent" in told.value.hint
            assert remedy in told.value.hint
    require_accepted(wanted(None, state="stopped"), taken)
    require_accepted(wanted(None, state="absent"), replace(taken, then=Generated()))


def test_a_name_that_another_unit_has() -> None:
    for options in (wanted(), wanted(None), wanted(state="present"), wanted(state="stopped")):
        with pytest.raises(EngineError, match=r"/usr/lib/systemd/system/web\.service") as told:
            require_accepted(options, seen(state=OTHERS))
        assert told.value.kind == "name_in_use"


def test_others_that_need_it() -> None:
    both = Generated({**MADE.units, "app.container": Unit("app.service", "app.container")})
    left = Generated(MADE.units, ('converting "app.container": requested Quadlet source x.volume was not found',))
    with pytest.raises(InvalidOption, match=r"no unit of app.container: converting"):
        require_accepted(wanted(), seen(now=both, then=left))
    with pytest.raises(EngineError, match=r"app.container") as told:
        require_accepted(wanted(None, state="absent"), seen(now=both, then=replace(left, units={})))
    assert told.value.kind == "dependents"
