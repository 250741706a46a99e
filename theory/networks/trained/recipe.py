"""How a network is trained: Adam, the batches, and how often it is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from kernels.boundary.checks import convert_fields, positive, whole


@dataclass(frozen=True)
class Recipe:
    """Adam with a constant learning rate; the defaults are those of the paper's Appendix A.

    An epoch shuffles the training strings and takes them in batches of one size; what is left
    over when n is no multiple of it waits for the next epoch.

    Attributes:
        rate: the learning rate.
        batch: strings in a batch; all of them where there are fewer.
        epochs: how many, at least; 0 leaves it to ``steps``.
        steps: how many, at least; whichever of the two asks for more.
        looks: how often, at most, validation and test are looked at, at equal distances.

    Raises:
        InvalidInputError: a rate that is not positive, or a number out of its range.
    """

    rate: float = 1e-3
    batch: int = 1024
    epochs: int = 1000
    steps: int = 0
    looks: int = 50

    def __post_init__(self) -> None:
        convert_fields(self, rate=positive)
        for name, least in (("batch", 1), ("epochs", 0), ("steps", 0), ("looks", 1)):
            whole(name, getattr(self, name), least=least)
        whole("epochs", self.epochs, least=0 if self.steps else 1)

    def plan(self, n: int) -> Plan:
        """How it is laid out for n training strings.

        >>> Recipe(batch=256, epochs=0, steps=2_500).plan(4_096)
        Plan(batch=256, batches=16, epochs=4, looks=40)
        """
        batch = min(self.batch, n)
        batches = n // batch
        epochs = max(self.epochs, -(-self.steps // batches))
        each = -(-epochs // self.looks)
        return Plan(batch, batches, each, -(-epochs // each))


@dataclass(frozen=True)
class Plan:
    """A recipe for a given n.

    Attributes:
        batch: strings in a batch.
        batches: in an epoch.
        epochs: between two looks.
        looks: how many.
    """

    batch: int
    batches: int
    epochs: int
    looks: int

    @property
    def steps(self) -> int:
        """Of the whole run."""
        return self.batches * self.epochs * self.looks
