"""Wrong implementations of what Sections 3 to 5 are about, one for each statement at least."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import numpy as np

from kernels import MLPKernel
from tests import toy_kernels
from tests.instances import SAME, TWO
from tests.statements.refused.implementations.section_4 import SECTION_4
from tests.statements.refused.implementations.wrong import OPEN, Wrong
from theory import TemplateTask, catalogue
from theory.networks import copying_kernel
from theory.statements.section_4_1 import definition_4_1
from theory.statements.section_5 import copying
from theory.substitution import UniformDistinct, WeightedDistinct
from theory.template import Template
from theory.tuple_law import TupleTokens

_MATCH = Template.match
_MAJORITY = catalogue.majority
_RATES = copying.rates_of
_LIMITS, _DERIVATIVES = copying_kernel.limits, copying_kernel.derivatives


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


def _as_if_uniform(law: TupleTokens) -> float:
    return law.size / law.draws


def _tuples_alike(law: TupleTokens, n: int, rng: np.random.Generator) -> np.ndarray:
    return law.tuples[rng.integers(len(law.tuples), size=n)]


def _one_by_one(law: TupleTokens, n: int, rng: np.random.Generator) -> np.ndarray:
    """Each wildcard with its own law, and none with the others'."""
    rows = rng.choice(len(law.tuples), size=(n, law.draws), p=law.probabilities)
    return law.tuples[rows, np.arange(law.draws)]


def _without_named(task: TemplateTask, alphabet: object) -> float:
    """Diversity that forgets the named tokens of a law."""
    law = task.law(alphabet)  # type: ignore[arg-type]
    regular = [*law.named]
    return min(law.distinct(len(z.wildcards), regular).diversity for z in task.templates)


def _times(factor: float, honest: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    return lambda *given: factor * honest(*given)


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
            lambda law, n, _: law._order[
                (len(law._weights) - 1 - np.zeros((n, 1), int) - np.arange(law.draws)) % law.draws
            ],
        ),
    ),
    Wrong(
        "Definition 4.2",
        "the diversity of independent wildcards",
        lambda: patch.object(TupleTokens, "diversity", property(_as_if_uniform)),
    ),
    Wrong(
        "Definition 4.2",
        "tuples equally likely",
        lambda: patch.object(TupleTokens, "sample", _tuples_alike),
    ),
    Wrong(
        "Definition 3.2",
        "dependent wildcards drawn one by one",
        lambda: patch.object(TupleTokens, "sample", _one_by_one),
    ),
    Wrong("Equation (3)", "a doubled kernel", task=SAME, kernel=toy_kernels.DoubledKernel),
    *SECTION_4,
    Wrong("Theorem 5.1", "as it stands"),
    Wrong(
        "Theorem 5.1",
        "trained b_h",
        lambda: patch.object(copying, "rates_of", lambda model, _: _RATES(model, 1.0)),
        settings={"gamma": 0.0},
    ),
    Wrong(
        "Theorem 5.1",
        "limits off by a millionth",
        lambda: patch.object(copying_kernel, "limits", _times(1.0 + 1e-6, _LIMITS)),
        settings={"gamma": 0.0},
    ),
    Wrong(
        "Theorem 5.1",
        "derivatives off by a millionth",
        lambda: patch.object(copying_kernel, "derivatives", _times(1.0 + 1e-6, _DERIVATIVES)),
        settings={"gamma": 0.0},
    ),
    Wrong(
        "Theorem 5.2",
        "no b_h",
        lambda: patch.object(copying, "rates_of", lambda model, _: _RATES(model, 0.0)),
    ),
)
