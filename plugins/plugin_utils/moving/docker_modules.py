# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of community.docker's modules: options that have another name, value or no equal here.

An option that is in no table has its own name here.
"""

from __future__ import annotations

import re

from .conversions import (
    ByHand,
    Conversion,
    Depends,
    Given,
    Impossible,
    Written,
    boolean,
    dropped,
    renamed,
    scalar,
)
from .moves import NOTHING, ON_CONTROLLER, Moves, one_of
from .values import Leaf, leaf, lines_of


def _existing(given: Given) -> Written:
    kept = scalar(given["existing_images"], "existing_images") if "existing_images" in given else leaf("overwrite")
    if kept.templated:
        raise Depends("force_tag: true is existing_images: overwrite, and its value a template.")
    return {**_TAGGED.write(given), **({} if kept.value == "keep" else {"force_tag": boolean(True)})}


_TAGGED = one_of("repository", "repository", "One name in a task: use a loop over them.")


def _always_pulled(given: Given) -> Written:
    value = scalar(given["pull"], "pull") if "pull" in given else leaf("always")
    if value.templated:
        raise Depends("force_source: true is pull: always, and its value a template.")
    written: Written = {"force_source": boolean(True)} if value.value == "always" else {}
    return {**written, **({"pull": {"platform": given["platform"]}} if "platform" in given else {})}


def _mode(given: Given) -> Written:
    mode = given["mode"]
    if "mode_parse" in given or not isinstance(mode, Leaf) or not mode.is_text:
        return {"mode": mode}
    return {"mode": mode, "mode_parse": leaf("legacy")}


def _build_unless_pulled(given: Given) -> Written:
    source = given.get("source")
    if isinstance(source, Leaf) and source.value == "build":
        raise ByHand(f"its path: {ON_CONTROLLER}", lines_of({"build": given["build"]}))
    return {"build": given["build"]}


_BUILD = (
    "path", "dockerfile", "args", "cache_from", "etc_hosts", "labels", "network", "nocache", "pull", "shm_size",
    "target",
)  # fmt: skip


def _expression(text: str) -> str:
    """What a template computes, where it is nothing but one; else ''."""
    found = re.fullmatch(r"\{\{-?(.*?)-?\}\}", text.strip(), re.DOTALL)
    return f"({found[1].strip()})" if found and "{{" not in found[1] else ""


def _built(given: Given) -> Written:
    if missing := [name for name in ("outputs", "secrets") if name in given]:
        raise Impossible(f"{' and '.join(missing)}: {NOTHING}")
    build = {name: given[name] for name in _BUILD if name in given}
    if "platform" in given:
        build |= one_of("platform", "platform", "One platform in a build.").write(given)
    forced: Written = {}
    if "rebuild" in given and (rebuild := scalar(given["rebuild"], "rebuild")).value != "never":
        expression = _expression(rebuild.value)
        forced["force_source"] = leaf(f"{{{{ {expression} == 'always' }}}}") if expression else boolean(True)
    raise ByHand(f"build is a dictionary, and its path: {ON_CONTROLLER}", lines_of({"build": build, **forced}))


MOVES: dict[str, Moves] = {
    "docker_container": Moves(paths=("env_file",)),
    "docker_container_copy_into": Moves((Conversion(("mode",), _mode, also=("mode_parse",)),)),
    "docker_host_info": Moves(
        none={
            **{f"{one}s{end}": f"Ask remote_{one}_info." for one in ("container", "image", "network", "volume")
               for end in ("", "_filters")},
            "containers_all": "remote_container_info always has all.",
        },
        conversions=(dropped("verbose_output"),),
    ),
    "docker_image": Moves(
        (Conversion(("build",), _build_unless_pulled, also=("source",)),), paths=("load_path", "archive_path")
    ),
    "docker_image_build": Moves(
        (Conversion((*_BUILD, "rebuild", "outputs", "secrets", "platform"), _built),), added={"source": leaf("build")}
    ),
    "docker_image_export": Moves(
        (one_of("names", "name", "One image in a task: use a loop over them."), renamed("path", "archive_path"),
         dropped("force")),
        none={"platform": NOTHING}, added={"source": leaf("local")}, paths=("path",),
    ),
    "docker_image_load": Moves(
        (renamed("path", "load_path"),), added={"source": leaf("load"), "name": leaf("NAME")}, paths=("path",)
    ),
    "docker_image_pull": Moves(
        (Conversion(("pull", "platform"), _always_pulled, always=True),), added={"source": leaf("pull")}
    ),
    "docker_image_push": Moves(added={"source": leaf("local"), "push": boolean(True)}),
    "docker_image_remove": Moves((renamed("force", "force_absent"),), added={"state": leaf("absent")}),
    "docker_image_tag": Moves(
        (Conversion(("repository", "existing_images"), _existing),), added={"source": leaf("local")}
    ),
    "docker_prune": Moves(added={"only_ours": boolean(False)}),
}  # fmt: skip
