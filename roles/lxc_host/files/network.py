# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network of LXC hosts on their parent: look and choose (``plan``), make (``up``), remove (``down``).

Standard library only. The role runs ``plan`` from standard input, so that looking leaves nothing on the parent; ``up``
runs from the copy in STATE, also as a pre-start hook of every host, so that the bridge is there after a reboot too.
Each command prints one JSON object; ``up`` and ``down`` say in ``changed`` whether they did anything.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import ipaddress
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STATE = Path("/var/lib/sshfleet-lxc")  # one <bridge>.json per bridge, and the ip_forward that was there before us
LOCK = Path("/run/lock/sshfleet-lxc")
MARKER = "sshfleet.json"  # in the folder of every host that the role made
FORWARD = Path("/proc/sys/net/ipv4/ip_forward")
SYSTEMD_RESOLVED = Path("/run/systemd/resolve/resolv.conf")
FIRST_HOST = 11  # .1 is the gateway; .2 to .10 stay free for people who give addresses themselves
Network = ipaddress.IPv4Network


class RefusedError(Exception):
    """A value that cannot be used: option, value, what is wrong with it, and what to do."""

    def __init__(self, option: str, value: object, problem: str, remedy: str) -> None:
        super().__init__(f"Option '{option}' has the value '{value}': {problem} {remedy}")


def run(*argv: str, stdin: str = "") -> str:
    return subprocess.run(argv, input=stdin, check=True, capture_output=True, text=True).stdout


def succeeds(*argv: str) -> bool:
    return subprocess.run(argv, check=False, capture_output=True).returncode == 0


def read_json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.is_file() else {}


# What is there ------------------------------------------------------------------------------------------------------


def lxc_path() -> Path:
    known = shutil.which("lxc-config")
    return Path(run(known, "lxc.lxcpath").strip() if known else "/var/lib/lxc")


def our_hosts(path: Path) -> dict[str, dict[str, Any]]:
    """Name to marker ({name, suite, bridge, address}) of every host that the role made on this parent."""
    return {marker.parent.name: read_json(marker) for marker in sorted(path.glob(f"*/{MARKER}"))}


def our_networks() -> dict[str, Network]:
    """Bridge to network of every bridge that the role made on this parent."""
    return {path.stem: Network(read_json(path)["network"]) for path in sorted(STATE.glob("*.json"))}


def nameservers(resolv_conf: Path) -> list[str]:
    lines = (line.split() for line in resolv_conf.read_text().splitlines()) if resolv_conf.is_file() else ()
    return [words[1] for words in lines if words[:1] == ["nameserver"] and len(words) > 1 and ":" not in words[1]]


def networks_in_use() -> Iterator[Network]:
    """Networks that a bridge of ours would hide: routes, addresses, and name servers behind the default route."""
    for route in json.loads(run("ip", "-json", "-4", "route", "show", "table", "all") or "[]"):
        if route["dst"] not in ("default", "0.0.0.0/0") and not route["dst"].startswith("127."):
            yield Network(route["dst"], strict=False)
        if "gateway" in route:
            yield Network(route["gateway"])
    for server in nameservers(Path("/etc/resolv.conf")) + nameservers(SYSTEMD_RESOLVED):
        if not server.startswith("127."):
            yield Network(server)


# Choosing (pure) ----------------------------------------------------------------------------------------------------


def candidates() -> Iterator[Network]:
    yield from Network("10.87.0.0/16").subnets(new_prefix=24)
    yield from Network("192.168.128.0/17").subnets(new_prefix=24)
    yield from Network("172.24.0.0/13").subnets(new_prefix=24)


def choose_network(wanted: str, recorded: Network | None, used: Iterable[Network], bridge: str) -> Network:
    """The network of the bridge: the recorded one, the given one if it is free, or the first free candidate."""
    if recorded:
        if wanted and wanted != str(recorded):
            remedy = "Leave the option out, or give another lxc_host_bridge."
            raise RefusedError("lxc_host_network", wanted, f"the bridge {bridge} already has {recorded}.", remedy)
        return recorded
    used = list(used)
    if not wanted:
        free = (c for c in candidates() if not any(c.overlaps(u) for u in used))
        if (chosen := next(free, None)) is None:
            raise RefusedError("lxc_host_network", wanted, "no private /24 is free on the parent.", "Give a network.")
        return chosen
    network = parse_network(wanted)
    if clash := next((u for u in used if network.overlaps(u)), None):
        remedy = "Give another one, or leave the option out for a free one."
        raise RefusedError(
            "lxc_host_network", wanted, f"it overlaps with {clash}, which the parent uses already.", remedy
        )
    return network


