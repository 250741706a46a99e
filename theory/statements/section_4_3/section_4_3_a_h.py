"""Section 4.3's parametrization ``W_K W_Q^T + a I``, and the template matrix of αα and αβ under it.

With embeddings ``Z = X W_E + gamma P`` whose rows have norms of order 1, the term adds
``a Z z_[CLS]`` to the logits read at [CLS]. In the limit of wide embeddings that is

    a (X X^T + gamma^2 I) e_[CLS] = a (1 + gamma^2) e_[CLS],

since [CLS] occurs once: a push of one logit, the same for every string. A query at any other
position would read ``X X^T``, which says what tokens are equal.

With a fixed the kernel is that of equation (3) with the push inside softmax. With a trained from
0 beside the last layer, whose entries are standard Gaussian, the kernel of training gains

    K_a(x, y) = E[phi'(u) phi'(v)] E[ s(x)'^T (X Y^T + gamma^2 I) s(y)' ],   s' = d smax / d a,

the inner product of the network's derivatives by the a_h, in the limit of many heads. It is
positive semidefinite and so is its template matrix N_a. Hence the smallest eigenvalue of N + N_a
is at least that of N, as it would be with any semidefinite matrix added: with the last layer
counted twice, for one. What governs the samples that are needed is the smallest eigenvalue beside
lambda + max d, where d_a = K(x, x) - N_aa grows as well (B2, B3); see `samples_claim`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from jaxtyping import Float64

from kernels.activations import Cosine
from kernels.activations.propagation import dual_of_estimates
from kernels.attention.automatic import Automatic
from kernels.estimates import Estimate, EstimateArray
from kernels.strings.tokens import CLS, tokenize
from kernels.transformer import TransformerKernel
from theory.catalogue import same_different
from theory.matrix.template_matrix import template_matrix
from theory.power_laws import fit_draws
from theory.statements.framework.claims import AtMost, Claim, Equal, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.section_4_3.full_tangent import full_tangent_ratios
from theory.statements.section_4_3.pushed_attention import PushedAttention
from theory.statements.shared.claims.falls import falls

_STRINGS = (("AA", "EE"), ("AB", "CD"))
"""Each template twice; no two strings of different columns share a symbol."""

_PLACES = ((0, 0), (0, 1), (1, 1))
"""The entries of N, which is symmetric."""

_PHI = Cosine(1.0, 0.4)
_POINTS = ((0.5, 2.0), (1.0, 0.5), (1.0, 1.0))
"""Values of (beta, gamma)."""

_PUSHES = (-2.0, -1.0, -0.5, -0.1, 0.1, 0.5, 1.0, 2.0)


def incidence(tokens: Sequence[str], gamma: float, position: int) -> Float64[np.ndarray, " k"]:
    """``(X X^T + gamma^2 I) e_position``: what the term adds, over a, in wide embeddings.

    >>> incidence(("A", "A", "[CLS]"), 1.0, 2), incidence(("A", "A", "[CLS]"), 1.0, 1)
    (array([0., 0., 2.]), array([1., 2., 0.]))
    """
    added = np.array([float(token == tokens[position]) for token in tokens])
    added[position] += gamma**2
    return added


def _entries(kernel: Callable[[str, str], Estimate]) -> tuple[EstimateArray, ...]:
    """``K(x, x)``, ``K(x, y)`` and ``K(y, y)`` for N_11, N_12 and N_22."""
    pairs = [(_STRINGS[i][0], _STRINGS[j][1]) for i, j in _PLACES]
    return tuple(
        EstimateArray.gather(kernel(x, y) for x, y in chosen)
        for chosen in ([(x, x) for x, _ in pairs], pairs, [(y, y) for _, y in pairs])
    )


def _square(entries: EstimateArray) -> EstimateArray:
    square: EstimateArray = entries[np.array([[0, 1], [1, 2]])]
    return square


def pushed_matrix(beta: float, gamma: float, push: float = 0.0) -> EstimateArray:
    """N of αα and αβ with a fixed."""
    attention = PushedAttention(beta, gamma, push)
    return _square(dual_of_estimates(_PHI, *_entries(attention.value)))


def trained_matrix(beta: float, gamma: float) -> EstimateArray:
    """N_a of αα and αβ: what training a from 0 adds to N."""
    derivative = Cosine(_PHI.b1, _PHI.b2 + math.pi / 2.0)  # phi' is b1 times it
    duals = dual_of_estimates(derivative, *_entries(PushedAttention(beta, gamma).value))
    moved = _entries(PushedAttention(beta, gamma, tangent=True).value)[1]
    return _square(_PHI.b1**2 * duals * moved)


def trained_diagonal(beta: float, gamma: float) -> EstimateArray:
    """What training a from 0 adds to K(x, x)."""
    derivative = Cosine(_PHI.b1, _PHI.b2 + math.pi / 2.0)
    own = _own_attention(PushedAttention(beta, gamma))
    moved = _own_attention(PushedAttention(beta, gamma, tangent=True))
    return _PHI.b1**2 * dual_of_estimates(derivative, own, own, own) * moved


def _own_attention(attention: PushedAttention) -> EstimateArray:
    return EstimateArray.gather(attention.value(x, x) for x, _ in _STRINGS)


def samples_claim(
    where: str,
    before: tuple[EstimateArray, EstimateArray],
    after: tuple[EstimateArray, EstimateArray],
) -> tuple[Claim, float]:
    """That the smallest eigenvalue over max d grows, strictly; and how many times.

    The ridge is taken to be small beside d. A multiple of the kernel has the same ratio, so that
    the claim stays open where a layer is counted twice.

    Args:
        where: names the point.
        before: N and the values K(x, x).
        after: the same with a trained.
    """
    (low, far), (new_low, new_far) = (
        (_smallest(matrix), (own - matrix[[0, 1], [0, 1]]).largest())
        for matrix, own in (before, after)
    )
    ratios = [low.value / far.value, new_low.value / new_far.value]
    name = f"{where}: a trained makes the smallest eigenvalue over max d larger"
    claim = AtMost(name, low * new_far, new_low * far, {"without a, with a": ratios})
    return claim, ratios[1] / ratios[0]


def _smallest(matrix: EstimateArray) -> Estimate:
    return matrix.smallest_eigenvalue()


def embedding_claim(setting: Setting) -> Claim:
    """Inner products of wide embeddings tend to ``X X^T + gamma^2 I``."""
    rng, gamma, tokens = setting.rng(), 1.0, tokenize("AAB")
    names = sorted(set(tokens))
    limit = np.array([incidence(tokens, gamma, i) for i in range(len(tokens))])
    widths, squares = (32, 128, 512, 2048), []
    for width in widths:
        found = []
        for _ in range(32):
            embedding = rng.standard_normal((len(names), width)) / math.sqrt(width)
            positions = rng.standard_normal((len(tokens), width)) / math.sqrt(width)
            z = embedding[[names.index(token) for token in tokens]] + gamma * positions
            found.append(float(((z @ z.T - limit) ** 2).mean()))
        squares.append(np.array(found))
    law = fit_draws(widths, squares, seed=setting.seed)
    return falls("inner products of embeddings tend to X X^T + gamma^2 I", law)


def push_claim(position: int) -> Claim:
    """Read at a position, the term moves the logit of [CLS] alone, whatever the string."""
    strings = [(*x, CLS) for k in range(1, 5) for x in product("ABC", repeat=k)]
    others = [x for x in strings if incidence(x, 1.0, position)[:-1].any()]
    evidence = {"strings": len(strings), "other logits move in": len(others)}
    return Fact("the term moves the logit of [CLS] alone", not others, evidence)


def examine_identity_term(setting: Setting, position: int = -1, speed: float = 1.0) -> Examination:
    """The term in wide embeddings, and the smallest eigenvalue of N without and with it.

    Args:
        setting: quick or not, and the seed.
        position: where attention is read; [CLS] is the last one.
        speed: learning rate of a over that of the last layer; a negative one would climb.
    """
    claims, table = [embedding_claim(setting), push_claim(position)], []
    gains, saved = [], []
    for beta, gamma in _POINTS[:1] if setting.quick else _POINTS:
        own, added = pushed_matrix(beta, gamma), trained_matrix(beta, gamma)
        where = f"beta {beta:g}, gamma {gamma:g}"
        kernel = TransformerKernel(beta, gamma, _PHI, Automatic(tolerance=1e-8))
        honest = template_matrix(kernel, same_different()).entries
        for i, j in _PLACES:
            name = f"{where}: N_{i + 1}{j + 1} at a = 0, by two routes"
            claims.append(Equal(name, own[i, j], honest[i, j], resolution=2e-3))
        both = own + speed * added
        before, after = _smallest(own), _smallest(both)
        gains.append(after.value / before.value)
        name = f"{where}: a trained makes the smallest eigenvalue of N larger"
        claims.append(AtMost(name, before, after))
        # The package's values are the sharper ones of the two routes.
        far = EstimateArray.gather(kernel(x, x) for x, _ in _STRINGS)
        both_far = far + speed * trained_diagonal(beta, gamma)
        fewer, by_samples = samples_claim(where, (honest, far), (honest + speed * added, both_far))
        claims.append(fewer)
        saved.append(by_samples)
        conditions = [float(np.linalg.cond(matrix.values)) for matrix in (own, both)]
        fixed = {f"{a:g}": _smallest(pushed_matrix(beta, gamma, a)).value for a in _PUSHES}
        evidence: dict[str, object] = {
            "condition numbers": conditions,
            "smallest eigenvalue by fixed a": fixed,
        }
        full = full_tangent_ratios(_PHI, _STRINGS, PushedAttention(beta, gamma))
        evidence["smallest eigenvalue over max d, all weights trained, without a and with"] = full
        table.append({"beta": beta, "gamma": gamma, **evidence})
    shown, less = (", ".join(f"{gain:.3g}" for gain in times) for times in (gains, saved))
    return Examination(
        claims,
        f"with a trained, smallest eigenvalue of N times {shown}; over max d times {less}",
        evidence={"by (beta, gamma)": table},
    )


STATEMENT = Statement(
    ids=("Section 4.3, a_h",),
    title="A trainable multiple of the identity improves conditioning",
    words="With W_K W_Qᵀ + a I in place of W_K W_Qᵀ and a trained from 0, the template matrix of "
    "αα and αβ gains a positive semidefinite term, and its smallest eigenvalue grows. Checked is "
    "also what that is for: the samples needed, which the eigenvalue governs beside the largest "
    "K(x, x) - N_aa. Read at [CLS] the term moves the logit of [CLS] alone. With a fixed, the "
    "eigenvalue may grow or shrink (see the evidence).",
    latex=r"\lambda_{\min}(N + N_a) > \lambda_{\min}(N),\quad "
    r"a\,(XX^T + \gamma^2 I)\,e_{[CLS]} = a\,(1 + \gamma^2)\,e_{[CLS]}",
    examine=examine_identity_term,
    finding="The eigenvalue grows because the kernel does: beside the largest K(x, x) - N_aa it "
    "gains a tenth, more or less, and loses at β = 1, γ = 1/2. Read at [CLS] the term moves one "
    "logit, alike for all strings, and does not read which tokens are equal.",
)
