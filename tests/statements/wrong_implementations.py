"""Wrong implementations of what Sections 3 to 5 are about, one for each statement at least."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np

from kernels import MLPKernel
from kernels.contract.table import PatternTable
from kernels.estimates import Estimate
from tests.instances import TWO
from tests.statements.wrong import OPEN, Wrong
from theory import TemplateTask, catalogue
from theory.statements.section_4_1 import definition_4_1
from theory.substitution import UniformDistinct, WeightedDistinct
from theory.template import Template

_MATCH, _DIVERSITY = Template.match, TemplateTask.diversity
_READ = PatternTable.__getitem__
_MAJORITY = catalogue.majority


def _gives_up(z: Template, x: str) -> dict[str, str] | None:
    return None if len(z.wildcards) > 4 else _MATCH(z, x)


def _following(law: UniformDistinct, n: int, rng: np.random.Generator) -> np.ndarray:
    """The wildcards after the first become the tokens after its."""
    first = rng.integers(law.size, size=n, dtype=np.int32)
    return (first[:, None] + np.arange(law.draws, dtype=np.int32)) % np.int32(law.size)


def _in_pairs(law: UniformDistinct, n: int, rng: np.random.Generator) -> np.ndarray:
    """Each substitution is used for two samples."""
    found = np.argsort(rng.random((n, law.size)), axis=1)[:, : law.draws].astype(np.int32)
    found[1::2] = found[: n - n % 2 : 2]
    return found


def _without_named(task: TemplateTask, alphabet: object) -> float:
    """Diversity that forgets the named tokens of a law."""
    law = task.law(alphabet)  # type: ignore[arg-type]
    regular = [*law.named]
    return min(law.distinct(len(z.wildcards), regular).diversity for z in task.templates)


@contextmanager
def _stale_table() -> Iterator[None]:
    """A table of values that belong to another kernel."""

    def read(table: PatternTable, key: object) -> Estimate:
        return _READ(table, key) * 1.1  # type: ignore[arg-type]

    with patch.object(PatternTable, "__getitem__", read):
        yield


SECTIONS: tuple[Wrong, ...] = (
    Wrong(
        "Definition 3.1",
        "gives up beyond 4 wildcards",
        lambda: patch.object(Template, "match", _gives_up),
    ),
    Wrong(
        "Definition 3.2",
        "the second wildcard follows the first",
        lambda: patch.object(UniformDistinct, "sample", _following),
    ),
    Wrong(
        "Definition 3.2",
        "substitutions used twice",
        lambda: patch.object(UniformDistinct, "sample", _in_pairs),
    ),
    Wrong(
        "Definition 3.2",
        "weights ignored",
        lambda: patch.object(
            WeightedDistinct,
            "sample",
            lambda law, n, rng: UniformDistinct(len(law._weights), law.draws).sample(n, rng),
        ),
    ),
    Wrong("Definition 3.3", "an MLP at epsilon = 0.1", outcomes=OPEN, task=TWO, kernel=MLPKernel),
    Wrong(
        "Template counts",
        "a template left out",
        lambda: patch.object(catalogue, "majority", lambda k: _MAJORITY(max(k - 1, 2))),
    ),
    Wrong(
        "Definition 4.1",
        "no overlap is ever seen",
        lambda: patch.object(definition_4_1, "common_string", lambda *_: None),
    ),
    Wrong(
        "Definition 4.2",
        "named tokens forgotten",
        lambda: patch.object(TemplateTask, "diversity", _without_named),
    ),
    Wrong(
        "Definition 4.2",
        "a sampler of other weights",
        lambda: patch.object(
            WeightedDistinct,
            "sample",
            lambda law, n, rng: law._order[
                (len(law._weights) - 1 - np.zeros((n, 1), int) - np.arange(law.draws)) % law.draws
            ],
        ),
    ),
    Wrong("Equation (12)", "the same cached value read twice", _stale_table),
    Wrong("Observation 1.2", "the same cached value read twice", _stale_table),
)
