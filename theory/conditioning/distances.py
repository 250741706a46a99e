"""How far apart templates are in the attention kernel: the margin of Lemma 4.6's premise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kernels.boundary.checks import instance
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import Estimate, EstimateArray
from kernels.transformer import AttentionKernel, TransformerKernel
from theory.given_templates import Templates, given_templates
from theory.matrix.template_matrix import template_matrix
from theory.template import Template


@dataclass(frozen=True, eq=False)
class Margin:
    """The smallest squared distance of two templates, and which two.

    Attributes:
        distance: ``min d_ij^2`` over i < j, with its error.
        pair: the two templates, as far as the errors tell.
        distances: all ``d_ij^2``, shape ``(r, r)``; 0 on the diagonal.
    """

    distance: Estimate
    pair: tuple[Template, Template]
    distances: EstimateArray


def squared_distances(attention: EstimateArray) -> EstimateArray:
    """``d_ij^2 = A_ii + A_jj - 2 A_ij``, where ``A`` is the attention kernel's template matrix.

    The errors of the three entries add up, so where they are standard errors the sum is at least
    the standard error, whatever their correlations.

    >>> squared_distances(EstimateArray.exact([[1.0, 0.5], [0.5, 1.0]])).values.tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    r = len(attention)
    own = attention[np.arange(r), np.arange(r)]
    found = own.reshape(r, 1) + own.reshape(1, r) - 2.0 * attention
    return found * (1.0 - np.eye(r))


def premise_margin(
    kernel: TransformerKernel | AttentionKernel,
    templates: Templates,
    *,
    n_jobs: int | None = None,
) -> Margin:
    """How clearly the premise of Lemma 4.6 holds: ``S(id) != S(pi)`` for every ``pi != id``.

    By A1 of ``docs/theorems-nonsingular.md``, ``S(id) - S(pi) = 1/2 sum_i d_(i pi(i))^2``. So of
    the r! - 1 differences the smallest is that of the transposition of the closest two templates,
    and equals their squared distance: the premise holds exactly where that is not 0.

    Args:
        kernel: a transformer or attention kernel; the attention values alone enter.
        templates: a task, or at least two templates of one length.
        n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.

    Raises:
        InvalidInputError: another kernel, fewer than two templates, or templates of unequal length.

    >>> from kernels import AttentionKernel
    >>> from theory import catalogue
    >>> found = premise_margin(AttentionKernel(beta=1.0, gamma=1.0), catalogue.aba_abb())
    >>> [str(template) for template in found.pair], found.distance.value > found.distance.error
    (['αβα', 'αββ'], True)
    """
    chosen = given_templates(templates)
    if len(chosen) < 2:
        names = [str(template) for template in chosen]
        raise InvalidInputError("templates", names, "give at least two templates")
    attends = kernel.attention_kernel if isinstance(kernel, TransformerKernel) else kernel
    instance("kernel", attends, AttentionKernel, "give a TransformerKernel or an AttentionKernel")
    attention = template_matrix(attends, chosen, n_jobs=n_jobs).entries
    distances = squared_distances(attention)
    rows, columns = np.triu_indices(len(chosen), 1)
    several = distances[rows, columns]
    closest = int(np.argmin(several.values))
    return Margin(several.smallest(), (chosen[rows[closest]], chosen[columns[closest]]), distances)
