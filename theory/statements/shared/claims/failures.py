"""The claim that a bound fails in no more than a share of the draws."""

from __future__ import annotations

from collections.abc import Mapping

from scipy import stats

from theory.statements.framework.claims import Compatible


def rarely_fails(
    name: str,
    failures: int,
    draws: int,
    share: float,
    evidence: Mapping[str, object],
    *,
    sparse: bool = False,
    unless: str = "",
) -> Compatible:
    """That independent draws fail with a probability of at most ``share``, by a binomial test.

    Args:
        name: what fails, a key of the evidence.
        failures: how many draws fail.
        draws: of so many.
        share: the probability that is allowed.
        evidence: what else to report.
        sparse: whether the draws are so few that a higher probability may go unseen.
        unless: why more failures would refute nothing, empty where they would.

    >>> rarely_fails("bad pairs", 3, 30, 0.1, {}).p_value > 0.5
    True
    """
    p_value = float(stats.binomtest(failures, draws, share, alternative="greater").pvalue)
    shown = {**evidence, "failures": failures, "draws": draws, "allowed share": share}
    return Compatible(name, p_value, shown, sparse=sparse, unless=unless)
