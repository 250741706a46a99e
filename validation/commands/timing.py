"""Where the time and the memory of a fit go."""

from __future__ import annotations

import re
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from kernels import EstimateArray, Kernel


@dataclass
class Stopwatch:
    """A time that is still being measured.

    Attributes:
        seconds: so far.
    """

    seconds: float = 0.0


@contextmanager
def timed_values(kernel: Kernel) -> Iterator[Stopwatch]:
    """Count the seconds that `Kernel.values` of a kernel takes within the context.

    The kernel stays the object that it is: a kernel around it would have to pass on each of its
    methods, and one that is forgotten costs thousands of values.

    >>> from kernels import TransformerKernel
    >>> kernel = TransformerKernel()
    >>> with timed_values(kernel) as watch:
    ...     value = kernel("AB", "BC")
    >>> 0.0 < watch.seconds < 60.0, "values" in vars(kernel)
    (True, False)
    """
    watch, values = Stopwatch(), kernel.values

    def timed(*given: Any, **named: Any) -> EstimateArray:
        started = perf_counter()
        try:
            return values(*given, **named)
        finally:
            watch.seconds += perf_counter() - started

    # A kernel is frozen; the name in its own dictionary stands before the method of its class.
    object.__setattr__(kernel, "values", timed)
    try:
        yield watch
    finally:
        object.__delattr__(kernel, "values")


def peak_memory_mb() -> float:
    """The largest resident memory of this process so far, in MB (10^6 bytes)."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux; getrusage would count what a large parent left at the start
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
        if found:
            return int(found[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes there, KiB elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
