# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random values for every option of a container, each in several notations of the same meaning.

A drawn value is a tuple of notations, the plain one first. What counts as different is decided here by the plain
notations alone, not by the code under test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.table import BY_NAME

Notations = tuple[Any, ...]
NETWORKS = ("drift-front", "drift-back", "drift-third")
VOLUMES = ("drift-one", "drift-two")
OTHER = "drift-other"  # another container
MOST_NOTATIONS = 4


@dataclass(frozen=True)
class Site:
    """Where the values are for: the engine, the first of 20 ports of the host, the ID of the container ``OTHER``, and
    whether the host has limits for containers.
    """

    engine: Engine
    port: int = 18700
    other: str = "0" * 64
    cpus: int = 2
    limits: bool = True


Draw = Callable[[Random, Site], Notations]


def of(*values: Any) -> Draw:
    """One of some values, each a tuple of notations or a single one."""
    return lambda random, site: _notations(random.choice(values))


def _notations(value: Any) -> Notations:
    return value if isinstance(value, tuple) else (value,)


def some(*elements: Any, most: int = 3) -> Draw:
    """A list of some elements, in all kinds of notations."""

    def draw(random: Random, site: Site) -> Notations:
        chosen = [_notations(one) for one in random.sample(elements, random.randint(1, min(most, len(elements))))]
        return listed(random, chosen)

    return draw


def listed(random: Random, elements: list[Notations]) -> Notations:
    plain = [element[0] for element in elements]
    return (plain, *([random.choice(element) for element in elements] for _number in range(MOST_NOTATIONS - 1)))


def mapped(**choices: tuple[Any, ...]) -> Draw:
    """A dict of some keys (with _ for . and /), each with one of its values."""

    def draw(random: Random, site: Site) -> Notations:
        keys = random.sample(list(choices), random.randint(1, len(choices)))
        chosen = {key.replace("__", "."): _notations(random.choice(choices[key])) for key in keys}
        plain = {key: notations[0] for key, notations in chosen.items()}
        return plain, *({key: random.choice(n) for key, n in chosen.items()} for _number in range(MOST_NOTATIONS - 1))

    return draw


def number(lowest: int, highest: int) -> Draw:
    def draw(random: Random, site: Site) -> Notations:
        value = random.randint(lowest, highest)
        return value, str(value)

    return draw


def mebibytes(lowest: int, highest: int) -> Draw:
    return lambda random, site: size(random.randint(lowest, highest))


def size(mib: int) -> Notations:
    return f"{mib}M", f"{mib}m", f"{mib}MiB", f"{mib * 1024}k", mib * 1024**2, str(mib * 1024**2), f"{mib / 1024}G"


BOOLEAN = of((True, "yes", "true", "on"), (False, "no", "false", "off"))


def cpus(random: Random, site: Site) -> Notations:
    thousandths = random.randint(100, 1000 * site.cpus)
    value = thousandths / 1000
    return value, str(value), f"{value:.3f}"


def cpuset(random: Random, site: Site) -> Notations:
    chosen = sorted(random.sample(range(site.cpus), random.randint(1, site.cpus)))
    names = [str(one) for one in chosen]
    ranges = (f"{chosen[0]}-{chosen[-1]}",) if len(chosen) == chosen[-1] - chosen[0] + 1 else ()
    return ",".join(names), ",".join(reversed(names)), ", ".join(names), *ranges


def command(random: Random, site: Site) -> Notations:
    seconds = random.randint(1000, 9999)
    return ["sleep", str(seconds)], f"sleep {seconds}", f"  sleep '{seconds}' ", ["sleep", seconds]


def entrypoint(random: Random, site: Site) -> Notations:
    return (random.choice([["/bin/busybox"], ["busybox"], ["/bin/busybox", "sh", "-c", 'exec "$0" "$@"', "busybox"]]),)


def ports(random: Random, site: Site) -> Notations:
    outside = random.sample(range(site.port, site.port + 20), 3)
    inside = random.sample(range(80, 90), 3)
    elements: list[Notations] = [
        (f"{outside[0]}:{inside[0]}", f"{outside[0]}:{inside[0]}/tcp", f"0.0.0.0:{outside[0]}:{inside[0]}",
         f"{outside[0]}-{outside[0]}:{inside[0]}/TCP"),
        (f"127.0.0.1:{outside[1]}:{inside[1]}/udp", f"127.0.0.1:{outside[1]}:{inside[1]}/UDP"),
        (f"127.0.0.1:{outside[2]}:{inside[2]}", f"127.0.0.1:{outside[2]}:{inside[2]}/tcp"),
    ]  # fmt: skip
    return listed(random, random.sample(elements, random.randint(1, 3)))


