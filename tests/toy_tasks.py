"""Tasks that do not do what they say, for tests of the checks."""

from __future__ import annotations

from collections.abc import Sequence

from theory import Sample, TemplateTask, TokenLaw
from theory.template import Template


class BiasedTask(TemplateTask):
    """Draws the first template too often."""

    def sample(self, n: int, *, alphabet: int | TokenLaw, noise: float = 0.0, seed: int) -> Sample:
        weights = tuple(3.0 if i == 0 else 1.0 for i in range(len(self)))
        other = TemplateTask(self.templates, self.labels, weights)
        return other.sample(n, alphabet=alphabet, noise=noise, seed=seed)


class QuietTask(TemplateTask):
    """Forgets half of the noise."""

    def sample(self, n: int, *, alphabet: int | TokenLaw, noise: float = 0.0, seed: int) -> Sample:
        return super().sample(n, alphabet=alphabet, noise=noise / 2, seed=seed)


class DoublyDiverseTask(TemplateTask):
    """Takes half of the largest inclusion of a token for it."""

    def diversity(self, alphabet: int | TokenLaw) -> float:
        return 2.0 * super().diversity(alphabet)


class UncheckedTask(TemplateTask):
    """Accepts templates that some string matches both of."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", (1.0 / len(self.templates),) * len(self.templates))


def unchecked(templates: Sequence[str]) -> UncheckedTask:
    """Templates as they are written, overlapping or not, with labels 1, 2, ..."""
    labels = tuple(float(i + 1) for i in range(len(templates)))
    return UncheckedTask(tuple(Template.parse(z) for z in templates), labels)