def parse_network(wanted: str) -> Network:
    remedy = "Give a private IPv4 network between /16 and /28, such as 10.87.5.0/24."
    try:
        network = Network(wanted)
    except ValueError as error:
        raise RefusedError("lxc_host_network", wanted, f"{error}.", remedy) from None
    if not network.is_private or not 16 <= network.prefixlen <= 28:
        raise RefusedError("lxc_host_network", wanted, "it is not private or not between /16 and /28.", remedy)
    return network


def choose_address(wanted: str, own: str, taken: set[str], network: Network) -> str:
    """The address of a host: the given one if it fits, the one it has, or the next free one of the network."""
    usable = [str(address) for address in network.hosts() if str(address) != gateway(network)]
    if not wanted:
        later_first = usable[FIRST_HOST - 2 :] + usable[: FIRST_HOST - 2]
        free = own or next((address for address in later_first if address not in taken), None)
        if free is None:
            raise RefusedError(
                "lxc_host_network", network, "all its addresses are taken.", "Give another lxc_host_bridge."
            )
        return free
    remedy = f"Give a free address of {network}, or leave the option out for the next free one."
    if wanted not in usable:
        problem = f"it is not an address for hosts in {network} ({gateway(network)} is the gateway)."
        raise RefusedError("lxc_host_address", wanted, problem, remedy)
    if wanted in taken:
        raise RefusedError("lxc_host_address", wanted, "another host has it.", remedy)
    return wanted


def gateway(network: Network) -> str:
    return str(network.network_address + 1)


# The commands -------------------------------------------------------------------------------------------------------


def plan(name: str, bridge: str, wanted_network: str, wanted_address: str) -> dict[str, Any]:
    """What is there and what would be chosen; ``problem`` is '' or the sentence that refuses the options."""
    path, networks, program = lxc_path(), our_networks(), STATE / "network.py"
    hosts = our_hosts(path)
    own = hosts.get(name, {})
    bridge = own.get("bridge", bridge) if own else bridge
    others = {n: h for n, h in hosts.items() if n != name and h["bridge"] == bridge}
    found = {
        "lxc_path": str(path),
        "ours": bool(own),
        "exists": (path / name / "config").is_file(),
        "complete": (path / name / "rootfs" / "etc" / "ssh").is_dir(),
        "running": "RUNNING" in state_of(name),
        "host": own,
        "others": sorted(others),
        "program": hashlib.sha1(program.read_bytes(), usedforsecurity=False).hexdigest() if program.is_file() else "",
        "bridge_made": bridge in networks,
        "bridge_up": bridge in networks and not missing(bridge, networks[bridge]),
        "cgroup2": Path("/sys/fs/cgroup/cgroup.controllers").is_file(),
        "resolv_conf": str(SYSTEMD_RESOLVED if SYSTEMD_RESOLVED.is_file() else "/etc/resolv.conf"),
        "problem": "",
    }
    try:
        refuse_foreign(name, bridge, found, networks)
        used = (*networks_in_use(), *networks.values()) if bridge not in networks else ()
        network = choose_network(wanted_network, networks.get(bridge), used, bridge)
        taken = {h["address"] for h in others.values()}
        address = choose_address(wanted_address, own.get("address", ""), taken, network)
        found.update(network=str(network), gateway=gateway(network), prefix=network.prefixlen, address=address)
    except RefusedError as refusal:
        found["problem"] = str(refusal)
    return found


def state_of(name: str) -> str:
    if not (which := shutil.which("lxc-info")):
        return ""
    argv = [which, "-n", name, "-s"]
    return subprocess.run(argv, check=False, capture_output=True, text=True).stdout


def refuse_foreign(name: str, bridge: str, found: dict[str, Any], networks: dict[str, Network]) -> None:
    if found["exists"] and not found["ours"]:
        problem = "an LXC container of this name exists that this role did not make."
        remedy = "Give another name, or remove that container yourself."
        raise RefusedError("lxc_host_name", name, problem, remedy)
    if bridge not in networks and succeeds("ip", "link", "show", "dev", bridge):
        problem = "an interface of this name exists that this role did not make."
        remedy = "Give the name of an interface that does not exist yet."
        raise RefusedError("lxc_host_bridge", bridge, problem, remedy)


def rules(bridge: str, network: Network) -> tuple[list[str], list[list[str]]]:
    """iptables rules as [table, chain, *rule]: NAT, for where nft is missing, and the way past a FORWARD that drops."""
    mark = ["-m", "comment", "--comment", f"sshfleet-{bridge}"]
    nat = ["nat", "POSTROUTING", "-s", str(network), "!", "-o", bridge, *mark, "-j", "MASQUERADE"]
    return nat, [["filter", "FORWARD", way, bridge, *mark, "-j", "ACCEPT"] for way in ("-i", "-o")]


