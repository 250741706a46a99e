"""A report of one small page, and a program that runs it again and again and kills most runs.

``python -m tests.validation.storage.small_report OUT KILLS SEED`` forks one run after another: each
takes little of a second, of which a kill may fall into any moment. Between kills, what is in the
folder must be whole. It prints how many runs ended before their kill.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from unittest.mock import patch

from markupsafe import Markup

from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import Regression, fits
from validation.experiments.regression.trials import Curve, curve, samples
from validation.experiments.scale import Scale
from validation.report import write
from validation.report.page import Page
from validation.report.sections.regression.curves import Curves

SIZES = 6, 8, 12, 16, 24, 32
ENDS = {".html": b"</html>", ".svg": b"</svg>", ".png": b"IEND\xaeB`\x82", ".csv": b"\n"}


def _run(laboratory: Laboratory) -> list[Curve]:
    found = []
    for kernel in (KernelParameters("mlp"), KernelParameters("transformer", tolerance=1e-6)):
        points = [Regression("same-different", n, 2 * n, 0.0, 0, kernel) for n in SIZES]
        found.append(curve(kernel.name, fits(laboratory, points, kernel.name), samples))
    return found


PAGE = Page("small.html", "Small", Markup("x"), (Curves("small", "Small", _run, "samples n"),))


def write_small(out: Path) -> None:
    """The report of one page."""
    with patch.object(write, "PAGES", (PAGE,)):
        write.write_report(out, Scale.QUICK, n_jobs=1)


def halves(out: Path) -> list[str]:
    """Files that are not whole, but for those whose names say that they are being written."""
    found = []
    for path in sorted(out.rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        content = path.read_bytes()
        if path.suffix == ".json":
            try:
                json.loads(content)
            except ValueError:
                found.append(str(path))
        elif path.suffix in ENDS and not content.rstrip(b" \n").endswith(ENDS[path.suffix].strip()):
            found.append(str(path))
    return found


def results(out: Path) -> dict[str, object]:
    """All that a report holds but for times, by file."""
    found: dict[str, object] = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.suffix == ".json":
            found[name] = json.loads(path.read_text(encoding="utf-8"))["result"]
        elif path.is_file() and path.suffix in {".svg", ".png", ".csv", ".txt"}:
            found[name] = path.read_bytes()
        else:
            found[name] = None
    return found


def _forked(out: Path, seconds: float | None) -> bool:
    """One run in a process of its own, killed after so many seconds; whether it ended before."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            write_small(out)
            status = 0
        finally:
            os._exit(status)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main(out: Path, kills: int, seed: int) -> int:
    """Kill runs at random moments; the exit status is 1 where a file is not whole."""
    rng, ended = random.Random(seed), 0
    started = time.perf_counter()
    if not _forked(out.with_name("warm"), None):  # how long one takes
        return 1
    longest = time.perf_counter() - started
    for _ in range(kills):
        ended += _forked(out, rng.uniform(0.0, longest) * rng.random())
        if found := halves(out):
            print("half-written:", *found)
            return 1
    print(f"{kills} kills, {ended} runs had ended before, the longest took {longest:.2f} s")
    return 0 if _forked(out, None) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