def exposed_ports(random: Random, site: Site) -> Notations:
    """None that ``ports`` publishes, which exposes it too."""
    known = [
        ("71", "71/tcp", "71/TCP"),
        ("72/udp", "72-72/udp"),
        "73",
        *([] if site.engine.name == "podman" else ["74/sctp"]),
    ]
    return some(*known)(random, site)


def networks(random: Random, site: Site) -> Notations:
    def endpoint(name: str) -> Notations:
        aliases = random.sample(["db", "web", "cache"], random.randint(0, 2))
        plain = {"name": name, "aliases": aliases} if aliases else {"name": name}
        return plain, {**plain, "aliases": aliases[::-1]}

    return listed(random, [endpoint(name) for name in random.sample(NETWORKS, random.randint(1, 2))])


def network_mode(random: Random, site: Site) -> Notations:
    modes = [("bridge", "default"), ("none",), ("host",), (f"container:{OTHER}", f"container:{site.other}")]
    return random.choice([*modes, *((name,) for name in NETWORKS)])


def devices(random: Random, site: Site) -> Notations:
    def device(number: int) -> Notations:
        source, rights = random.choice(["null", "zero", "full"]), random.choice([("rwm", "mrw"), ("r",)])
        path = f"/dev/{source}:/dev/mine{number}"
        return *(f"{path}:{right}" for right in rights), *([path] if rights[0] == "rwm" else [])

    return listed(random, [device(one) for one in random.sample(range(4), 2)])


def rates(unit: bool) -> Draw:
    def draw(random: Random, site: Site) -> Notations:
        path, value = random.choice(["/dev/null", "/dev/zero"]), random.randint(1, 50)
        plain = ({"path": path, "rate": rate} for rate in (size(value) if unit else (value, str(value))))
        return tuple([one] for one in plain)

    return draw


def healthcheck(random: Random, site: Site) -> Notations:
    if random.random() < 0.1:
        return {"test": "NONE"}, {"test": ["NONE"]}, {"retries": 3}
    word, seconds = random.choice(["true", "echo up"]), random.randint(61, 119)
    plain = {"test": word, "interval": f"{seconds}s", "retries": random.randint(4, 9)}
    more = {"timeout": "7s"} if random.random() < 0.5 else {}
    other = {"test": ["CMD-SHELL", word], "interval": f"1m{seconds - 60}s", "retries": str(plain["retries"])}
    return {**plain, **more}, {**other, **more}, {**plain, **more, "interval": f"{seconds * 1000}ms"}


def volumes(random: Random, site: Site) -> Notations:
    source = random.choice(VOLUMES)
    elements: list[Notations] = [
        (f"{source}:/v1", f"{source}:/v1:rw", f"{source}:/v1/"), (f"{source}:/v1:ro",),
        ("/srv:/v2:ro", "/srv/:/v2/:ro", "/srv:/v2:ro,rprivate"), ("/srv:/v2", "/srv:/v2:rw", "/srv:/v2:rw,rprivate"),
        ("/tmp:/v3:rslave", "/tmp:/v3:rw,rslave"), ("/v4", "/v4/"),
    ]  # fmt: skip
    chosen = random.sample([elements[random.choice([0, 1])], elements[random.choice([2, 3])], *elements[4:]], 2)
    return listed(random, chosen)


def tmpfs(random: Random, site: Site) -> Notations:
    mib = random.randint(1, 16)
    plain = f"/t{random.randint(1, 2)}:size={mib}m,mode=1777"
    return [plain], [plain.replace(f"{mib}m", f"{mib * 1024}k")], [f"{plain},rw"], [plain.replace("=1777", "=01777")]


def mounts(random: Random, site: Site) -> Notations:
    def flag(**mount: Any) -> Notations:
        chosen = random.choice([True, False])
        other = {**mount, "read_only": "yes" if chosen else "no"}
        return {**mount, "read_only": chosen}, other, *([] if chosen else [mount])

    mib = random.randint(1, 16)
    in_memory = {"target": "/m/tmpfs", "type": "tmpfs", "tmpfs_mode": "1777"}
    elements = [
        flag(target="/m/bind", source="/srv", type="bind", propagation="rslave"),
        flag(target="/m/volume", source=random.choice(VOLUMES), no_copy=True),
        tuple({**in_memory, "tmpfs_size": notation} for notation in size(mib)),
    ]
    return listed(random, random.sample(elements, random.randint(1, 3)))


