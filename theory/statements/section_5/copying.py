"""Losses of attention that should copy a token, at initialization: Section 5 and Appendix J."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, Unpack

import numpy as np
from jaxtyping import Float64

from kernels.estimates import Estimate, Numerical
from theory.power_laws import PowerLaw, fit_draws
from theory.statements.framework.claims import AtMost, Claim
from theory.statements.framework.examination import Examination
from theory.statements.framework.series import Entry, Series
from theory.statements.framework.setting import Setting
from theory.statements.shared.claims.falls import falls

if TYPE_CHECKING:
    from fractions import Fraction

    from theory.networks.copying import Copying

_WIDTHS = tuple(2**k for k in range(5, 13))

_QUICK_WIDTHS = (2**5, 2**8, 2**11)
"""Embedding dimensions."""

_DRAWS = 64
"""Networks at each width."""

_CHECKED_WIDTH = 32
"""Embedding dimension at which automatic differentiation checks the closed form."""

LOSSES = ("training loss", "test loss")
"""As the table of means names them."""

_ROUNDING = 1e-13
"""Of two routes to derivatives of order 1, through sums of some thousand terms."""


@dataclass(frozen=True, eq=False)
class Measured:
    """Both derivatives at 0 in independent networks of several widths.

    Attributes:
        model: the architecture.
        widths: embedding dimensions.
        draws: for each width, what each matrix adds to dL_train/dt and dL_test/dt in each network.
        rates: the learning rate of each matrix.
        seed: of the networks.
    """

    model: Copying
    widths: Sequence[int]
    draws: Sequence[Float64[np.ndarray, "draws 2 g"]]
    rates: Float64[np.ndarray, " g"]
    seed: int

    @classmethod
    def of(cls, model: Copying, identity: float, setting: Setting) -> Measured:
        """Draw networks; ``identity * H`` is the learning rate of each b_h."""
        from theory.networks.copying_kernel import (  # noqa: PLC0415 - JAX is slow to import
            derivatives,
        )
        from theory.networks.copying_signals import draw_signals  # noqa: PLC0415

        widths = _QUICK_WIDTHS if setting.quick else _WIDTHS
        seeds = np.random.SeedSequence(setting.seed).generate_state(_DRAWS * len(widths))
        draws = [
            np.array([derivatives(draw_signals(model, width, seed=int(s)), model) for s in part])
            for width, part in zip(widths, np.array_split(seeds, len(widths)), strict=True)
        ]
        return cls(model, widths, draws, rates_of(model, identity), setting.seed)

    @property
    def limits(self) -> Float64[np.ndarray, "2 g"]:
        """What each matrix adds in the limit of wide networks."""
        from theory.networks.copying_kernel import limits  # noqa: PLC0415 - JAX is slow to import

        return limits(self.model, 1.0 / self.model.heads)  # d_head = d_emb / heads

    def limit(self, loss: int) -> float:
        """Of the derivative of the training loss (0) or the test loss (1)."""
        return float(self.limits[loss] @ self.rates)

    def values(self, loss: int) -> list[Float64[np.ndarray, " draws"]]:
        """The derivative in each network, width by width."""
        return [part[:, loss] @ self.rates for part in self.draws]

    def approach(self, loss: int) -> tuple[PowerLaw, dict[str, object]]:
        """How fast the limit is approached, and the numbers that say so."""
        values, limit = self.values(loss), self.limit(loss)
        law = self.law([v - limit for v in values])
        means = [float(v.mean()) for v in values]
        return law, {"limit": limit, "means": means, "of": "the deviation from the limit"}

    def law(self, errors: Sequence[Float64[np.ndarray, " draws"]]) -> PowerLaw:
        """The rate at which a quantity falls with the width."""
        return fit_draws(self.widths, [e**2 for e in errors], seed=self.seed)

    def means(self) -> list[list[Entry]]:
        """Rows of the table of means: gamma, loss, width and mean."""
        gamma = self.model.weight
        return [
            [gamma, name, width, float(values.mean())]
            for loss, name in enumerate(LOSSES)
            for width, values in zip(self.widths, self.values(loss), strict=True)
        ]


def rates_of(model: Copying, identity: float) -> Float64[np.ndarray, " g"]:
    """Learning rates: 1 for E, p, V_h and O_h; ``identity * H`` for each b_h.

    At rate 1 the gradients of E, p, V_h, O_h, at their initial scale, move the losses at a speed
    of order 1 (in d_emb). The gradient in b_h carries the 1/H of the mean over heads, and
    f depends on the mean of the b_h: rate H gives that mean a speed of order 1, whatever H.
    """
    from theory.networks.copying_kernel import matrices  # noqa: PLC0415 - JAX is slow to import

    return np.array([identity * model.heads if m[0] == "b" else 1.0 for m in matrices(model)])


def worst_ratios(
    found: Float64[np.ndarray, "draws 2 g"], trained: Float64[np.ndarray, " g"]
) -> Float64[np.ndarray, " draws"]:
    """The largest ``|dL_test/dt| / |dL_train/dt|`` over all learning rates, for each network.

    With rates eta, dL_train/dt = sum eta T with every T <= 0, and dL_test/dt = sum eta S. So
    |dL_test/dt| <= max(|S| / |T|) |dL_train/dt|, with equality where one matrix alone moves.
    """
    used = trained > 0.0
    speed, effect = -found[:, 0, used], np.abs(found[:, 1, used])
    moving = speed > 0.0  # a matrix with zero gradient moves nothing, at any rate
    return np.where(moving, effect / np.where(moving, speed, 1.0), 0.0).max(axis=1)


def autodiff_claim(model: Copying, *, seed: int) -> Claim:
    """The closed form of the tangent kernel against automatic differentiation, weights alike."""
    from theory.networks.copying import (  # noqa: PLC0415 - JAX is slow to import
        derivatives_by_autodiff,
        initial_weights,
    )
    from theory.networks.copying_kernel import derivatives  # noqa: PLC0415
    from theory.networks.copying_signals import signals_of  # noqa: PLC0415

    weights = initial_weights(model, _CHECKED_WIDTH, seed=seed)
    closed = derivatives(signals_of(weights, model), model)
    gap = float(np.abs(closed - derivatives_by_autodiff(weights, model)).max())
    return AtMost(
        f"closed form = automatic differentiation, gamma = {model.weight:g}",
        Estimate(gap, Numerical(0.0)),
        Estimate(_ROUNDING, Numerical(0.0)),
    )


class Shape(TypedDict, total=False):
    """What a user may set of the task and the network.

    Attributes:
        tokens: m, the size of the alphabet.
        seen: n, how many of them are trained on.
        heads: H.
        gamma: the positional weight, a fraction where limits are to be exact; 0 and 1, one after
            the other, where left out.
    """

    tokens: int
    seen: int
    heads: int
    gamma: float | Fraction


SETTINGS = tuple(Shape.__annotations__)


def examine_copies(
    setting: Setting,
    models: Sequence[Copying] | None,
    identity: float,
    examine_test_loss: Callable[[Measured], tuple[list[Claim], str]],
    **shape: Unpack[Shape],
) -> Examination:
    """The routes agree, dL_train/dt tends to its limit, and what is said of dL_test/dt.

    Raises:
        InvalidInputError: no token is left unseen, or another number is out of range.
    """
    from theory.networks.copying import Copying  # noqa: PLC0415 - JAX is slow to import

    shapes = [shape] if "gamma" in shape else [{**shape, "gamma": g} for g in (0.0, 1.0)]
    claims: list[Claim] = []
    ends, rows = [], []
    for model in models or [Copying(**one) for one in shapes]:
        found = Measured.of(model, identity, setting)
        law, evidence = found.approach(0)
        claims.append(autodiff_claim(model, seed=setting.seed))
        claims.append(falls(f"dL_train/dt = O(1), gamma = {model.weight:g}", law, evidence))
        more, end = examine_test_loss(found)
        claims.extend(more)
        ends.append(f"{end} at γ = {model.weight:g}")
        rows += found.means()
    stated = {
        "embedding_dimensions": list(found.widths),
        "draws": _DRAWS,
        "learning_rates": f"1 for E, p, V_h, O_h; {identity:g} H for b_h",
    }
    means = Series.of_rows("means", ["gamma", "loss", "dimension", "mean"], rows)
    return Examination(claims, f"dL_test/dt {', '.join(ends)}", stated, [means])
