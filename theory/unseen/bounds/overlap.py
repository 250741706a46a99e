"""Delta, the mean excess of the kernel over N because strings share symbols (B2)."""

from __future__ import annotations

from math import prod

import numpy as np
from jaxtyping import Float64

from kernels.boundary.exceptions import InvalidInputError
from theory.laws import TokenLaw
from theory.substitution import DistinctTokens, UniformDistinct, WeightedDistinct
from theory.unseen.bounds.pairs import TemplatePairs


def uniform_overlap(pairs: TemplatePairs, symbols: int) -> Float64[np.ndarray, "r r"]:
    """Delta where every template is substituted uniformly from the same m symbols.

    Delta_ab = sum over M != {} of (m)_{w_a + w_b - |M|} / ((m)_{w_a} (m)_{w_b}) (K_M - N_ab),
    over partial matchings M, with (m)_q = m (m - 1) ... (m - q + 1): of the pairs of injections,
    so many match exactly as M says.

    Args:
        pairs: K_M.
        symbols: m, at least the wildcards of each template.

    Raises:
        InvalidInputError: there are fewer symbols.
    """
    most = max(pairs.wildcards)
    if symbols < most:
        raise InvalidInputError(
            "alphabet", symbols, f"the wildcards of a template need at least {most} symbols"
        )
    r = len(pairs.templates)
    found = np.zeros((r, r))
    for (a, b), values in pairs.values.items():
        w = pairs.wildcards[a], pairs.wildcards[b]
        shares = np.array([_share(symbols, *w, len(m)) for m in pairs.matchings(a, b)])
        found[a, b] = found[b, a] = float(shares[1:] @ (values[1:] - values[0]))
    return found


def leading_overlap(pairs: TemplatePairs) -> Float64[np.ndarray, "r r"]:
    """The limit of m Delta for uniform laws: the sum over |M| = 1 of K_M - N_ab."""
    r = len(pairs.templates)
    found = np.zeros((r, r))
    for (a, b), values in pairs.values.items():
        single = np.array([len(m) == 1 for m in pairs.matchings(a, b)])
        found[a, b] = found[b, a] = float((values[single] - values[0]).sum())
    return found


def overlap_limit(pairs: TemplatePairs, law: TokenLaw) -> Float64[np.ndarray, "r r"]:
    """Upper bounds on |Delta_ab| for any law: Pr[share a symbol] sqrt(d_a d_b).

    The probability is at most the expected number of shared symbols, the sum over tokens t of
    Pr[t in s(W_a)] Pr[t in s'(W_b)], and at most min(w_a, w_b) / rho.

    Args:
        pairs: K_M.
        law: of the tokens; R is avoided, so it has no named tokens.
    """
    inclusions = [_inclusion(law.distinct(w), law.symbols) for w in pairs.wildcards]
    shared = np.array([[np.minimum(1.0, p @ q) for q in inclusions] for p in inclusions])
    scale = np.sqrt(np.outer(pairs.deviations, pairs.deviations))
    found: Float64[np.ndarray, "r r"] = shared * scale
    return found


def dominating_overlap(limit: Float64[np.ndarray, "r r"]) -> Float64[np.ndarray, "r r"]:
    """A diagonal matrix above every symmetric Delta with |Delta_ab| <= limit_ab (Gershgorin)."""
    return np.diag(limit.sum(axis=1))


def _share(m: int, first: int, second: int, pairs: int) -> float:
    """(m)_{first + second - pairs} / ((m)_first (m)_second), without overflow."""
    # The second injection, one draw after the other: the matched tokens are given, and the others
    # avoid those of the first.
    others = second - pairs
    top = prod(max(m - first - i, 0) / (m - i) for i in range(others))
    return top / prod(float(m - others - i) for i in range(pairs))


def _inclusion(law: DistinctTokens, symbols: int) -> Float64[np.ndarray, " m"]:
    """The probability of each symbol of being among those drawn."""
    if isinstance(law, UniformDistinct):
        return np.full(symbols, law.draws / law.size)
    if isinstance(law, WeightedDistinct):
        return np.asarray(law.inclusion, dtype=np.float64)
    return np.full(symbols, min(1.0, 1.0 / law.diversity))
