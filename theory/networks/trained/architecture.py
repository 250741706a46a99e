"""The shape of a transformer, and which of its parts it has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernels.boundary.checks import convert_fields, nonnegative, whole
from kernels.boundary.exceptions import InvalidInputError


class HeadSum(StrEnum):
    """What stands before the sum over the H heads; W_O has variance 1 / d_head unless said.

    PLAIN is the usual parametrization: the factor is 1, and W_O has variance 1 / (H d_head).
    ROOT is H^(-1/2), that of Section 2. MEAN is 1 / H, the mean-field one of Section 5.
    """

    PLAIN = "plain"
    ROOT = "root"
    MEAN = "mean"


class ReadAt(StrEnum):
    """Where the output is read: at ``[CLS]``, or at the last token of strings without one."""

    CLS = "cls"
    LAST = "last"


class Nonlinearity(StrEnum):
    """The activations of a network that is trained."""

    GELU = "gelu"
    RELU = "relu"
    TANH = "tanh"
    COS = "cos"


@dataclass(frozen=True)
class Architecture:
    """A transformer; the defaults are the sizes of the paper's Appendix A.

    Attributes:
        depth: layers.
        heads: H, in each layer.
        embedding: d_emb.
        head: d_head.
        mlp: d_mlp; 0 for layers of attention alone.
        a: whether each head has W_K W_Q^T + a_h I, with a trainable a_h that starts at 0.
        b: whether each head has W_V W_O + b_h I, likewise.
        read: where the output is read.
        tied: whether the output is a logit a token, by the embedding transposed; else it is one
            number, by a read-out of its own.
        beta: inverse temperature of the softmax.
        gamma: weight of the learned positions; 0 for none.
        skips: whether layers are added to what they read.
        norms: whether what they read is layer-normalized, and so is what the read-out sees.
        biases: whether the MLPs have biases.
        head_sum: the scale of the sum over heads.
        unit_norm: whether embeddings start at norm about 1, rather than with coordinates of
            variance 1. Tied logits are of order 1 at the start only in the first way.
        activation: of the MLPs.

    Raises:
        InvalidInputError: a number out of its range.

    >>> paper = Architecture(a=True)
    >>> paper.depth, paper.heads, paper.embedding, paper.head, paper.mlp
    (2, 16, 128, 64, 256)
    """

    depth: int = 2
    heads: int = 16
    embedding: int = 128
    head: int = 64
    mlp: int = 256
    a: bool = False
    b: bool = False
    read: ReadAt = ReadAt.CLS
    tied: bool = False
    beta: float = 1.0
    gamma: float = 1.0
    skips: bool = True
    norms: bool = True
    biases: bool = True
    head_sum: HeadSum = HeadSum.PLAIN
    unit_norm: bool = False
    activation: Nonlinearity = Nonlinearity.GELU

    def __post_init__(self) -> None:
        for name in ("depth", "heads", "embedding", "head"):
            whole(name, getattr(self, name), least=1)
        whole("mlp", self.mlp)
        convert_fields(self, beta=nonnegative, gamma=nonnegative)
        if self.norms and self.embedding < 2:
            raise InvalidInputError("embedding", self.embedding, "a norm needs at least 2 of it")

    @classmethod
    def section_2(
        cls,
        *,
        heads: int,
        embedding: int,
        head: int,
        mlp: int,
        beta: float = 1.0,
        gamma: float = 1.0,
        activation: Nonlinearity = Nonlinearity.COS,
    ) -> Architecture:
        """The depth-1 network whose random features have the kernel K_trans (Section 2).

        Raises:
            InvalidInputError: a number out of its range.
        """
        return cls(
            depth=1,
            heads=heads,
            embedding=embedding,
            head=head,
            mlp=mlp,
            beta=beta,
            gamma=gamma,
            skips=False,
            norms=False,
            biases=False,
            head_sum=HeadSum.ROOT,
            activation=activation,
        )

    @classmethod
    def section_5(
        cls, *, heads: int, embedding: int, head: int, gamma: float = 0.0, b: bool = False
    ) -> Architecture:
        """The attention layer with tied embeddings that copies a symbol (Section 5).

        Raises:
            InvalidInputError: a number out of its range.
        """
        return cls(
            depth=1,
            heads=heads,
            embedding=embedding,
            head=head,
            mlp=0,
            b=b,
            read=ReadAt.LAST,
            tied=True,
            gamma=gamma,
            skips=False,
            norms=False,
            biases=False,
            head_sum=HeadSum.MEAN,
            unit_norm=True,
        )

    @property
    def head_factor(self) -> float:
        """What stands before the sum over heads."""
        return {HeadSum.PLAIN: 1.0, HeadSum.ROOT: self.heads**-0.5, HeadSum.MEAN: 1 / self.heads}[
            self.head_sum
        ]
