"""The figures: which tasks, which arms, what varies, and at which size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from kernels import InvalidInputError
from kernels.boundary.checks import whole
from theory import catalogue
from validation.experiments.scale import Scale, by_scale
from validation.experiments.training.arms import Arm, Size
from validation.experiments.training.point import Training


class Extent(StrEnum):
    """How large the networks are and how long they train.

    TASTE is what the report computes by itself. CPU fits a few hours of two cores. PAPER has the
    sizes of the paper's Appendix A.
    """

    TASTE = "taste"
    CPU = "cpu"
    PAPER = "paper"


SIZES: Mapping[Extent, Size] = {
    Extent.TASTE: Size(2, 2, 32, 16, 64, 1e-3, 256, 0, 1_000, 1),
    Extent.CPU: Size(2, 2, 32, 16, 64, 1e-3, 256, 0, 1_500, 3),
    Extent.PAPER: Size(),
}
QUICK = Size(1, 1, 8, 8, 8, 1e-2, 32, 0, 20, 1)
QUICK_ARMS = Arm.MLP, Arm.MLP_XXT
"""Of a quick run, which only shows that it runs: perceptrons compile in a fraction of the time."""

SAMPLES: Mapping[Extent, tuple[int, ...]] = {
    Extent.TASTE: (512, 2048),
    Extent.CPU: tuple(2**p for p in range(8, 15)),
    Extent.PAPER: tuple(2**p for p in range(8, 17)),
}

TRANSFORMERS = Arm.VANILLA, Arm.A, Arm.B, Arm.AB
EVERY = *TRANSFORMERS, Arm.MLP, Arm.MLP_XXT, Arm.DEPTH_1, Arm.DEPTH_1_A
"""Every arm but that which learns b_h fast, which is about symbols as labels."""


@dataclass(frozen=True)
class Figure:
    """One figure: curves over what varies.

    Attributes:
        name: how it is asked for.
        title: what it shows.
        tasks: names of the catalogue; each has curves of its own.
        arms: which networks.
        over: what varies: ``"n"``, or a field of `Size`.
        values: where, if not n.
        n: training strings where something else varies.
        cpu_samples: training strings at the size of a CPU, where the usual ones take too long.
        samples: training strings at any size, where others are asked for.
        attention_only: whether it is about the network of Section 5.
    """

    name: str
    title: str
    tasks: tuple[str, ...]
    arms: tuple[Arm, ...]
    over: str = "n"
    values: tuple[float, ...] = ()
    n: int = 1024
    cpu_samples: tuple[int, ...] = ()
    samples: tuple[int, ...] = ()
    attention_only: bool = False

    def points(self, extent: Extent, scale: Scale = Scale.FULL) -> list[Training]:
        """The points, those of few samples first.

        Args:
            extent: the sizes.
            scale: a quick run of the report has the smallest networks there are, perceptrons.
        """
        size = QUICK if scale is Scale.QUICK else SIZES[extent]
        size = replace(size, attention_only=self.attention_only)
        own = self.cpu_samples if extent is Extent.CPU else ()
        counts = QUICK_SAMPLES[scale] or self.samples or own or SAMPLES[extent]
        if self.over == "n":
            places = [(n, size) for n in counts]
        else:
            places = [(self.n, _varied(size, self.over, value)) for value in self.values]
        return [
            Training(task, str(arm), n, at)
            for n, at in places
            for task in self.tasks
            for arm in (QUICK_ARMS if scale is Scale.QUICK else self.arms)
        ]


def _varied(size: Size, field: str, value: float) -> Size:
    """The size with one number changed, which is whole wherever the number was."""
    changed: dict[str, Any] = {field: type(getattr(size, field))(value)}
    return replace(size, **changed)


QUICK_SAMPLES = by_scale((16,), ())
"""Training strings where the scale decides them; empty where the extent does."""

_B1 = "aba-abb"
_SOME = 256, 1024, 4096, 16_384
_SOME_FEW = 128, 512, 2048
"""With symbols as labels every step has a logit for each of them."""

FIGURES = (
    Figure("aba-abb", "αβα against αββ", ("aba-abb",), TRANSFORMERS),
    Figure("figure-1", "Programs that print a variable (Figure 1)", ("programs",), TRANSFORMERS),
    Figure("arms", "Every arm", ("aba-abb",), EVERY),
    Figure("same-different", "αα against αβ", ("same-different",), TRANSFORMERS),
    Figure(
        "figure-2",
        "Programs that print a string (Figure 2)",
        ("quoted-programs", "printing"),
        (Arm.VANILLA, Arm.B),
        cpu_samples=_SOME_FEW,
    ),
    Figure(
        "figure-5",
        "Copying, over the embedding dimension (Figure 5)",
        ("copying-1", "copying-2"),
        (Arm.VANILLA, Arm.B, Arm.B_FAST),
        over="embedding",
        values=tuple(float(2**p) for p in range(5, 12)),
        n=256,
        attention_only=True,
    ),
    Figure("depth", "Over depth (Appendix B.1)", (_B1,), TRANSFORMERS[:2], "depth", (1, 2, 3, 4)),
    Figure(
        "width", "Over width (Appendix B.1)", (_B1,), TRANSFORMERS[:2], "embedding",
        (16, 32, 64, 128),
    ),
    Figure("heads", "Over heads (Appendix B.1)", (_B1,), TRANSFORMERS[:2], "heads", (1, 2, 4, 8)),
    Figure(
        "rate", "Over the learning rate (Appendix B.1)", (_B1,), TRANSFORMERS[:2], "rate",
        (1e-4, 3e-4, 1e-3, 3e-3, 1e-2),
    ),
    Figure(
        "batch", "Over the batch size (Appendix B.1)", (_B1,), TRANSFORMERS[:2], "batch",
        (64, 128, 256, 512, 1024),
    ),
    Figure(
        "tasks",
        "Over tasks (Appendix B.2)",
        ("same-different", "aba-abb", "majority-3", "majority-5", "majority-7"),
        (Arm.A,),
        cpu_samples=_SOME,
    ),
    Figure(
        "templates",
        "Over the number of random templates (Appendix B.2)",
        ("random-2:length=5,wildcards=3", "random-4:length=5,wildcards=3",
         "random-8:length=5,wildcards=3", "random-16:length=5,wildcards=3"),
        (Arm.A,),
        cpu_samples=_SOME,
    ),
)  # fmt: skip
"""In the order of the report."""

TASTED = Figure("taste", "A first taste: αβα against αββ", ("aba-abb",), TRANSFORMERS[:2])
"""What the report trains by itself."""


def figure(name: str) -> Figure:
    """A figure by its name.

    Raises:
        InvalidInputError: there is none of this name.

    >>> figure("figure-1").tasks
    ('programs',)
    """
    for known in FIGURES:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in FIGURES)
    raise InvalidInputError("figure", name, f"the figures are {names}")


def with_samples(chosen: Figure, counts: Sequence[int]) -> Figure:
    """The figure at these numbers of training strings.

    Raises:
        InvalidInputError: a count that is not a whole number of at least 1, none, or a figure over
            something else.
    """
    if chosen.over != "n":
        raise InvalidInputError("n", list(counts), f"{chosen.name} is a figure over {chosen.over}")
    samples = tuple(sorted({whole("n", n, least=1) for n in counts}))
    if not samples:
        raise InvalidInputError("n", list(counts), "give at least one")
    return replace(chosen, samples=samples)


def of_task(task: str, arms: Sequence[Arm] = ()) -> Figure:
    """Curves over n of any task of the catalogue.

    Args:
        task: its name.
        arms: the four transformers where left out.

    Raises:
        InvalidInputError: an unknown task.
    """
    catalogue.find_any(task)
    return Figure(f"task-{task}", task, (task,), tuple(arms) or TRANSFORMERS)
