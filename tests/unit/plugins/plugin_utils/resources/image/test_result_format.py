# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of an image's task as the engine tells it, beside those of community.docker's docker_image."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.info import present_and_missing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.result_format import Seen, engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Plan, Resource
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import ENGINE, Telling
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import MASK, Masker

IMAGE: dict[str, Any] = {
    "Id": "sha256:" + "1" * 64, "RepoTags": ["shop:1"], "Config": {"Env": ["API_KEY=t0p-s3cret"], "Labels": {"a": "b"}},
}  # fmt: skip
MASKED = {**IMAGE, "Config": {"Env": [f"API_KEY={MASK}"], "Labels": {"a": "b"}}}
OTHER = {**IMAGE, "Id": "sha256:" + "2" * 64}
RAW, CHECK = Telling(ENGINE), Telling(ENGINE, check=True, diff=True)
DIFF = Telling(ENGINE, diff=True)


def told(
    action: str, telling: Telling, before: Any = None, image: Any = "shop:1", *, changed: bool = True, **given: Any
) -> dict[str, Any]:
    image = IMAGE if image == "shop:1" else image
    options = Options("shop:1", source="pull", load_path="/a.tar", archive_path="/b.tar", **given)
    steps = (Resource("image", "shop:1").step(action, ""),) if action else ()
    return engine(Seen(options, Masker(), Plan(steps), changed, before, image, {"digest": "d", "stdout": "s"}), telling)


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("pull", "Pulled image shop:1"),
        ("load", "Loaded image shop:1 from /a.tar"),
        ("archive", "Archived image shop:1 to /b.tar"),
        ("tag", "Tagged image shop:1 to shop:1"),
        ("push", "Pushed image shop:1"),
    ],
)
def test_the_image_is_the_inspect_without_secrets_and_actions_are_texts(action: str, text: str) -> None:
    assert told(action, RAW) == {
        "changed": True, "actions": [text], "image": MASKED, "warnings": [], "stdout": "s",
    }  # fmt: skip


def test_a_removed_image_is_told_once_more_and_none_is_empty() -> None:
    removed = told("remove", DIFF, IMAGE, None, state="absent")
    assert removed["image"] == {**MASKED, "state": "Deleted"}
    assert removed["diff"] == {"before": {"id": IMAGE["Id"]}, "after": {"exists": False}}
    assert told("", RAW, None, None, changed=False, state="absent")["image"] == {}
    assert told("pull", CHECK, None, None)["image"] == {}


def test_a_diff_tells_the_images_ids_as_far_as_they_are_known() -> None:
    assert told("pull", DIFF, OTHER)["diff"] == {"before": {"id": OTHER["Id"]}, "after": {"id": IMAGE["Id"]}}
    assert told("pull", CHECK, None, None)["diff"] == {"before": {"exists": False}, "after": {"id": "unknown"}}
    assert told("", CHECK, IMAGE, IMAGE, changed=False)["diff"]["after"] == {"id": IMAGE["Id"]}
    assert "diff" not in told("pull", RAW)


def test_reading_images_gives_their_inspects() -> None:
    asked = {"name": ["shop:1"], "mask_env": True}
    assert present_and_missing({"shop:1": IMAGE}, asked, RAW)["images"] == [MASKED]
    assert present_and_missing({"shop:1": IMAGE}, {**asked, "mask_env": False}, RAW)["images"] == [IMAGE]
