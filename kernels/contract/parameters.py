"""scikit-learn's protocol of parameters for objects that never change."""

from __future__ import annotations

import dataclasses
import inspect
from collections import defaultdict
from typing import Any, Self

from kernels.boundary.exceptions import InvalidInputError


class Parametrized:
    """An immutable object whose parameters are the arguments of its constructor.

    scikit-learn reads them by `get_params`, where ``activation__b1`` is the parameter b1 of the
    parameter activation, and copies by ``clone``, which an immutable object answers with itself.
    `set_params` cannot change the object and returns another one.
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name.

        Args:
            deep: the parameters of parameters as well, as ``activation__b1``.
        """
        own = {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}
        inner = {
            f"{name}__{field.name}": getattr(value, field.name)
            for name, value in own.items()
            if deep and dataclasses.is_dataclass(value)
            for field in dataclasses.fields(value)
            if field.init
        }
        return own | inner

    def set_params(self, **params: object) -> Self:
        """The object with other parameters; this one stays as it is.

        Raises:
            InvalidInputError: an unknown parameter, or a value that the object refuses.

        >>> from kernels import TransformerKernel
        >>> kernel = TransformerKernel(beta=1.0)
        >>> kernel.set_params(beta=2.0, activation__b1=0.5).get_params()["activation__b1"]
        0.5
        """
        known = self.get_params()
        own = self.get_params(deep=False)
        chosen, inner = dict(own), defaultdict[str, dict[str, Any]](dict)
        for name, value in params.items():
            if name not in known:
                raise InvalidInputError(name, value, f"known are {', '.join(known)}")
            outer, _, rest = name.partition("__")
            if rest:
                inner[outer][rest] = value
            else:
                chosen[name] = value
        for name, changed in inner.items():
            fields = {field.name for field in dataclasses.fields(chosen[name]) if field.init}
            for rest, value in changed.items():
                if rest not in fields:
                    kind = type(chosen[name]).__name__
                    has = f"has {', '.join(sorted(fields))}" if fields else "has no parameters"
                    raise InvalidInputError(f"{name}__{rest}", value, f"{kind} {has}")
            chosen[name] = dataclasses.replace(chosen[name], **changed)
        return self._rebuilt(chosen)

    def _rebuilt(self, params: dict[str, Any]) -> Self:
        """An object of this class with these parameters."""
        return type(self)(**params)

    def __sklearn_clone__(self) -> Self:
        """The object itself, which is immutable: copies share what it has computed."""
        return self

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self
