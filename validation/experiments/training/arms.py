"""The arms of an experiment: which network is trained."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernels import InvalidInputError

FAST = 100.0
"""How many times the learning rate of the other weights b_h has in the arm that learns it fast.

Adam moves each number by about the learning rate a step. The right one among some hundred logits
stands out where the mean of the b_h is of order 10, while the entries of the other matrices are of
order d^(-1/2) and need not move farther."""


class Arm(StrEnum):
    """A network, up to its sizes."""

    VANILLA = "vanilla"
    A = "a"
    B = "b"
    B_FAST = "b-fast"
    AB = "ab"
    MLP = "mlp"
    MLP_XXT = "mlp-xxt"
    DEPTH_1 = "depth-1"
    DEPTH_1_A = "depth-1-a"

    @property
    def words(self) -> str:
        """What to call it in a legend."""
        return {
            Arm.VANILLA: "transformer",
            Arm.A: "with a_h I",
            Arm.B: "with b_h I",
            Arm.B_FAST: f"with b_h I, learnt {FAST:g} times as fast",
            Arm.AB: "with both",
            Arm.MLP: "MLP",
            Arm.MLP_XXT: "MLP shown XXᵀ",
            Arm.DEPTH_1: "depth 1 at [CLS]",
            Arm.DEPTH_1_A: "depth 1 with a_h I",
        }[self]

    @property
    def numbers_only(self) -> bool:
        """Whether it has no tied embedding, and so no symbolic labels."""
        return self in (Arm.MLP, Arm.MLP_XXT)


def arms_named(names: str) -> tuple[Arm, ...]:
    """The arms of a list such as ``"vanilla,a"``.

    Raises:
        InvalidInputError: a name that is none, or no name.

    >>> [str(arm) for arm in arms_named("vanilla, a")]
    ['vanilla', 'a']
    """
    found = []
    for name in filter(None, (name.strip() for name in names.split(","))):
        if name not in set(Arm):
            raise InvalidInputError("arms", name, f"the arms are {', '.join(Arm)}")
        found.append(Arm(name))
    if not found:
        raise InvalidInputError("arms", names, f"the arms are {', '.join(Arm)}")
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Size:
    """The sizes of a network and how long it is trained; the defaults are the paper's.

    Attributes:
        depth: layers; of an MLP hidden ones.
        heads: in each layer.
        embedding: d_emb.
        head: d_head.
        mlp: d_mlp, and the width of an MLP.
        rate: the learning rate of Adam.
        batch: strings in a batch.
        epochs: at least; 0 leaves it to ``steps``.
        steps: at least.
        trials: runs with seeds of their own.
        attention_only: a transformer of one attention layer, without skips, norms, positions and
            MLP: the network of Section 5.
    """

    depth: int = 2
    heads: int = 16
    embedding: int = 128
    head: int = 64
    mlp: int = 256
    rate: float = 1e-3
    batch: int = 1024
    epochs: int = 1000
    steps: int = 0
    trials: int = 5
    attention_only: bool = False

    def __str__(self) -> str:
        length = f"{self.epochs} epochs" if self.epochs else f"{self.steps} steps"
        if self.attention_only:
            return (
                f"one attention layer alone, heads {self.heads}, head dimension {self.head}, "
                f"embedding {self.embedding}, Adam at {self.rate:g}, batch {self.batch}, {length}"
            )
        return (
            f"depth {self.depth}, heads {self.heads}, head dimension {self.head}, embedding "
            f"{self.embedding}, MLP {self.mlp}, Adam at {self.rate:g}, batch {self.batch}, {length}"
        )
