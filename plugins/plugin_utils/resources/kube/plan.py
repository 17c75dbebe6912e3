# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: which steps lead from what is on the host to what the YAML asks for. Nothing happens here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from ...errors import EngineError, InvalidOption
from ...telling import listed
from ..pod.members import Member, current_state, others
from ..secret import plan as secret_plan
from ..secret.options import Data
from ..secret.options import Options as SecretOptions
from ..shared.labels import OWN_PREFIX
from ..shared.plan import Difference, Plan, Resource, Step, in_sequence
from ..shared.states import PAUSED, STOPPED
from ..shared.trial import trial_name
from .application import Application
from .comparison import Seen, differences, is_ours
from .label import KUBE_LABEL, label, owner
from .options import ABSENT, PRESENT, STARTED, Options
from .pods import ALWAYS, NEVER, Pod
from .reading import CONFIG_MAP, SECRET

FILES_LABEL = f"{OWN_PREFIX}kube.files"
_TAKE_OVER = "With force: true it is taken over, which removes what is there."


@dataclass(frozen=True)
class Observed:
    """What was read from the engine: pods by name, those that the YAML's workloads had under other names among them;
    secrets and volumes by name, None where there is none; the IDs of images by the names in the YAML.
    """

    pods: Mapping[str, Seen] = field(default_factory=dict)
    secrets: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    volumes: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """Steps with what they are for."""

    steps: tuple[Step, ...] = ()
    found: tuple[Difference, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def plan(wanted: Application, options: Options, observed: Observed, engine: Engine) -> Plan:
    """Decide what to do.

    :raises InvalidOption: something of the YAML's names was made by somebody else, and ``force`` is not given.
    :raises EngineError: kind ``dependents``: containers that somebody has put into a pod would go with it.
    """
    if options.state == ABSENT:
        return _joined([*_removals(wanted, options, observed)])
    parts = [*_secrets(wanted, options, observed, engine), *_claims(wanted, observed)]
    of_pods = [_pod(pod, wanted, options, observed, engine) for pod in wanted.pods]
    made = [pod for pod, part in zip(wanted.pods, of_pods, strict=True) if _makes(part)]
    stale = [_removal_of_pod(name, seen, "its workload has other pods now")
             for name, seen in observed.pods.items() if name not in {pod.name for pod in wanted.pods}]  # fmt: skip
    return _joined([*parts, *_pulls(made, observed), *stale, *of_pods])


def _makes(part: Parts) -> bool:
    return any(step.action in ("create", "recreate") for step in part.steps)


def _joined(parts: Sequence[Parts]) -> Plan:
    steps = in_sequence(step for part in parts for step in part.steps)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for part in parts:
        before |= part.before
        after |= part.after
    return Plan(steps, tuple(one for part in parts for one in part.found), before, after)


def _exists(resource: Resource, before: bool, after: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    return {str(resource): {"exists": before}}, {str(resource): {"exists": after}}


def _secrets(wanted: Application, options: Options, observed: Observed, engine: Engine) -> Iterator[Parts]:
    for name, data in wanted.secrets.items():
        found = observed.secrets.get(name)
        if found is not None and not _keeps_digest(found) and not options.force:
            words = f"there is a secret {name} on the host, which none of these tasks has made."
            raise InvalidOption("force", False, words, _TAKE_OVER)
        made = secret_plan.plan(SecretOptions(name, data=data), secret_plan.Observed(found), engine)
        this = str(Resource("secret", name))
        differs = tuple(Difference(f"{this}: {one.option}", one.before, one.after) for one in made.found)
        inner = ({this: dict(part)} if part else {} for part in (made.before, made.after))
        yield Parts(made.steps, differs, *inner)


def _keeps_digest(secret: Mapping[str, Any]) -> bool:
    return secret_plan.DIGEST_LABEL in secret_plan.described(secret)[2]


def _claims(wanted: Application, observed: Observed) -> Iterator[Parts]:
    for name, claim in wanted.claims.items():
        if observed.volumes.get(name) is None:
            this = Resource("volume", name)
            step = this.step("create", "there is no such volume", {"document": json.dumps(claim).encode()})
            yield Parts((step,), (), *_exists(this, before=False, after=True))


def _pulls(made: Sequence[Pod], observed: Observed) -> Iterator[Parts]:
    """Images come before a pod goes."""
    images: dict[str, str] = {}
    for pod in made:
        for image, policy in pod.images.items():
            images[image] = policy if policy == ALWAYS else images.get(image, policy)
    for image, policy in images.items():
        missing = image not in observed.images
        if policy == ALWAYS or (missing and policy != NEVER):
            reason = "it is not there" if missing else "imagePullPolicy is Always"
            yield Parts((Resource("image", image).step("pull", reason),))


def _pod(pod: Pod, wanted: Application, options: Options, observed: Observed, engine: Engine) -> Parts:
    this, seen = Resource("pod", pod.name), observed.pods.get(pod.name)
    if seen is None:
        _require_own_files(pod, wanted, options, observed)
        step = this.step("create", "there is no such pod", _playing(pod, options, options.state == STARTED, ""))
        return Parts((step,), (), *_exists(this, before=False, after=True))
    _require_own(pod.name, seen, options)
    found = differences(pod, seen, observed.images, engine) if owner(seen.labels) is not None else ()
    taken_over = owner(seen.labels) is None
    if found or taken_over or options.recreate:
        _require_own_files(pod, wanted, options, observed)
        return _recreation(this, pod, options, seen, found, taken_over)
    steps = tuple(_to_state(this, pod, options, seen))
    if not steps:
        return Parts()
    state = current_state(seen.members)
    return Parts(steps, (), {str(this): {"state": state}}, {str(this): {"state": options.state}})


def _require_own(name: str, seen: Seen, options: Options) -> None:
    if owner(seen.labels) is None and not options.force:
        words = f"there is a pod {name} on the host, which none of these tasks has made."
        raise InvalidOption("force", False, words, _TAKE_OVER)


def _require_own_files(pod: Pod, wanted: Application, options: Options, observed: Observed) -> None:
    for name in pod.files:
        volume = observed.volumes.get(name)
        if volume is not None and FILES_LABEL not in (volume.get("Labels") or {}) and not options.force:
            kind = wanted.files.get(name, CONFIG_MAP)
            words = f"the files of the {kind} {name} would be written into the volume {name}, which is there already."
            raise InvalidOption(
                "force", False, words, "Rename one of them, or write them there all the same with force: true."
            )


def _recreation(
    this: Resource, pod: Pod, options: Options, seen: Seen, found: tuple[Difference, ...], taken_over: bool
) -> Parts:
    strange = _strangers(pod, seen)
    if strange and not (options.force or options.recreate):
        raise EngineError(
            f"The pod {pod.name} can't be changed ({', '.join(one.option for one in found)}), and a new one would not "
            f"have what others have put into it: {listed(strange)}. Nothing was changed.",
            hint="With force: true the pod is made anew and these are removed with it.",
            kind="dependents",
        )
    was = current_state(seen.members)
    starts = options.state == STARTED or (options.state == PRESENT and was != STOPPED)
    reasons = [f"{one.option.partition(': ')[2]} differs" for one in found]
    reason = ", ".join(reasons) or ("somebody else has made it" if taken_over else "recreate is true")
    args = _playing(pod, options, starts, str(seen.pod["Id"]))
    step = this.step("recreate", reason, args, {"removed": strange} if strange else {})
    return Parts((step,), found, {str(this): {"recreated": False}}, {str(this): {"recreated": True}})


def _strangers(pod: Pod, seen: Seen) -> list[str]:
    """The names of containers in the pod that were not made with it."""
    known = {container.name for container in pod.containers}
    return [
        name
        for name in others(seen.members)
        if name not in known and not is_ours(seen.inspects.get(name, {}), seen)
    ]  # fmt: skip


def _playing(pod: Pod, options: Options, starts: bool, identity: str) -> dict[str, Any]:
    """The arguments with which a pod is made; ``trial`` shows beforehand whether Podman takes it."""
    trial = {**pod.body, "metadata": {**pod.body["metadata"], "name": trial_name(pod.name)}}
    return {
        "documents": _documents(pod.body, pod.config_maps, label(pod)),
        "trial": _documents(_without_files(trial, pod.files), (), "") if identity else Data(),
        "query": _query(options, starts),
        "files": pod.files,
        "identity": identity,
        "containers": tuple(one.name for one in pod.containers if one.stays),
    }


def _documents(body: Mapping[str, Any], config_maps: Sequence[Mapping[str, Any]], text: str) -> Data:
    metadata = dict(body["metadata"])
    if text:
        metadata["labels"] = {**metadata["labels"], KUBE_LABEL: text}
    whole = [*config_maps, {**body, "metadata": metadata}]
    return Data("\n---\n".join(json.dumps(one) for one in whole).encode())


def _without_files(body: Mapping[str, Any], files: Sequence[str]) -> dict[str, Any]:
    """A pod without its volumes of files, whose old content a trial would change."""
    spec = dict(body["spec"])
    gone = {
        volume["name"] for volume in spec.get("volumes", ()) if volume.get("configMap", {}).get("name") in set(files)
    }
    spec["volumes"] = [volume for volume in spec.get("volumes", ()) if volume["name"] not in gone]
    for part in ("containers", "initContainers"):
        if part in spec:
            spec[part] = [
                {**one, "volumeMounts": [mount for mount in one.get("volumeMounts", ()) if mount["name"] not in gone]}
                for one in spec[part]
            ]
    return {**body, "spec": spec}


def _query(options: Options, starts: bool) -> dict[str, Any]:
    given = options.given
    query: dict[str, Any] = {"start": str(starts).lower()}
    if given.get("networks"):
        query["network"] = list(given["networks"])
    if given.get("log_driver"):
        query["logDriver"] = given["log_driver"]
    if given.get("log_options"):
        query["logOptions"] = [f"{name}={value}" for name, value in given["log_options"].items()]
    return query


def _to_state(this: Resource, pod: Pod, options: Options, seen: Seen) -> Iterator[Step]:
    members, identity = seen.members, str(seen.pod["Id"])
    state = current_state(members)
    if options.state == PRESENT:
        return
    if any(member.state == PAUSED for member in members):
        yield this.step("unpause", "it is paused", {"identity": identity, "members": ()})
    if options.state != STARTED:
        if state != STOPPED:
            running = tuple(sorted((one for one in members if not one.idle), key=lambda one: one.infra))
            alone = () if len(running) == len(members) else running
            yield this.step("stop", "it runs", {"identity": identity, "members": alone})
        return
    late = to_start(pod, members)
    if late:
        names = [member.name for member in late]
        whole = len(late) == len([one for one in members if not one.infra])
        reason = "it does not run" if whole else "not all of it runs"
        args = {"identity": identity, "members": () if whole else late}
        yield this.step("start", reason, args, {} if whole else {"containers": names})


def to_start(pod: Pod, members: Sequence[Member]) -> tuple[Member, ...]:
    """Those that should run and don't: what has ended well is started again only where restartPolicy is Always."""
    known = {container.name for container in pod.containers}
    return tuple(
        member
        for member in members
        if not member.infra
        and member.name in known
        and member.idle
        and (pod.restart == ALWAYS or not member.ended_well)
    )


def _removals(wanted: Application, options: Options, observed: Observed) -> Iterator[Parts]:
    for name, seen in reversed(list(observed.pods.items())):
        _require_own(name, seen, options)
        yield _removal_of_pod(name, seen, "state is absent")
    for name, volume in observed.volumes.items():
        if volume is None:
            continue
        files = name in wanted.files and FILES_LABEL in (volume.get("Labels") or {})
        if files or (options.remove_volumes and name in wanted.claims):
            this = Resource("volume", name)
            reason = f"it has the files of a {wanted.files[name]}" if files else "remove_volumes is true"
            yield Parts((this.step("remove", reason),), (), *_exists(this, before=True, after=False))
    for name, secret in observed.secrets.items():
        if secret is None or name not in wanted.secrets:
            continue
        if _keeps_digest(secret) or options.force:
            this = Resource(SECRET.lower(), name)
            step = this.step("remove", "state is absent", {"identity": secret["ID"]})
            yield Parts((step,), (), *_exists(this, before=True, after=False))


def _removal_of_pod(name: str, seen: Seen, reason: str) -> Parts:
    this, names = Resource("pod", name), others(seen.members)
    step = this.step("remove", reason, {"identity": seen.pod["Id"]}, {"removed": names} if names else {})
    return Parts((step,), (), *_exists(this, before=True, after=False))
