"""Where the time and the memory of a fit go."""

from __future__ import annotations

import re
import resource
import sys
from collections.abc import Hashable, Sequence
from pathlib import Path
from time import perf_counter

from kernels import EstimateArray, Kernel, Pattern


class Timed(Kernel):
    """A kernel that counts the seconds that its values take.

    Args:
        kernel: whose values.

    Attributes:
        seconds: spent in `evaluate` so far.
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.seconds = 0.0

    @property
    def name(self) -> str:
        """The kernel's."""
        return self.kernel.name

    def key(self, pattern: Pattern) -> Hashable:
        """The kernel's."""
        return self.kernel.key(pattern)

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """The kernel's values."""
        started = perf_counter()
        found = self.kernel.evaluate(patterns, n_jobs=n_jobs)
        self.seconds += perf_counter() - started
        return found


def peak_memory_mb() -> float:
    """The largest resident memory of this process so far, in MB (10^6 bytes)."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux; getrusage would count what a large parent left at the start
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
        if found:
            return int(found[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes there, KiB elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
