# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the tests of parsers under atheris, which makes the next input of what has led to new lines.

python tests/unit/fuzz/by_coverage.py SECONDS [NAME …]   of all tests, or of those with one of these words in their name

The first byte of an input chooses the test, the rest is what Hypothesis makes its values of. What fails ends the run
with the exception and its traceback, and lies in .cache/fuzz with what has led to new lines so far.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import atheris  # type: ignore[import-not-found] # in an environment of its own

CHECKOUT = Path(__file__).resolve().parents[3]
FOUND = CHECKOUT / ".cache" / "fuzz"
LONGEST = 4096  # bytes

Target = Callable[[bytes], object]


def targets(words: list[str]) -> dict[str, Target]:
    """The tests by name. Importing them here has their parsers watched."""
    sys.path[:0] = [str(CHECKOUT / ".dev"), str(Path(__file__).parent)]
    import ansible_collections.sshfleet.containers.plugins.plugin_utils as ours

    with atheris.instrument_imports(include=[ours.__name__], enable_loader_override=False):
        import conftest  # noqa: F401 - Hypothesis's settings
        import test_parsers

    tests = {name: one for name, one in vars(test_parsers).items() if name.startswith("test_")}
    return {
        name: one.hypothesis.fuzz_one_input
        for name, one in tests.items()
        if not words or any(word in name for word in words)
    }


def main(seconds: str, *words: str) -> None:
    found = list(targets(list(words)).items())
    if not found:
        sys.exit(f"No test has one of these words in its name: {', '.join(words)}")
    counts = dict.fromkeys((name for name, _one in found), 0)

    def one(data: bytes) -> None:
        if data:
            name, target = found[data[0] % len(found)]
            counts[name] += 1
            target(data[1:])

    (FOUND / "corpus").mkdir(parents=True, exist_ok=True)
    words_for_it = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-artifact_prefix={FOUND}/", "-timeout=60"]
    print(f"Fuzzing {len(found)} tests by coverage for {seconds} s", flush=True)
    atheris.Setup([sys.argv[0], *words_for_it, str(FOUND / "corpus")], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
