"""Second-best assignments against brute force, certificates and their independent check."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.boundary.exceptions import InvalidInputError
from theory import Template, catalogue
from theory.derivatives import PROOF_ORDERS, SeparationCertificate, check_claims, separate, verify
from theory.derivatives.given_strings.attention import attention_derivatives
from theory.derivatives.separation.assignment import Competitors, competitors
from theory.derivatives.separation.costs import cost_matrix, scale
from theory.derivatives.separation.verification import _reaches
from validation.strategies import disjoint_templates


def best_by_pair(costs: list[list[list[int]]]) -> dict[tuple[int, int], tuple[int, ...]]:
    """The least loss of a permutation through each pair, over all permutations."""
    r = len(costs[0])
    best: dict[tuple[int, int], tuple[int, ...]] = {}
    for pi in permutations(range(r)):
        loss = tuple(sum(c[i][i] - c[i][pi[i]] for i in range(r)) for c in costs)
        for i, j in enumerate(pi):
            if i != j:
                best[i, j] = min(best.get((i, j), loss), loss)
    return best


def cycle_loss(costs: list[list[list[int]]], cycle: tuple[int, ...]) -> tuple[int, ...]:
    steps = list(zip(cycle, (*cycle[1:], cycle[0]), strict=True))
    return tuple(sum(c[i][i] - c[i][j] for i, j in steps) for c in costs)


entries = st.integers(-3, 3)


@given(data=st.data(), r=st.integers(2, 5), stages=st.integers(1, 3), bias=st.integers(0, 6))
def test_competitors_equal_brute_force(data: st.DataObject, r: int, stages: int, bias: int) -> None:
    matrix = st.lists(st.lists(entries, min_size=r, max_size=r), min_size=r, max_size=r)
    costs = [data.draw(matrix) for _ in range(stages)]
    for i in range(r):
        costs[0][i][i] += bias  # often, but not always, makes the identity best
    best = best_by_pair(costs)
    found = competitors(costs)
    if isinstance(found, Competitors):
        assert {(i, j): found.loss(i, j) for i, j in best} == best
        assert all(cycle_loss(costs, found.cycle(i, j)) == best[i, j] for i, j in best)
    else:
        assert len(set(found)) == len(found)
        assert cycle_loss(costs, found) < (0,) * stages
        assert min(best.values()) < (0,) * stages


@settings(max_examples=8)
@given(templates=disjoint_templates(min_size=2, max_size=6))
def test_separate_equals_brute_force(templates: tuple[Template, ...]) -> None:
    costs = [cost_matrix(templates, order) for order in PROOF_ORDERS]
    best = best_by_pair(costs)
    certificate = separate(templates)
    assert certificate.separated == (min(best.values()) > (0,) * 5)
    for s, stage in enumerate(certificate.stages[:5]):
        here = [loss[s] for loss in best.values() if loss[s] and not any(loss[:s])]
        assert stage.count == len(here)
        factor = scale(stage.order, templates[0].length)
        assert stage.margin == (Fraction(min(here), factor) if here else None)
    assert verify(certificate) == ()


def test_separate_equals_brute_force_for_seven_templates() -> None:
    templates = catalogue.find("majority").templates[:7]
    best = best_by_pair([cost_matrix(templates, order) for order in PROOF_ORDERS])
    first = [next(s for s, loss in enumerate(losses) if loss) for losses in best.values()]
    certificate = separate(templates)
    assert [stage.count for stage in certificate.stages] == [first.count(s) for s in range(5)]


def test_costs_are_those_of_the_strings() -> None:
    templates = [Template.parse(z) for z in ("αaβ", "ααb", "aαb")]
    strings = [("XaY", "ZaW"), ("XXb", "ZZb"), ("aXb", "aZb")]
    for order in PROOF_ORDERS:
        costs = cost_matrix(templates, order)
        for i, (x, _) in enumerate(strings):
            for j, (_, y) in enumerate(strings):
                assert costs[i][j] == attention_derivatives(x, y)[order] * scale(order, 4)


@pytest.mark.parametrize(
    ("templates", "counts"),
    [
        (["αα", "αβ"], {"1": 0, "2": 0, "3": 2, "4": 0, "5": 0, "later": 0}),
        (["αβα", "αββ"], {"1": 0, "2": 0, "3": 0, "4": 2, "5": 0, "later": 0}),
        (["ab", "ba"], {"1": 0, "2": 2, "3": 0, "4": 0, "5": 0, "later": 0}),
        (["ααβγγ", "ααβββ"], {"1": 0, "2": 0, "3": 2, "4": 0, "5": 0, "later": 0}),
        (["ααββ", "αβαβ"], {"1": 0, "2": 0, "3": 0, "4": 0, "5": 2, "later": 0}),
        (["α"], {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0, "later": 0}),
    ],
)
def test_which_stage_separates(templates: list[str], counts: dict[str, int]) -> None:
    certificate = separate(templates)
    assert certificate.separated
    assert certificate.counts == counts


def test_equal_templates_leave_a_tie_that_is_explained() -> None:
    certificate = separate(["αβ", "aa", "βα"])
    assert not certificate.separated
    assert certificate.ties == 2
    assert "αβ and βα are the same template" in str(certificate)
    assert verify(certificate) == ()


def test_overlapping_templates_can_be_separated() -> None:
    certificate = separate(["αβ", "αa"])  # "xa" matches both
    assert certificate.separated
    assert verify(certificate) == ()


def test_certificate_survives_a_file(tmp_path: Path) -> None:
    certificate = separate(["αβα", "αββ", "ααa"])
    certificate.save(tmp_path / "proof.json")
    assert SeparationCertificate.load(tmp_path / "proof.json") == certificate
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"SeparationCertificate\.save"):
        SeparationCertificate.load(tmp_path / "other.json")


CERTIFICATE = separate(["αβα", "αββ", "ααβ", "aαβ"])


def with_stage(number: int, **changes: object) -> SeparationCertificate:
    stages = list(CERTIFICATE.stages)
    stages[number - 1] = dataclasses.replace(stages[number - 1], **changes)
    return dataclasses.replace(CERTIFICATE, stages=tuple(stages))


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (dataclasses.replace(CERTIFICATE, ties=1), "tie"),
        (dataclasses.replace(CERTIFICATE, templates=("αβα", "αββ", "ααβ", "αββ")), "stage"),
        (dataclasses.replace(CERTIFICATE, stages=CERTIFICATE.stages[1:]), "first stages"),
        (dataclasses.replace(CERTIFICATE, stages=CERTIFICATE.stages[:4]), "first stages"),
        (dataclasses.replace(CERTIFICATE, refuted_by=(0, 1)), "does not beat"),
        (with_stage(1, count=0), "separated"),
        (with_stage(1, margin=Fraction(1, 1000)), "margin"),
        (with_stage(1, closest=(0, 1)), "reach"),
        (with_stage(1, potentials=(Fraction(0), Fraction(0), Fraction(0), Fraction(9))), "< 0"),
        (with_stage(4, potentials=(Fraction(0),)), "potentials"),
    ],
)
def test_verification_rejects(wrong: SeparationCertificate, problem: str) -> None:
    assert verify(CERTIFICATE) == ()
    found = verify(wrong)
    assert found
    assert problem in "; ".join(found)


def test_a_cycle_that_is_run_through_twice_reaches_no_margin() -> None:
    """It loses twice what the cycle does, through pairs that tie; no permutation does that."""
    losses = {(0, 1): Fraction(1), (1, 0): Fraction(2)}
    alive = set(losses)
    assert _reaches((0, 1), alive, losses, Fraction(3))
    assert not _reaches((0, 1), alive, losses, Fraction(6))
    assert not _reaches((0, 1, 0, 1), alive, losses, Fraction(6))
    assert not _reaches((0, 1), {(0, 1)}, losses, Fraction(3))
    assert not _reaches((0,), {(0, 0)}, {(0, 0): Fraction(3)}, Fraction(3))


def test_a_refuted_certificate_is_checked() -> None:
    # No templates are known for which the identity loses, so the arithmetic is tried on a lie.
    lie = dataclasses.replace(CERTIFICATE, stages=(), refuted_by=(0, 1))
    assert not lie.separated
    assert verify(lie) == ("(0, 1) does not beat the identity",)
    for cycle in ((0,), (0, 1, 0, 1), (0, 4), (-1, 0)):
        wrong = dataclasses.replace(lie, refuted_by=cycle)
        assert verify(wrong) == (f"{cycle} is no cycle of the 4 templates",)


@settings(max_examples=25)
@given(templates=disjoint_templates(min_size=2, max_size=5))
def test_claims_hold(templates: tuple[Template, ...]) -> None:
    verdicts = check_claims(templates)
    assert [v.verdict for v in verdicts] == ["holds"] * 5
    certificate = separate(templates)
    assert [v.compared - v.tied for v in verdicts] == [s.count for s in certificate.stages]
    assert [v.margin for v in verdicts] == [s.margin for s in certificate.stages]


def test_claims_are_violated_by_the_wrong_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    from theory.derivatives.separation import claims

    never_equal = iter(range(10**6))
    wrong = [(c, f, lambda _: next(never_equal)) for c, f, _ in claims.CLAIMS]
    monkeypatch.setattr(claims, "CLAIMS", tuple(wrong))
    verdicts = check_claims(["αβα", "αββ"])
    assert [v.verdict for v in verdicts] == ["violated"] * 3 + ["holds"] * 2
    assert verdicts[0].counterexample == ("αβα", "αββ")


def test_features_tell_what_they_are_about() -> None:
    """A feature that tells less would make each claim weaker, and it would still hold."""
    from theory.derivatives.separation.claims import CLAIMS

    second = CLAIMS[1][2]
    names = "aαb", "bαa", "aβb", "abα"
    found = [second(Template.parse(z)) for z in names]
    assert [one == found[0] for one in found] == [True, False, True, False]


def test_matching_task() -> None:
    certificate = separate(catalogue.find("relational-match-to-sample"))
    assert certificate.separated
    assert sum(certificate.counts.values()) == 40 * 39


@pytest.mark.long
def test_matching_task_verified() -> None:
    assert verify(separate(catalogue.find("relational-match-to-sample"))) == ()


@pytest.mark.parametrize("templates", [[], ["αα", "αβα"], "αα"])
def test_bad_templates(templates: object) -> None:
    with pytest.raises(InvalidInputError, match="templates"):
        separate(templates)
