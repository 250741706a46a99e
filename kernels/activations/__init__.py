"""Activation functions and their duals, found by name.

To add one, write a file with a frozen dataclass derived from `Activation` and add it to the
registry below.
"""

from __future__ import annotations

import dataclasses

from kernels.activations.base import Activation
from kernels.activations.cosine import Cosine
from kernels.activations.custom import CustomActivation
from kernels.activations.erf import Erf
from kernels.activations.exponential import Exponential
from kernels.activations.gelu import GELU
from kernels.activations.polynomial import Polynomial
from kernels.activations.relu import ReLU
from kernels.activations.sine import Sine
from kernels.activations.tanh import Tanh
from kernels.boundary.exceptions import InvalidInputError

__all__ = [
    "GELU",
    "Activation",
    "Cosine",
    "CustomActivation",
    "Erf",
    "Exponential",
    "Polynomial",
    "ReLU",
    "Sine",
    "Tanh",
    "find",
    "names",
]

_KNOWN: dict[str, type[Activation]] = {
    kind.name: kind for kind in (Cosine, Sine, ReLU, Erf, Exponential, GELU, Tanh, Polynomial)
}


def names() -> tuple[str, ...]:
    """The names that `find` knows.

    >>> "relu" in names()
    True
    """
    return tuple(_KNOWN)


def parameters(name: str) -> tuple[str, ...]:
    """The parameters of the activation of this name.

    Raises:
        InvalidInputError: no activation has this name.

    >>> parameters("cos")
    ('b1', 'b2')
    """
    return tuple(field.name for field in dataclasses.fields(_class(name)))


def find(name: str, **given: object) -> Activation:
    """The activation of this name.

    Args:
        name: one of `names`.
        **given: its parameters; those left out keep their defaults.

    Raises:
        InvalidInputError: an unknown name or parameter, a parameter that has no default and is
            missing, or a value that the activation refuses.

    >>> find("cos", b1=2.0)
    Cosine(b1=2.0, b2=0.4)
    >>> find("cosine")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: activation = 'cosine': known are cos, ...
    """
    kind = _class(name)
    known = parameters(name)
    for parameter, value in given.items():
        if parameter not in known:
            takes = f"takes {', '.join(known)}" if known else "takes no parameters"
            raise InvalidInputError(parameter, value, f"the activation {name!r} {takes}")
    for field in dataclasses.fields(kind):
        if field.default is dataclasses.MISSING and field.name not in given:
            raise InvalidInputError(field.name, None, f"the activation {name!r} needs it")
    return kind(**given)


def _class(name: str) -> type[Activation]:
    if name not in _KNOWN:
        raise InvalidInputError("activation", name, f"known are {', '.join(_KNOWN)}")
    return _KNOWN[name]
