"""What scikit-learn's tools need of an estimator that holds a kernel: parameters, copies, tags."""

from __future__ import annotations

from typing import Any, Self

from sklearn.base import BaseEstimator
from sklearn.utils import Tags

from kernels.boundary.checks import instance
from kernels.contract.kernel import Kernel
from kernels.regression.arguments.renamed import NEW_NAMES, refusing_old_names

_VALUES = "_kernel_values"
"""Where a copy keeps the kernel's table: a kernel by itself is copied without it."""


class KernelEstimator(BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """An estimator on strings with the parameter ``kernel``."""

    kernel: Kernel

    @refusing_old_names
    def set_params(self, **params: Any) -> Self:
        """Set parameters, those of the kernel as ``kernel__beta`` and the like.

        Raises:
            InvalidInputError: a name that a parameter had before; it says the new one.
            ValueError: a name that no parameter has.
        """
        own = {name: value for name, value in params.items() if not name.startswith("kernel__")}
        super().set_params(**own)
        of_kernel = {name[8:]: value for name, value in params.items() if name not in own}
        if of_kernel:
            instance("kernel", self.kernel, Kernel, "give a kernel, such as TransformerKernel()")
            self.kernel = self.kernel.set_params(**of_kernel)
        return self

    def __getstate__(self) -> dict[str, Any]:
        """What a copy in a file or another process is made of, the kernel's values included."""
        return {**super().__getstate__(), _VALUES: self.kernel.table}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Become a copy; a kernel that several estimators share gets its values once."""
        values = state.pop(_VALUES)
        super().__setstate__(state)
        self.kernel.table.update(values)

    def __getattr__(self, name: str) -> Any:
        """Nothing; an old name is answered with the new one."""
        hint = f"; use {NEW_NAMES[name]}" if name in NEW_NAMES else ""
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{hint}")

    def __sklearn_tags__(self) -> Tags:
        """What scikit-learn may give: strings, and several columns of labels."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.target_tags.multi_output = True
        tags.target_tags.single_output = True
        return tags