def security_opts(random: Random, site: Site) -> Notations:
    elements = [("no-new-privileges", "no-new-privileges:true", "no-new-privileges=true")]
    if site.engine.name != "podman" or site.engine.version >= (5,):
        elements.append(("apparmor=unconfined", "apparmor:unconfined"))
    return listed(random, random.sample(elements, random.randint(1, len(elements))))


def log_driver(random: Random, site: Site) -> Notations:
    to_files = ("json-file", "k8s-file") if site.engine.name == "podman" else ("json-file",)
    return random.choice([to_files, ("journald",), ("none",)])


def pid_mode(random: Random, site: Site) -> Notations:
    return random.choice([("host",), ("",), (f"container:{OTHER}", f"container:{site.other}")])


def cdi(number: int) -> Notations:
    return [{"driver": "cdi", "device_ids": [f"lab.example/device={number}"]}], [
        {"driver": "cdi", "device_ids": [f"lab.example/device={number}"], "capabilities": [], "options": {}}
    ]


def addresses(*names: str) -> Draw:
    def draw(random: Random, site: Site) -> Notations:
        keys = random.sample(names, random.randint(1, len(names)))
        chosen = {key: random.randint(2, 200) for key in keys}
        plain = {key: f"10.2.2.{end}" if end % 2 else f"2001:db8::{end:x}" for key, end in chosen.items()}
        other = {key: f"10.2.2.{end}" if end % 2 else f"2001:DB8:0:0:0:0:0:{end:x}" for key, end in chosen.items()}
        return plain, other

    return draw


_CAPABILITIES = ("NET_ADMIN", "SYS_TIME", "SYS_NICE", "SYS_PTRACE", "IPC_LOCK")
_DROPPED = ("KILL", "SETUID", "SETGID", "CHOWN", "FOWNER", "SETPCAP")


def capability(name: str) -> Notations:
    return name, f"CAP_{name}", name.lower(), f"cap_{name.lower()}"


_ALL = (["ALL"], ["all"])

