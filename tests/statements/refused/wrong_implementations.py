"""Wrong implementations of what Sections 3 to 5 are about, one for each statement at least."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np

from kernels import MLPKernel
from kernels.contract.table import PatternTable
from kernels.estimates import Estimate
from kernels.transformer import TransformerKernel
from tests import toy_kernels
from tests.instances import SAME, TWO
from tests.statements.refused.wrong import OPEN, REFUSED, UNEARNED, Wrong
from tests.toy_kernels import RelationalKernel
from theory import TemplateTask, catalogue
from theory.statements.section_4_1 import definition_4_1, proposition_4_3
from theory.statements.section_4_2 import (
    indicator_distance,
    lemma_4_6,
    lemma_4_7,
)
from theory.statements.section_4_2.phases import lines
from theory.statements.section_4_2.phases.margin import margin
from theory.statements.section_4_2.rates import certified, fitted
from theory.statements.section_4_3 import section_4_3_a_h
from theory.statements.section_5 import copying
from theory.statements.shared.defaults import mixed_task
from theory.substitution import UniformDistinct, WeightedDistinct
from theory.template import Template

_MATCH, _DIVERSITY = Template.match, TemplateTask.diversity
_READ = PatternTable.__getitem__
_MAJORITY = catalogue.majority
_RIDGE_FIT = proposition_4_3.ridge_predictions
_CERTIFIED = certified.certified
_RATES = copying.rates_of


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


def _off_unseen(gram: np.ndarray, labels: np.ndarray, ridge: float) -> np.ndarray:
    found = _RIDGE_FIT(gram, labels, ridge)
    found[len(labels) :] *= 0.9
    return found


def _indicator_itself(_: np.ndarray, cross: np.ndarray, __: float) -> np.ndarray:
    """1 / |I_i| on the samples of template i: those with the largest values of column i."""
    rows = np.round(cross, 9)
    kinds = np.unique(rows, axis=0)
    own = np.array([[np.array_equal(row, kind) for kind in kinds] for row in rows], dtype=float)
    order = [int(np.argmax(kinds[:, i])) for i in range(cross.shape[1])]
    found: np.ndarray = (own / own.sum(axis=0))[:, order]
    return found


def _with_ratio(_: object, __: object, n: int, symbols: int, ___: int) -> float:
    """It falls with n where symbols grow alike, and grows with n where they do not."""
    return 0.05 * (n / symbols) ** 3 * n**-0.5


def _unbiased(*given: object) -> object:
    found = _CERTIFIED(*given)  # type: ignore[arg-type]
    return dataclasses.replace(found, bias=found.bias * 0.0)


def _negated() -> object:
    evaluate = TransformerKernel.evaluate
    return patch.object(
        TransformerKernel, "evaluate", lambda *given, **more: -evaluate(*given, **more)
    )


@contextmanager
def _counted_twice() -> Iterator[None]:
    """N and K(x, x) in place of what training a adds to them."""
    a_h = section_4_3_a_h
    with (
        patch.object(a_h, "trained_matrix", a_h.pushed_matrix),
        patch.object(a_h, "trained_diagonal", _own_diagonal),
    ):
        yield


def _own_diagonal(beta: float, gamma: float) -> object:
    a_h = section_4_3_a_h
    own = a_h._own_attention(a_h.PushedAttention(beta, gamma))
    return a_h.dual_of_estimates(a_h._PHI, own, own, own)


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
    Wrong("Equation (3)", "a doubled kernel", task=SAME, kernel=toy_kernels.DoubledKernel),
    Wrong("Equation (12)", "the same cached value read twice", _stale_table, REFUSED),
    Wrong("Observation 1.2", "the same cached value read twice", _stale_table, REFUSED),
    Wrong(
        "Proposition 4.3",
        "wrong at unseen strings alone",
        lambda: patch.object(proposition_4_3, "ridge_predictions", _off_unseen),
        task=TWO,
        kernel=RelationalKernel,
    ),
    Wrong(
        "Proposition 4.3",
        "one ridge whatever the decay",
        lambda: patch.object(
            proposition_4_3, "ridge_predictions", lambda k, y, _: _RIDGE_FIT(k, y, 0.5)
        ),
        task=TWO,
        kernel=RelationalKernel,
    ),
    Wrong(
        "Equation (5)",
        "solve returns zeros",
        lambda: patch.object(
            indicator_distance, "ridge_solution", lambda _, cross, __: np.zeros_like(cross)
        ),
        task=mixed_task(),
        kernel=RelationalKernel,
    ),
    Wrong(
        "Equation (5)",
        "the indicator itself, whatever the ridge",
        lambda: patch.object(indicator_distance, "ridge_solution", _indicator_itself),
        task=mixed_task(),
        kernel=RelationalKernel,
    ),
    Wrong(
        "Lemma 4.5",
        "an error 0.05 (n/m)^3 n^(-1/2)",
        lambda: patch.object(fitted, "largest_error", _with_ratio),
        task=SAME,
        kernel=toy_kernels.SymbolKernel,
    ),
    Wrong(
        "Lemma 4.5",
        "certificates of no bias",
        lambda: patch.object(certified, "certified", _unbiased),
        task=SAME,
        kernel=toy_kernels.SymbolKernel,
    ),
    Wrong(
        "Theorem 4.4",
        "an error 0.05 (n/m)^3 n^(-1/2)",
        lambda: patch.object(fitted, "largest_error", _with_ratio),
        task=SAME,
        outcomes=UNEARNED,
    ),
    Wrong(
        "Lemma 4.6",
        "a determinant of 0",
        lambda: patch.object(lines, "scaled_determinant", lambda *_: 0.0),
    ),
    Wrong(
        "Lemma 4.6",
        "Leibniz's formula without signs",
        lambda: patch.object(lemma_4_6, "signed_sum", lambda *_: 1.0),
    ),
    Wrong(
        "Lemma 4.7",
        "distances of the wrong sign",
        lambda: patch.object(lemma_4_7, "margin", lambda attention: -margin(attention)),
        task=TWO,
    ),
    Wrong("Conjecture on activations", "a negative eigenvalue", _negated, REFUSED),
    Wrong("Open point 2", "as it stands"),
    Wrong(
        "Section 4.3, a_h",
        "the last layer counted twice",
        _counted_twice,
        UNEARNED,
    ),
    Wrong("Theorem 5.1", "as it stands"),
    Wrong(
        "Theorem 5.2",
        "no b_h",
        lambda: patch.object(copying, "rates_of", lambda model, _: _RATES(model, 0.0)),
    ),
)
