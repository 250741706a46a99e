"""``python -m tests.fuzz [values commands fits] [--seed S] [--seconds T] [--case N]``."""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable

from tests.fuzz import commands, fits, values

CHECKS: dict[str, Callable[[random.Random], str | None]] = {
    "values": values.check,
    "commands": commands.check,
    "fits": fits.check,
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
        while case == given.case or (
            given.case is None and time.monotonic() - started < given.seconds
        ):
            fault = fault_of(name, given.seed, case)
            if fault is not None:
                found += 1
                print(f"{name} --seed {given.seed} --case {case}: {fault}", flush=True)
            case += 1
        print(f"{name}: {case - (given.case or 0)} cases, {found} wrong", flush=True)
        wrong += found
    return int(wrong > 0)


def fault_of(name: str, seed: int, case: int) -> str | None:
    """What is wrong in one case, in words; None where nothing is."""
    try:
        return CHECKS[name](random.Random(f"{name} {seed} {case}"))
    except Exception:  # what a check does not expect is a fault as well
        return traceback.format_exc()


if __name__ == "__main__":
    sys.exit(main())