DRAWS: dict[str, Draw] = {
    "command": command,
    "entrypoint": entrypoint,
    "env": mapped(
        A=("1", "2", "", "a=b"), MODE=("fast", "Fast", "a b ", "ü"), HOME=("/opt", "/tmp"), DB_PASSWORD=("x1", "x2"),
        COLOR=("red", "green"),
    ),
    "labels": mapped(a=("1", "2", ""), com__example__b=("x", "X", "a b")),
    "published_ports": ports,
    "exposed_ports": exposed_ports,
    "publish_all_ports": BOOLEAN,
    "volumes": volumes,
    "tmpfs": tmpfs,
    "network_mode": network_mode,
    "networks": networks,
    "restart_policy": of("no", "always", "unless-stopped", "on-failure"),
    "restart_retries": number(1, 9),
    "user": of("web", "root", "web:web", ("33", 33), "33:33"),
    "working_dir": of(("/tmp", "/tmp/"), ("/srv", "/srv/"), "/", ("/etc", "/etc/")),
    "hostname": of("h1", "H1", "h2.example"),
    "memory": mebibytes(64, 128),
    "cpus": cpus,
    "privileged": BOOLEAN,
    "capabilities": some(*map(capability, _CAPABILITIES)),
    "cap_drop": lambda random, site: _ALL if random.random() < 0.2 else some(*map(capability, _DROPPED))(random, site),
    "read_only": BOOLEAN,
    "stop_timeout": number(1, 60),
    "blkio_weight": number(10, 1000),
    "cpu_period": number(20000, 100000),
    "cpu_quota": number(10000, 20000),
    "cpu_shares": number(100, 2000),
    "cpuset_cpus": cpuset,
    "cpuset_mems": of(("0", "0-0", " 0")),
    "kernel_memory": mebibytes(20, 60),
    "memory_reservation": mebibytes(16, 60),
    "memory_swap": lambda random, site: random.choice(
        [size(random.randint(256, 500))] + ([] if site.engine.name == "podman" else [("-1", "unlimited", -1)])
    ),
    "memory_swappiness": number(1, 100),
    "pids_limit": lambda random, site: random.choice([number(50, 500)(random, site), (-1, "-1", 0)]),
    "oom_killer": BOOLEAN,
    "oom_score_adj": number(1, 999),
    "shm_size": mebibytes(16, 64),
    "ulimits": some(
        ("nofile:1000:2000", "NOFILE=1000:2000"), ("nproc:100", "nproc:100:100"), ("core=0", "core:0:0"), "stack:9:99"
    ),
    "device_read_bps": rates(True),
    "device_read_iops": rates(False),
    "device_write_bps": rates(True),
    "device_write_iops": rates(False),
    "devices": devices,
    "device_requests": lambda random, site: cdi(random.randint(0, 9)),
    "device_cgroup_rules": of((["c 42:* rwm"], ["c 42:* mrw"]), ["c 43:1 r"], (["b 8:* rw", "c 1:1 r"],)),
    "healthcheck": healthcheck,
    "log_driver": log_driver,
    "log_options": mapped(**{"max-size": ("1m", "2m"), "max-file": ((2, "2"), (3, "3"))}),
    "mounts": mounts,
    "volume_driver": of("local", ""),
    "volumes_from": of(([OTHER], [f"{OTHER}:rw"]), [f"{OTHER}:ro"]),
    "dns_servers": of(["10.1.1.1"], ["10.1.1.2", "10.1.1.1"], ["10.1.1.1", "10.1.1.2"],
                      (["2001:db8::1"], ["2001:DB8:0::1"])),
    "dns_opts": some("ndots:2", "timeout:3", "rotate"),
    "dns_search_domains": of(["a.example", "b.example"], ["b.example", "a.example"], ["c.example"]),
    "domainname": of("a.example", "b.example"),
    "etc_hosts": addresses("db", "cache.example"),
    "mac_address": of(("92:d0:c6:0a:29:33", "92-D0-C6-0A-29-33"), ("92:d0:c6:0a:29:34", "92:D0:c6:0A:29:34")),
    "links": some((f"{OTHER}:one",), (f"{OTHER}:two",), (OTHER, f"{OTHER}:{OTHER}")),
    "cgroup_parent": of("labone.slice", "labtwo.slice"),
    "cgroupns_mode": of("host", "private"),
    "ipc_mode": of("private", "shareable", "none", "host"),
    "pid_mode": pid_mode,
    "userns_mode": of("host", ""),
    "uts": of("host", ""),
    "auto_remove": BOOLEAN,
    "groups": some("33", "34", "35"),
    "init": BOOLEAN,
    "interactive": BOOLEAN,
    "tty": BOOLEAN,
    "runtime": of("runc", "io.containerd.runc.v2"),
    "security_opts": security_opts,
    "stop_signal": of(("SIGINT", "INT", "int", "2", 2), ("SIGUSR1", "10"), ("SIGQUIT", "quit"), ("SIGRTMIN+3", "37")),
    "sysctls": mapped(
        net__core__somaxconn=((99, "99"), (100, "100")), net__ipv4__ip_unprivileged_port_start=((0, "0"), 99)
    ),
    "annotations": mapped(team=("shop", "bank"), tier=("front", ("1", 1))),
    "gidmap": of(["0:100000:5000"], ["0:200000:5000"]),
    "healthcheck_failure_action": of("kill", "stop", "none"),
    "image_volumes": of("ignore", "tmpfs"),
    "run_timeout": number(1000, 2000),
    "startup_healthcheck": of({"test": "exit 0"}, {"test": "exit 0", "interval": "7s", "successes": 2}),
    "systemd": of("false", "true"),
    "timezone": of("UTC", "local"),
    "uidmap": of(["0:100000:5000"], ["0:200000:5000"]),
    "umask": of(("0027", "27"), ("0077", "077")),
    "unsetenv": some("COLOR", "NOTHING"),
    "unsetenv_all": BOOLEAN,
    "cgroups": of("disabled", "no-conmon", "enabled"),
    "group_entry": of("shop:x:7:", "bank:x:7:"),
    "hostusers": some("games", "news"),
    "no_hosts": BOOLEAN,
    "passwd": BOOLEAN,
    "passwd_entry": of("shop:x:7:7::/:/bin/sh", "bank:x:7:7::/:/bin/sh"),
    "read_only_tmpfs": BOOLEAN,
    "shm_size_systemd": mebibytes(1, 9),
    "sdnotify": of("ignore", "conmon", "container"),
    "requires": of([OTHER]),
    "chrootdirs": some("/srv/a", "/srv/b"),
    "hosts_file": of("/etc/hostname", "none", "image"),
    "no_hostname": BOOLEAN,
    "init_path": of("/bin/true", "/bin/false"),
    "health_log_destination": of("events_logger", "/tmp", "local"),
    "health_max_log_count": number(0, 9),
    "health_max_log_size": number(0, 999),
    "personality": of("LINUX", "LINUX32"),
    "seccomp_policy": of("default"),
    "cgroup_conf": mapped(cgroup__max__depth=(("5", 5), "6")),
}  # fmt: skip
# Not generated, with the reason.
LEFT_OUT = {
    "pod": "has a test of its own, because it excludes many others",
    "secrets": "has a test of its own, which makes some",
    "storage_opts": "needs a file system with quotas, which the lab's hosts don't have",
}

