"""``python -m tests.mutation ROOM ... [--sample N] [--seed S] [--limit SECONDS] [--out FILE]``."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.mutation.mutant import Mutant
from tests.mutation.operators import mutants_of
from tests.mutation.table import TOP_LEVEL, chosen_tests
from tests.mutation.trial import Copy, Outcome

_ROOT = Path(__file__).resolve().parents[2]
_ROOMS = (
    "kernels/attention",
    "kernels/activations",
    "kernels/regression",
    "theory",
    "theory/derivatives",
)
_MOST_LEFT_OUT = 10
"""Tests of one room that fail without checks of types."""

# Loaded once, before the forks; none of them is a package of this project.
_SHARED = "numpy", "scipy.special", "scipy.sparse.linalg", "scipy.stats", "pytest", "hypothesis"
_SHARED += "jaxtyping", "beartype", "threadpoolctl", "flint", "mpmath", "sympy", "joblib"
_SHARED += "rich.progress", "opt_einsum", "sklearn.base"


def main(arguments: list[str] | None = None) -> int:
    """Try a sample of mutants of each room; the exit status is 0 whatever survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("rooms", nargs="*", default=list(_ROOMS), help="folders, or single files")
    parser.add_argument("--sample", type=int, default=30, help="mutants of each room")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of mutants")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds of one mutant")
    parser.add_argument("--total", type=float, default=3600.0, help="seconds of one room")
    parser.add_argument("--out", type=Path, help="where the results go, as JSON")
    given = parser.parse_args(arguments)
    for name in _SHARED:
        import_module(name)
    results = {}
    for room in given.rooms:
        results[room] = tried_room(room, given.sample, given.seed, given.limit, given.total)
        if given.out is not None:
            given.out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    print("| room | mutants | killed | share |\n|---|---|---|---|")
    for room, found in results.items():
        killed = sum(outcome != Outcome.SURVIVED for outcome in found.values())
        share = f"{killed / len(found):.0%}" if found else "-"
        print(f"| `{room}` | {len(found)} | {killed} | {share} |")
    return 0


def tried_room(room: str, sample: int, seed: int, limit: float, total: float) -> dict[str, str]:
    """The outcome of each mutant of a random sample of a room."""
    results = dict[str, str]()
    everything = [mutant for path in _files(room) for mutant in _compiling(path)]
    chosen = random.Random(seed).sample(everything, min(sample, len(everything)))
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Copy(_ROOT, Path(folder))
        groups: dict[tuple[str, ...], list[Mutant]] = {}
        for mutant in chosen:
            groups.setdefault(chosen_tests(mutant.path), []).append(mutant)
        for tests in groups:
            left_out = copy.prepare(tests, 10.0 * limit)
            if left_out is None or left_out > _MOST_LEFT_OUT:
                sys.exit(f"{room}: {' '.join(tests)} fail without a fault: {left_out}")
        started = time.monotonic()
        for number, (tests, mutants) in enumerate(groups.items()):
            # The time that is left, by the numbers of those that are left.
            left = total - (time.monotonic() - started)
            waiting = sum(len(others) for others in list(groups.values())[number:])
            share = left * len(mutants) / waiting
            for mutant, outcome, seconds in copy.tried(mutants, tests, limit, share):
                results[str(mutant)] = str(outcome)
                print(f"{outcome:9} {seconds:6.1f} s  {mutant}", flush=True)
    print(f"{room}: {len(results)} of {len(everything)} mutants", flush=True)
    return results


def _files(room: str) -> Iterator[Path]:
    place = _ROOT / room
    if place.is_file():
        yield place
    else:
        yield from sorted(place.glob("*.py") if room in TOP_LEVEL else place.rglob("*.py"))


def _compiling(path: Path) -> Iterator[Mutant]:
    """The mutants of a file that are Python."""
    source = path.read_text(encoding="utf-8")
    for mutant in mutants_of(path.relative_to(_ROOT).as_posix(), source):
        try:
            compile(mutant.applied(source), mutant.path, "exec")
        except SyntaxError:
            continue
        yield mutant


if __name__ == "__main__":
    sys.exit(main())
