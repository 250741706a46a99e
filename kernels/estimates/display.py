r"""Estimates as notebooks show them, short, whatever the size of an array; and as tables, whole.

>>> latex_number(0.68, 1e-10)
'0.68 \\pm 1.0\\times10^{-10}'
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import numpy as np
from jaxtyping import Float64, Shaped

from kernels.boundary.data_frame import data_frame

_ROWS, _COLUMNS = 8, 6
"""How much of an array is shown."""


class Shown:
    """What an array of estimates is in a notebook, in JSON and in pandas."""

    __slots__ = ()

    values: Float64[np.ndarray, "*shape"]

    @property
    @abstractmethod
    def errors(self) -> Float64[np.ndarray, "*shape"]:
        """The errors as numbers."""

    @property
    @abstractmethod
    def kinds(self) -> Shaped[np.ndarray, "*shape"]:
        """What each error means."""

    @property
    @abstractmethod
    def largest_error(self) -> float:
        """The largest error of an entry."""

    def to_json(self) -> dict[str, object]:
        """The fields that scripts rely on: nested lists of one shape."""
        kinds = np.vectorize(str, otypes=[object])(self.kinds) if self.kinds.size else self.kinds
        values, errors = self.values.tolist(), self.errors.tolist()
        return {"values": values, "errors": errors, "kinds": kinds.tolist()}

    def to_pandas(self, **labels: object) -> Any:
        """A ``DataFrame`` of a row for each entry: its indices i, j, ..., value, error and kind.

        Args:
            labels: further columns, of one entry for all rows: ``**kernel.labels``, say, so that
                tables of several runs can be put one below the other.

        Raises:
            MissingPackageError: pandas is not installed.

        >>> from kernels.estimates import EstimateArray
        >>> EstimateArray.exact([1.0, 2.0]).to_pandas(beta=0.5).columns.tolist()
        ['i', 'value', 'error', 'kind', 'beta']
        """
        places = np.indices(self.values.shape).reshape(self.values.ndim, self.values.size)
        names = "ijklmnop"[: self.values.ndim]
        columns: dict[str, Sequence[object]] = {
            name: place.tolist() for name, place in zip(names, places, strict=True)
        }
        columns["value"] = self.values.ravel().tolist()
        columns["error"] = self.errors.ravel().tolist()
        columns["kind"] = [str(kind) for kind in self.kinds.flat]
        return data_frame(columns, labels)

    @property
    def kinds_in_words(self) -> str:
        """Each kind that occurs, once."""
        return ", ".join(dict.fromkeys(str(kind) for kind in self.kinds.flat)) or "empty"

    def _repr_html_(self) -> str | None:
        caption = f"{self.values.shape}, {self.kinds_in_words}"
        return html_matrix(self.values, self.errors, caption)

    def _repr_latex_(self) -> str | None:
        return latex_matrix(self.values, self.largest_error)


def html_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of texts in HTML, which is markup in none of them.

    >>> html_table("a < b", ["x"], [[1]])
    '<table><caption>a &lt; b</caption><tr><th>x</th></tr><tr><td>1</td></tr></table>'
    """
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = [f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows]
    first = f"<tr>{names}</tr>" if head else ""
    return f"<table><caption>{escape(caption)}</caption>{first}{''.join(lines)}</table>"


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
    uncertain = rf" \pm {_latex(f'{error:.1e}')}" if error else ""
    return rf"$\begin{{pmatrix}}{body}\end{{pmatrix}}{uncertain}$"


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
        texts = (f"{v:.6g} ± {e:.0e}" if e else f"{v:.6g}" for v, e in zip(*pair, strict=True))
        cells = [f"<td>{text}</td>" for text in texts]
        lines.append(f"<tr>{''.join(cells)}{'<td>…</td>' * shown}</tr>")
    lines += ["<tr><td>…</td></tr>"] * (rows[0].shape[0] > _ROWS)
    return f"<table><caption>{escape(caption)}</caption>{''.join(lines)}</table>"


def _latex(number: str) -> str:
    """A printed number in LaTeX's mathematics."""
    mantissa, mark, exponent = number.partition("e")
    words = {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\mathrm{nan}"}
    return words.get(mantissa, mantissa) + (rf"\times10^{{{int(exponent)}}}" if mark else "")
