r"""Estimates as notebooks show them: as HTML and as LaTeX, short, whatever the size of an array.

>>> latex_number(0.68, 1e-10)
'0.68 \\pm 1.0\\times10^{-10}'
"""

from __future__ import annotations

from html import escape

import numpy as np
from jaxtyping import Float64

_ROWS, _COLUMNS = 8, 6
"""How much of an array is shown."""


def latex_number(value: float, error: float | None) -> str:
    """A value and its error in LaTeX's mathematics; without one where it is exact."""
    shown = _latex(f"{value:.12g}")
    return shown if error is None else rf"{shown} \pm {_latex(f'{error:.1e}')}"


def html_number(shown: str, method: str) -> str:
    """A printed number in HTML, the method where the pointer rests on it.

    >>> html_number("0.5 ± 1.0e-01 (numerical)", "a < b")
    '<span title="a &lt; b">0.5 ± 1.0e-01 (numerical)</span>'
    """
    return f'<span title="{escape(method)}">{escape(shown)}</span>'


def latex_matrix(values: Float64[np.ndarray, "..."], error: float) -> str | None:
    """A vector or a matrix with its largest error in LaTeX; None for what has more axes."""
    if not 1 <= values.ndim <= 2:
        return None
    rows = values.reshape(1, -1) if values.ndim == 1 else values
    dots = [r"\cdots"] * (rows.shape[1] > _COLUMNS)
    lines = [
        " & ".join([_latex(f"{value:.6g}") for value in row] + dots)
        for row in rows[:_ROWS, :_COLUMNS].tolist()
    ]
    lines += [r"\vdots"] * (rows.shape[0] > _ROWS)
    body = r" \\ ".join(lines)
    return rf"$\begin{{pmatrix}}{body}\end{{pmatrix}} \pm {_latex(f'{error:.1e}')}$"


def html_matrix(
    values: Float64[np.ndarray, "..."], errors: Float64[np.ndarray, "..."], caption: str
) -> str | None:
    """A vector or a matrix with the error of each entry in HTML; None for what has more axes."""
    if not 1 <= values.ndim <= 2:
        return None
    shown = values.shape[-1] > _COLUMNS
    rows = [part.reshape(1, -1) if part.ndim == 1 else part for part in (values, errors)]
    picked = (part[:_ROWS, :_COLUMNS].tolist() for part in rows)
    lines = []
    for pair in zip(*picked, strict=True):
        cells = [f"<td>{value:.6g} ± {error:.0e}</td>" for value, error in zip(*pair, strict=True)]
        lines.append(f"<tr>{''.join(cells)}{'<td>…</td>' * shown}</tr>")
    lines += ["<tr><td>…</td></tr>"] * (rows[0].shape[0] > _ROWS)
    return f"<table><caption>{escape(caption)}</caption>{''.join(lines)}</table>"


def _latex(number: str) -> str:
    """A printed number in LaTeX's mathematics."""
    mantissa, mark, exponent = number.partition("e")
    words = {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\mathrm{nan}"}
    return words.get(mantissa, mantissa) + (rf"\times10^{{{int(exponent)}}}" if mark else "")
