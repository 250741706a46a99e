"""What makes two kernels the same: their parameters, as numbers and not as text."""

from __future__ import annotations

import dataclasses
import math

Identity = dict[str, object] | list[object] | str | float | int | bool | None
"""What JSON holds unchanged; numbers compare as numbers, so that 1 and 1.0 are one parameter."""


def identity(value: object) -> Identity:
    """The identity of a parameter: of a dataclass its name and fields, of a number itself.

    A class decides for itself by a method ``__identity__``.

    >>> from kernels.activations import Cosine
    >>> identity(Cosine(2, 0.5)) == {"class": "Cosine", "b1": 2.0, "b2": 0.5}
    True
    """
    own = getattr(value, "__identity__", None)
    if own is not None and not isinstance(value, type):
        found: Identity = own()
        return found
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (field.name for field in dataclasses.fields(value) if field.init)
        parts = {name: identity(getattr(value, name)) for name in fields}
        return {"class": type(value).__qualname__, **parts}
    if isinstance(value, tuple | list):
        return [identity(part) for part in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return repr(value)


def flattened(found: object, name: str = "") -> dict[str, str | float | int | bool | None]:
    """An identity as columns of a table: parameters of parameters by ``activation__b1``.

    >>> flattened({"class": "K", "beta": 2.0, "phi": {"class": "Cosine", "b1": 1.0}})
    {'kernel': 'K', 'beta': 2.0, 'phi': 'Cosine', 'phi__b1': 1.0}
    """
    if not isinstance(found, dict):
        infinite = isinstance(found, float) and not math.isfinite(found)  # JSON has no name for it
        if not infinite and (found is None or isinstance(found, str | float | int)):
            return {name or "kernel": found}
        return {name or "kernel": str(found)}
    columns: dict[str, str | float | int | bool | None] = {}
    for key, value in found.items():
        inner = name if key == "class" else f"{name}__{key}" if name else key
        columns |= flattened(value, inner)
    return columns