_LIMITS = (
    "memory memory_reservation memory_swap memory_swappiness cpus cpu_period cpu_quota cpu_shares cpuset_cpus "
    "cpuset_mems pids_limit blkio_weight oom_killer device_read_bps device_read_iops device_write_bps device_write_iops"
)
# Together, one of them would be refused by an engine or hide the other.
_APART = (
    ("cpus", "cpu_period cpu_quota"),
    ("network_mode", "networks published_ports publish_all_ports exposed_ports hostname domainname mac_address links "
     "dns_servers dns_opts dns_search_domains etc_hosts sysctls uts"),
    ("networks", "mac_address links"),
    ("uts", "hostname domainname"),
    ("auto_remove", "restart_policy restart_retries"),
    ("privileged", "capabilities cap_drop security_opts devices device_cgroup_rules userns_mode"),
    ("pid_mode", "init"),
    ("ipc_mode", "shm_size"),
    ("published_ports", "publish_all_ports"),
    ("userns_mode", "uidmap gidmap"),
    ("uidmap", "gidmap"),
    ("no_hosts", "etc_hosts hosts_file"),
    ("init_path", "pid_mode"),
    ("image_volumes", "volumes_from"),
    ("cgroups", "cgroup_parent " + _LIMITS),
)  # fmt: skip
APART = frozenset(frozenset((one, other)) for one, others in _APART for other in others.split())
# What goes along with an option, and is not changed meanwhile unless with ALONG.
NEEDS: dict[str, tuple[str, Any]] = {
    "restart_retries": ("restart_policy", "on-failure"),
    "log_options": ("log_driver", "json-file"),
    "memory_swap": ("memory", None),
    "kernel_memory": ("memory", None),
    "oom_killer": ("memory", None),
    "entrypoint": ("command", None),
    "healthcheck_failure_action": ("healthcheck", None),
    "startup_healthcheck": ("healthcheck", None),
    "init_path": ("init", True),
}
# Options of containers that run: those that the lab's hosts can start a container with.
_RUNS = (
    "command entrypoint env labels published_ports exposed_ports volumes tmpfs networks restart_policy restart_retries "
    "user working_dir hostname memory cpus capabilities read_only blkio_weight cpu_period cpu_quota "
    "cpu_shares cpuset_cpus memory_reservation memory_swap pids_limit oom_score_adj shm_size dns_servers etc_hosts "
    "groups tty interactive stop_signal log_driver log_options mounts kernel_memory"
)
RUNS = frozenset(_RUNS.split())


def together(option: str, others: Mapping[str, Any]) -> bool:
    """Whether an option can stand beside others."""
    return not any(frozenset((option, other)) in APART for other in others)


def differs(option: str, old: Any, new: Any, engine: Engine) -> bool:
    """Whether a container made with a plain value is not what another plain one asks for, where more is allowed."""
    kind = BY_NAME[option].kind
    if option == "networks":
        aliases = {one["name"]: {"", *one.get("aliases", ())} for one in old}
        return any(not {"", *one.get("aliases", ())} <= aliases.get(one["name"], set()) for one in new)
    if option == "devices" and engine.name == "podman":  # it does not tell the permissions
        old, new = ([one.rpartition(":")[0] for one in value] for value in (old, new))
    if option == "cpuset_cpus" and engine.name == "podman":
        # With cgroup v1, its runtime can't give a container that runs more than it had (seen with crun's own command).
        had, has = (set(BY_NAME[option].parse(option, value).split(",")) for value in (old, new))
        return has < had
    if kind == "set" and old == ["ALL"]:
        return new != old and engine.name != "podman"  # it tells what a container has, and not what was asked for
    if kind in ("set", "dict") and isinstance(new, list):
        return any(element not in old for element in new)
    return any(old.get(key) != value for key, value in new.items()) if kind == "dict" else bool(old != new)


def in_other_words(option: str, value: Notations, random: Random) -> Any:
    """The same value in another notation, and in another order where order has no meaning."""
    notation = random.choice(value)
    if BY_NAME[option].kind in ("set", "dict"):
        if isinstance(notation, list):
            return random.sample(notation, len(notation))
        if isinstance(notation, dict):
            return dict(random.sample(list(notation.items()), len(notation)))
    return notation
