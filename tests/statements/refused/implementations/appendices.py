"""Wrong implementations of what the appendices are about, one for each statement at least."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from fractions import Fraction
from unittest.mock import patch

import numpy as np

from kernels.activations import Cosine
from kernels.estimates import EstimateArray
from kernels.regression.ridge import KernelRidge
from kernels.strings.patterns import Pattern
from tests.instances import TOY, TWO
from tests.statements.refused.implementations.appendix_f import APPENDIX_F
from tests.statements.refused.implementations.networks import NETWORKS
from tests.statements.refused.implementations.section_4 import half_phase
from tests.statements.refused.implementations.wrong import Breaking, Wrong
from tests.statements.refused.instances.appendices import (
    first_token,
    geometric,
)
from tests.toy_kernels import RelationalKernel
from theory import IdealizedRidge, catalogue
from theory.derivatives.series import repeated_token
from theory.statements.appendix_c import definition_c_1
from theory.statements.appendix_d.claim_d_5 import RidgePair
from theory.statements.appendix_d.idealized_system import IdealizedSystem
from theory.statements.appendix_g import (
    definition_g_2,
    known_series,
    lemma_g_1,
    lemma_g_3,
    lemma_g_4,
    lemma_g_5,
    lemma_g_6,
    lemma_g_7,
    lemma_g_9,
    power_series,
    softmax_series,
)
from theory.statements.appendix_i import remark_i_6
from theory.statements.appendix_j import definition_j_1
from theory.template import Template

_FIT, _LABEL = IdealizedRidge.fit, definition_j_1.symbolic_label
_DISC, _KNOWN, _SUM = (
    lemma_g_1.disc_coefficients,
    known_series.known_functions,
    power_series.absolute_sum,
)
_TORUS, _PRODUCT = lemma_g_1.torus_coefficients, power_series.multiplied
_M = softmax_series.softmax_bound()


class AsymmetricFromThree(RelationalKernel):
    """Token-symmetric on strings of one and two tokens alone."""

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = 1) -> EstimateArray:  # noqa: ARG002
        late = np.array([0.1 * p.x[0] * (p.length > 3) for p in patterns])
        return super().evaluate(patterns) + late


class AsymmetricAtRepeats(RelationalKernel):
    """Token-symmetric on strings of different tokens alone, and on those numbered by place."""

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = 1) -> EstimateArray:  # noqa: ARG002
        repeats = np.array([0.1 * p.x[0] * (len(set(p.x)) < p.length) for p in patterns])
        return super().evaluate(patterns) + repeats


def _says(number: float) -> Callable[..., EstimateArray]:
    """A predictor that says one number everywhere."""

    def predict(self: object, strings: Sequence[object], **_: object) -> EstimateArray:
        del self
        return EstimateArray.exact(np.full(len(strings), number))

    return predict


def _real(number: float) -> Breaking:
    return lambda: patch.object(KernelRidge, "predict", _says(number))


@contextmanager
def _both_say_25() -> Iterator[None]:
    """A gap of 0, of two wrong predictors."""
    says = _says(25.0)
    with patch.object(KernelRidge, "predict", says), patch.object(IdealizedRidge, "predict", says):
        yield


def _weights(of: Callable[[IdealizedSystem], np.ndarray]) -> Breaking:
    """Other weights in the n-by-n system."""
    return lambda: patch.object(IdealizedSystem, "weights", property(of))


def _nothing(system: IdealizedSystem) -> np.ndarray:
    return np.zeros_like(system.indicator)


def _means(system: IdealizedSystem) -> np.ndarray:
    return system.indicator / system.counts


def _more_than_it_moves(pair: RidgePair) -> float:
    """A tenth more than the bound where that is attained."""
    return 1.1 * pair.bound


def _half_fit(self: IdealizedRidge, templates: Sequence[int], labels: np.ndarray) -> IdealizedRidge:
    return _FIT(self, templates, 0.5 * labels)


def _whatever_the_label(template: Template, label: str, string: str) -> str | None:
    """A label for a wildcard whose token no string tells."""
    return _LABEL(template, label if label in template.tokens else template.tokens[0], string)


def _in_each(modules: Sequence[object], name: str, value: object) -> Breaking:
    """A function replaced wherever it was imported to."""

    @contextmanager
    def breaking() -> Iterator[None]:
        with ExitStack() as stack:
            for module in modules:
                stack.enter_context(patch.object(module, name, value))
            yield

    return breaking


def _bound(module: object, factor: float) -> Breaking:
    """M times a factor."""
    return lambda: patch.object(module, "softmax_bound", lambda: factor * _M)


def _wide() -> dict[str, object]:
    """Known series with twice their radii."""
    return {name: (f, 2 * radius, bound) for name, (f, radius, bound) in _KNOWN().items()}


def _off_axes(name: str, honest: Callable[..., np.ndarray]) -> Breaking:
    """A series off the axes that is off by a thousandth, where those at the axes have a radius."""

    @contextmanager
    def breaking() -> Iterator[None]:
        with (
            patch.object(lemma_g_1, "lower_bound", lambda n: Fraction(1, 2**n)),
            patch.object(repeated_token, "coefficients", geometric),
            patch.object(lemma_g_1, name, lambda *at: 1.001 * honest(*at)),
        ):
            yield

    return breaking


def _same(first: object, second: object) -> object:
    """The first of two arguments."""
    del second
    return first


def _no_others() -> AbstractContextManager[object]:
    """The kernel given is examined, and none beside it."""
    return patch.object(definition_c_1, "package_kernels", tuple)


MAJORITY = catalogue.majority(4)


def _toy() -> RelationalKernel:
    return TOY


APPENDICES: tuple[Wrong, ...] = (
    Wrong("Definition C.1", "asymmetric from length 3 on", _no_others, kernel=AsymmetricFromThree),
    Wrong("Definition C.1", "asymmetric at repeats", _no_others, kernel=AsymmetricAtRepeats),
    Wrong(
        "Equation (16)",
        "half of the labels",
        lambda: patch.object(IdealizedRidge, "fit", _half_fit),
        task=TWO,
        kernel=_toy,
    ),
    Wrong("Claim D.2", "25 everywhere", _real(25.0), task=TWO, kernel=_toy),
    Wrong("Claim D.2", "0 everywhere", _real(0.0), task=TWO, kernel=_toy),
    Wrong("Claim D.2", "both say 25 everywhere", _both_say_25, task=TWO, kernel=_toy),
    Wrong("Claim D.3", "zero weights on majority-4", _weights(_nothing), task=MAJORITY),
    Wrong("Claim D.3", "means without a ridge", _weights(_means), task=TWO, kernel=_toy),
    Wrong("Claim D.4", "zero weights on majority-4", _weights(_nothing), task=MAJORITY),
    Wrong("Claim D.4", "zero weights", _weights(_nothing), task=TWO, kernel=_toy),
    Wrong(
        "Claim D.5",
        "a tenth more than the solution",
        lambda: patch.object(RidgePair, "change", property(_more_than_it_moves)),
    ),
    Wrong("Claim E.2", "cos(b2)", lambda: patch.object(Cosine, "dual", half_phase)),
    Wrong(
        "Lemma G.1",
        "a series off by a thousandth",
        _off_axes("disc_coefficients", _DISC),
    ),
    Wrong(
        "Lemma G.1",
        "a series in both variables off by a thousandth",
        _off_axes("torus_coefficients", _TORUS),
    ),
    Wrong(
        "Definition G.2",
        "twice the sum",
        _in_each(
            (known_series, definition_g_2), "absolute_sum", lambda f, radius: 2 * _SUM(f, radius)
        ),
    ),
    Wrong(
        "Lemma G.3",
        "the outer function alone",
        lambda: patch.object(lemma_g_3, "composed", _same),
    ),
    Wrong(
        "Lemma G.4",
        "twice the product",
        lambda: patch.object(
            lemma_g_4,
            "multiplied",
            lambda f, g: tuple(2 * c for c in _PRODUCT(f, g)),
        ),
    ),
    Wrong(
        "Lemma G.5", "twice the radius", lambda: patch.object(lemma_g_5, "known_functions", _wide)
    ),
    Wrong("Lemma G.6", "a constant 25 times too small", _bound(lemma_g_6, 1 / 25)),
    Wrong("Lemma G.6", "a constant 21 times too large", _bound(lemma_g_6, 21.0)),
    Wrong("Lemma G.7", "a constant 25 times too small", _bound(lemma_g_7, 1 / 25)),
    Wrong("Lemma G.7", "a constant 21 times too large", _bound(lemma_g_7, 21.0)),
    Wrong("Lemma G.8", "a constant 25 times too small", _bound(softmax_series, 1 / 5)),
    Wrong("Lemma G.8", "a constant 21 times too large", _bound(softmax_series, 21.0)),
    Wrong("Lemma G.9", "a constant 25 times too small", _bound(lemma_g_9, 1 / 25)),
    Wrong(
        "Lemma G.9",
        "a lower bound with a radius",
        lambda: patch.object(lemma_g_9, "lower_bound", lambda n: Fraction(1, 2**n)),
    ),
    *NETWORKS,
    *APPENDIX_F,
    Wrong(
        "Remark I.6",
        "a kernel that sees relations",
        lambda: patch.object(remark_i_6, "mlp_kernels", lambda: [TOY]),
    ),
    Wrong(
        "Definition J.1",
        "the first token",
        lambda: patch.object(definition_j_1, "symbolic_label", first_token),
    ),
    Wrong(
        "Definition J.1",
        "a wildcard that the template has not",
        lambda: patch.object(definition_j_1, "symbolic_label", _whatever_the_label),
    ),
)
