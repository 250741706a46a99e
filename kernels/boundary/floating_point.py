"""Arithmetic as IEEE 754 has it, whatever NumPy has been told to do on the way."""

from __future__ import annotations

import numpy as np

plain_floats = np.errstate(over="warn", under="ignore", divide="warn", invalid="warn")
"""A decorator of entry points: NumPy's own defaults, the caller's setting untouched.

Terms that vanish underflow by design, in a thousand places; under ``np.seterr(all="raise")`` of
the caller's each would be an error.

>>> import numpy as np
>>> @plain_floats
... def vanishing() -> float:
...     return float(np.exp(np.float64(-800.0)))
>>> with np.errstate(all="raise"):
...     vanishing()
0.0
"""