def rules_wanted(bridge: str, network: Network) -> list[list[str]]:
    nat, forward = rules(bridge, network)
    drops = shutil.which("iptables") and "-P FORWARD ACCEPT" not in run("iptables", "-w", "-S", "FORWARD")
    return [*([] if shutil.which("nft") else [nat]), *(forward if drops else [])]


def iptables(action: str, rule: list[str]) -> list[str]:
    return ["iptables", "-w", "-t", rule[0], action, *rule[1:]]


def table(bridge: str) -> str:
    return f"sshfleet_{bridge}"


def nft_script(bridge: str, network: Network) -> str:
    return f"""table ip {table(bridge)} {{
        chain postrouting {{
            type nat hook postrouting priority 100
            ip saddr {network} oifname != "{bridge}" masquerade
        }}
    }}
    """


def missing(bridge: str, network: Network) -> list[tuple[list[str], str]]:
    """The commands, each with its standard input, that bring what is not there; none when the network is up."""
    todo: list[tuple[list[str], str]] = []
    links = json.loads(run("ip", "-json", "-4", "addr", "show") or "[]")
    link: dict[str, Any] = next((entry for entry in links if entry.get("ifname") == bridge), {})
    if not succeeds("ip", "link", "show", "dev", bridge):
        todo.append((["ip", "link", "add", bridge, "type", "bridge"], ""))
    if gateway(network) not in {info.get("local") for info in link.get("addr_info", [])}:
        todo.append((["ip", "addr", "replace", f"{gateway(network)}/{network.prefixlen}", "dev", bridge], ""))
    if "UP" not in link.get("flags", []):
        todo.append((["ip", "link", "set", bridge, "up"], ""))
    if shutil.which("nft") and not succeeds("nft", "list", "table", "ip", table(bridge)):
        todo.append((["nft", "-f", "-"], nft_script(bridge, network)))
    todo += [(iptables("-I", r), "") for r in rules_wanted(bridge, network) if not succeeds(*iptables("-C", r))]
    return todo


def up(bridge: str, wanted: str) -> dict[str, Any]:
    """Record and make the bridge with the network ``wanted`` ('': the recorded one)."""
    networks = our_networks()
    others = [network for name, network in networks.items() if name != bridge]
    network = choose_network(wanted, networks.get(bridge), others, bridge)
    record = STATE / f"{bridge}.json"
    changed = not record.is_file()
    if changed:
        record.write_text(json.dumps({"version": 1, "bridge": bridge, "network": str(network)}) + "\n")
    todo = missing(bridge, network)
    for argv, stdin in todo:
        run(*argv, stdin=stdin)
    if FORWARD.read_text().strip() == "0":
        (STATE / "ip_forward").write_text("0\n")  # what to go back to when our last bridge goes
        FORWARD.write_text("1\n")
        changed = True
    return {"changed": changed or bool(todo), "bridge": bridge, "network": str(network)}


def down(bridge: str) -> dict[str, Any]:
    """Remove the bridge and what belongs to it; with our last bridge also the forwarding and all our state."""
    record = STATE / f"{bridge}.json"
    if not record.is_file():
        return {"changed": False}
    network = our_networks()[bridge]
    nat, forward = rules(bridge, network)
    for rule in (nat, *forward) if shutil.which("iptables") else ():
        if succeeds(*iptables("-C", rule)):
            run(*iptables("-D", rule))
    if shutil.which("nft") and succeeds("nft", "list", "table", "ip", table(bridge)):
        run("nft", "delete", "table", "ip", table(bridge))
    if succeeds("ip", "link", "show", "dev", bridge):
        run("ip", "link", "del", bridge)
    record.unlink()
    if not our_networks():
        before = STATE / "ip_forward"
        if before.is_file():
            FORWARD.write_text(before.read_text())
        shutil.rmtree(STATE)
    return {"changed": True}


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time on this parent: two runs must not choose the same network."""
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="network.py")
    parser.add_argument("command", choices=["plan", "up", "down"])
    parser.add_argument("bridge")
    parser.add_argument("--name", default="")
    parser.add_argument("--network", default="")
    parser.add_argument("--address", default="")
    given, _from_lxc = parser.parse_known_args(argv)  # LXC adds the container's name, section and hook to a hook
    with alone():
        try:
            if given.command == "plan":
                result = plan(given.name, given.bridge, given.network, given.address)
            else:
                result = up(given.bridge, given.network) if given.command == "up" else down(given.bridge)
        except RefusedError as refusal:
            print(refusal, file=sys.stderr)
            return 1
        except subprocess.CalledProcessError as error:
            print(f"{' '.join(error.cmd)}: {error.stderr.strip()}", file=sys.stderr)
            return 1
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
