"""The multiples of the identity in ``W_K W_Q^T`` and ``W_V W_O``, head by head.

A matrix M of size d is t I and a rest, t being the mean of its diagonal: the multiple of the
identity that is nearest to M. Where entries were independent, the diagonal would be spread as the
other entries are, so t is told beside ``s / sqrt(d)``, s being the root mean square of the other
entries: what the mean of d such numbers has by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Float64

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.optional_packages import needed
from theory.networks.trained.architecture import Architecture
from theory.networks.trained.parameters import Parameters

_LAYER = re.compile(r"(.*\bh\.)([0-9]+)\.attn\.c_attn\.weight")
"""The name of GPT-2's matrix of queries, keys and values, side by side, of a layer."""

_LARGEST = 1e60
"""The size of an entry at most: products of two, and squares of these, are finite numbers then."""

_ENDINGS = ".attn.c_attn.weight", ".attn.c_proj.weight"


@dataclass(frozen=True, eq=False)
class Diagonal:
    """The diagonal of one matrix of one head.

    Attributes:
        layer: from 0 on.
        head: from 0 on.
        matrix: ``"W_K W_Q^T"`` or ``"W_V W_O"``, a trained multiple of the identity included.
        entries: of the diagonal.
        others: the root mean square of the entries that are not on it.
        scaling: the trained a_h or b_h; 0 where there is none.
    """

    layer: int
    head: int
    matrix: str
    entries: Float64[np.ndarray, " d"]
    others: float
    scaling: float = 0.0

    @property
    def mean(self) -> float:
        """t, the multiple of the identity nearest to the matrix."""
        return float(self.entries.mean())

    @property
    def chance(self) -> float:
        """The size of the mean of d entries that are like the others."""
        return self.others / len(self.entries) ** 0.5


MATRICES = "W_K W_Q^T", "W_V W_O"
"""As a `Diagonal` calls them."""


def trained_diagonals(parameters: Parameters, architecture: Architecture) -> list[Diagonal]:
    """Those of a model that was trained here, layer by layer and head by head.

    >>> from theory.networks.language.model import language_architecture
    >>> from theory.networks.trained.parameters import initial_parameters
    >>> small = language_architecture(depth=1, heads=2, embedding=4, head=3, mlp=0, scalings=True)
    >>> found = trained_diagonals(initial_parameters(small, tokens=9, length=2, seed=0), small)
    >>> [(one.head, one.matrix) for one in found][:3]
    [(0, 'W_K W_Q^T'), (0, 'W_V W_O'), (1, 'W_K W_Q^T')]
    """
    found: list[Diagonal] = []
    for number, layer in enumerate(parameters.layers):
        own = layer.attention
        for head in range(architecture.heads):
            a = float(own.a[head]) if architecture.a else 0.0
            b = float(own.b[head]) if architecture.b else 0.0
            found += _diagonals(
                (number, head),
                (np.asarray(own.keys[head]), np.asarray(own.queries[head]).T, a),
                (np.asarray(own.values[head]), np.asarray(own.outputs[head]), b),
            )
    return found


def pretrained_diagonals(file: Path, heads: int) -> list[Diagonal]:
    """Those of a pretrained model, from a safetensors file with the names of GPT-2.

    Layer i has the matrices ``h.i.attn.c_attn.weight``, d by 3 d, which are the queries, keys and
    values of all heads, and ``h.i.attn.c_proj.weight``, d by d; names may have a prefix. Layer
    norms stay out of the products.

    Args:
        file: the weights.
        heads: in each layer, which the file does not say: 12 in the smallest GPT-2.

    Raises:
        MissingPackageError: the package safetensors is missing.
        InvalidInputError: no file, or none of that format; no such matrices in it, matrices of
            other sizes, or of a size that heads do not divide; entries that are not finite real
            numbers, or are above 1e60.
    """
    whole("heads", heads, least=1)
    tensors = _read(file)
    layers = sorted((int(m[2]), m[1]) for name in tensors if (m := _LAYER.fullmatch(name)))
    if not layers:
        remedy = "it has no tensor h.0.attn.c_attn.weight, as GPT-2 calls its matrices"
        raise InvalidInputError("weights", str(file), remedy)
    found: list[Diagonal] = []
    for layer, prefix in layers:
        joint, out = (
            _finite(file, tensors, f"{prefix}{layer}.attn.{part}.weight")
            for part in ("c_attn", "c_proj")
        )
        found += _layer_diagonals(file, layer, heads, joint, out)
    return found


def _read(file: Path) -> Mapping[str, np.ndarray]:
    """The attention matrices of the file, by name."""
    safetensors = needed("safetensors", "pretrained")
    try:
        with safetensors.safe_open(file, framework="numpy") as opened:
            names = [name for name in opened.keys() if name.endswith(_ENDINGS)]  # noqa: SIM118
            return {name: opened.get_tensor(name) for name in names}
    # Formats that numpy lacks end in a TypeError or an AttributeError.
    except (OSError, safetensors.SafetensorError, TypeError, AttributeError) as error:
        remedy = f"it cannot be read as a safetensors file of float16, 32 or 64 ({error})"
        raise InvalidInputError("weights", str(file), remedy) from None


def _finite(file: Path, tensors: Mapping[str, np.ndarray], name: str) -> Float64[np.ndarray, "..."]:
    if name not in tensors:
        raise InvalidInputError("weights", str(file), f"it has no tensor {name}")
    if np.iscomplexobj(tensors[name]):
        raise InvalidInputError("weights", str(file), f"{name} is no matrix of real numbers")
    matrix: Float64[np.ndarray, "..."] = tensors[name].astype(np.float64)
    if matrix.ndim != 2 or matrix.size == 0 or not (np.abs(matrix) <= _LARGEST).all():
        remedy = f"{name} is no matrix of finite numbers of at most {_LARGEST:g}"
        raise InvalidInputError("weights", str(file), remedy)
    return matrix


def _layer_diagonals(
    file: Path,
    layer: int,
    heads: int,
    joint: Float64[np.ndarray, "..."],
    out: Float64[np.ndarray, "..."],
) -> Iterator[Diagonal]:
    d = len(joint)
    if joint.shape != (d, 3 * d) or out.shape != (d, d) or d % heads:
        remedy = (
            f"layer {layer} has matrices of sizes {joint.shape} and {out.shape}; {heads} heads "
            "need (d, 3 d) and (d, d), d a multiple of them"
        )
        raise InvalidInputError("weights", str(file), remedy)
    queries, keys, values = np.split(joint, 3, axis=1)
    for head in range(heads):
        own = slice(head * d // heads, (head + 1) * d // heads)
        yield from _diagonals(
            (layer, head), (keys[:, own], queries[:, own].T, 0.0), (values[:, own], out[own], 0.0)
        )


def _diagonals(
    place: tuple[int, int],
    *products: tuple[Float[np.ndarray, "d e"], Float[np.ndarray, "e d"], float],
) -> Iterator[Diagonal]:
    for name, (left, right, scaling) in zip(MATRICES, products, strict=True):
        matrix = left.astype(np.float64) @ right.astype(np.float64)
        entries = matrix.diagonal() + scaling
        off = matrix[~np.eye(len(matrix), dtype=bool)]
        others = float(np.sqrt((off**2).mean())) if len(off) else 0.0
        yield Diagonal(*place, name, entries, others, scaling)
