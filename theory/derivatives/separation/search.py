"""Proving the premise of Lemma 4.6 for given templates (Lemma 4.7, Claims F.2 to F.6)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kernels.boundary.checks import whole
from theory.derivatives.orders import PROOF_ORDERS, Order, even_orders
from theory.derivatives.separation.assignment import Competitors, Loss, competitors
from theory.derivatives.separation.certificate import SeparationCertificate, Stage
from theory.derivatives.separation.costs import cost_matrix, scale
from theory.given_templates import Templates, given_templates
from theory.template import Template


def separate(templates: Templates, *, largest_order: int = 10) -> SeparationCertificate:
    """Compare the identity with every other permutation, by derivatives of exact value.

    The identity is compared with its closest competitors (see `SeparationCertificate`) at the five
    orders of Claims F.2 to F.6 in turn, ties being carried from stage to stage. If some remain
    between templates that differ by more than the names of wildcards, all other orders up to
    ``largest_order`` follow.

    Templates that are not disjoint are accepted: their overlap does not always leave a tie. Two
    templates that are equal up to the names of wildcards do, and the certificate says so.

    Args:
        templates: a task, or templates of one length.
        largest_order: the largest total order of a later stage.

    Raises:
        InvalidInputError: no templates, or templates of unequal length.

    >>> certificate = separate(["αα", "αβ"])
    >>> certificate.separated, certificate.counts
    (True, {'1': 0, '2': 0, '3': 2, '4': 0, '5': 0, 'later': 0})
    >>> print(separate(["αβ", "βα"]))
    not separated: 2 of 2 competitors tie with the identity at every order; αβ and βα are the same
    template up to the names of wildcards, so exchanging them changes nothing at any (beta, gamma)
    """
    chosen = given_templates(templates)
    orders = list(PROOF_ORDERS)
    later = [o for o in even_orders(whole("largest_order", largest_order)) if o not in orders]
    later.sort(key=lambda order: (sum(order), order))
    costs = [cost_matrix(chosen, order) for order in orders]
    found = competitors(costs)
    while isinstance(found, Competitors) and later and _open_tie(chosen, _losses(found, chosen)):
        orders.append(later.pop(0))
        costs.append(cost_matrix(chosen, orders[-1]))
        found = competitors(costs)
    names = tuple(str(z) for z in chosen)
    if isinstance(found, tuple):
        cycle = " -> ".join(names[i] for i in (*found, found[0]))
        return SeparationCertificate(
            names, (), 0, found, f"not separated: the permutation {cycle} beats the identity"
        )
    losses = _losses(found, chosen)
    stages = _stages(found, losses, orders, chosen[0].length)
    ties = [pair for pair, loss in losses.items() if not any(loss)]
    return SeparationCertificate(
        names, stages, len(ties), (), _explain(chosen, orders, losses, ties)
    )


def _losses(found: Competitors, templates: Sequence[Template]) -> dict[tuple[int, int], Loss]:
    r = len(templates)
    return {(i, j): found.loss(i, j) for i in range(r) for j in range(r) if i != j}


def _open_tie(templates: Sequence[Template], losses: dict[tuple[int, int], Loss]) -> bool:
    """Whether a tie remains that a later order could break."""
    return any(not any(loss) and templates[i] != templates[j] for (i, j), loss in losses.items())


def _stages(
    found: Competitors,
    losses: dict[tuple[int, int], Loss],
    orders: Sequence[Order],
    k: int,
) -> tuple[Stage, ...]:
    potentials = found.potentials
    stages = []
    for s, order in enumerate(orders):
        first_here = [pair for pair, loss in losses.items() if loss[s] and not any(loss[:s])]
        closest = min(first_here, key=lambda pair: losses[pair][s], default=None)
        factor = scale(order, k)
        stages.append(
            Stage(
                order,
                len(first_here),
                None if closest is None else Fraction(losses[closest][s], factor),
                () if closest is None else found.cycle(*closest),
                tuple(Fraction(p[s], factor) for p in potentials),
            )
        )
    return tuple(stages)


def _explain(
    templates: Sequence[Template],
    orders: Sequence[Order],
    losses: dict[tuple[int, int], Loss],
    ties: Sequence[tuple[int, int]],
) -> str:
    if not ties:
        last = max(
            (next(s for s, x in enumerate(loss) if x) for loss in losses.values()), default=0
        )
        return (
            f"separated: each of the {len(losses)} competitors loses to the identity, at order "
            f"{orders[last]} at the latest"
        )
    head = f"not separated: {len(ties)} of {len(losses)} competitors tie with the identity"
    same = next(((i, j) for i, j in ties if templates[i] == templates[j]), None)
    if same is not None:
        i, j = same
        return (
            f"{head} at every order; {templates[i]} and {templates[j]} are the same template up "
            "to the names of wildcards, so exchanging them changes nothing at any (beta, gamma)"
        )
    i, j = ties[0]
    return (
        f"{head} at the orders {', '.join(map(str, orders))}; among them one that takes "
        f"{templates[i]} to {templates[j]}; a higher largest_order may tell them apart"
    )
