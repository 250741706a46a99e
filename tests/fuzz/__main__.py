"""``python -m tests.fuzz [values commands fits balls] [--seed S] [--seconds T] [--case N]``."""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable

from tests.fuzz import balls, commands, fits, values

Outcome = str | Counter[str] | None
"""What is wrong, in words; or nothing, with or without counts of what was looked at."""

CHECKS: dict[str, Callable[[random.Random], Outcome]] = {
    "values": values.check,
    "commands": commands.check,
    "fits": fits.check,
    "balls": balls.check,
}


def main(arguments: list[str] | None = None) -> int:
    """Check cases until the time is up; the exit status is 1 where one is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("checks", nargs="*", default=list(CHECKS), help=", ".join(CHECKS))
    parser.add_argument("--seed", type=int, default=0, help="another seed, other cases")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each check")
    parser.add_argument("--case", type=int, help="only this one, of each check")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.checks if name not in CHECKS]
    if unknown:
        parser.error(f"no check {unknown[0]!r}: known are {', '.join(CHECKS)}")
    wrong = 0
    for name in given.checks:
        started, case, found = time.monotonic(), given.case or 0, 0
        seen: Counter[str] = Counter()
        while case == given.case or (
            given.case is None and time.monotonic() - started < given.seconds
        ):
            outcome = outcome_of(name, given.seed, case)
            if isinstance(outcome, str):
                found += 1
                print(f"{name} --seed {given.seed} --case {case}: {outcome}", flush=True)
            elif outcome is not None:
                seen += outcome
            case += 1
        print(f"{name}: {case - (given.case or 0)} cases, {found} wrong", flush=True)
        for what, number in sorted(seen.items()):
            print(f"  {number} {what}", flush=True)
        wrong += found
    return int(wrong > 0)


def outcome_of(name: str, seed: int, case: int) -> Outcome:
    """What one case comes to."""
    try:
        return CHECKS[name](random.Random(f"{name} {seed} {case}"))
    except Exception:  # what a check does not expect is a fault as well
        return traceback.format_exc()


if __name__ == "__main__":
    sys.exit(main())
