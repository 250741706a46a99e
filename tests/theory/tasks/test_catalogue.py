"""The paper's tasks: their counts, and their templates against the description of each task."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from kernels.boundary.exceptions import InvalidInputError, TooLargeError
from theory import catalogue
from theory.catalogue.relations import relations
from theory.disjoint import common_string, first_overlap
from theory.task import TemplateTask
from theory.template import Template


def rows(task: TemplateTask) -> list[tuple[str, float]]:
    return [(str(z), label) for z, label in zip(task.templates, task.labels, strict=True)]


@pytest.mark.parametrize(
    ("name", "templates", "length"),
    [
        ("same-different", 2, 2),
        ("aba-abb", 2, 3),
        ("majority-3", 4, 3),
        ("majority-7", 64, 7),
        ("distribution-of-3", 144, 9),
        ("relational-match-to-sample", 40, 9),
        ("raven", 37, 8),
        ("random-6", 6, 4),
    ],
)
def test_counts(name: str, templates: int, length: int) -> None:
    task = catalogue.find(name)
    assert len(task) == templates
    assert task.length == length + 1
    assert len(set(task.labels)) > 1
    assert first_overlap(task.templates) is None


def test_distribution_of_3_by_filtering_all_layouts() -> None:
    """All strings over four symbols that read as a valid problem, up to renaming."""
    found = set()
    for second in product("αβγδ", repeat=3):
        for choices in product("αβγδ", repeat=4):
            odd = set(choices) - set("αβγ")
            if set(second) == set("αβγ") and len(set(choices)) == 4 and len(odd) == 1:
                text = "αβγ" + "".join(second[:2]) + "".join(choices)
                found.add((text, 1.0 + choices.index(second[2])))
    assert set(rows(catalogue.distribution_of_3())) == found


def test_match_to_sample_by_its_rule() -> None:
    def relation(row: str) -> tuple[int, ...]:
        return tuple(row.index(symbol) for symbol in row)

    for z, label in rows(catalogue.relational_match_to_sample()):
        sample, first, second = z[:3], z[3:6], z[6:]
        assert (relation(sample) == relation(first)) == (label == 1.0)
        assert (relation(sample) == relation(second)) == (label == -1.0)
        assert len(set(z)) == len(set(sample)) + len(set(first)) + len(set(second))


def test_raven_by_filtering_all_matrices() -> None:
    """All 3 by 3 matrices of three symbols whose rows obey one rule, the answer determined."""

    def numbered(panels: str) -> str:
        order = dict(zip(dict.fromkeys(panels), "αβγ", strict=False))
        return "".join(order[panel] for panel in panels)

    found = {}
    for panels in map("".join, product("αβγ", repeat=9)):
        split = [panels[:3], panels[3:6], panels[6:]]
        constant = all(len(set(row)) == 1 for row in split) and len(set(panels)) == 3
        distribution = all(len(set(row)) == 3 for row in split)
        if constant or distribution:
            renamed = numbered(panels)
            found[renamed[:-1]] = 1.0 + renamed.index(renamed[-1])
    assert dict(rows(catalogue.raven())) == found


@pytest.mark.parametrize("length", [2, 3, 4, 5])
def test_majority_by_its_rule(length: int) -> None:
    for z, label in rows(catalogue.majority(length)):
        votes = [1 if token == z[0] else -1 for token in z[1:]]
        assert label == (1.0 if sum(votes) > 0 else -1.0)


@pytest.mark.parametrize(("length", "bell"), [(1, 1), (2, 2), (3, 5), (4, 15), (5, 52)])
def test_relations_are_set_partitions(length: int, bell: int) -> None:
    assert len(relations(length)) == len(set(relations(length))) == bell


def test_random_tasks_follow_their_seed() -> None:
    first = catalogue.find("random-5:length=5,regular=2,seed=7")
    assert first.templates == catalogue.random_templates(5, 5, regular=2, seed=7).templates
    assert first.templates != catalogue.random_templates(5, 5, regular=2, seed=8).templates


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("magic", "same-different"),
        ("raven-4", "known tasks"),
        ("majority:size=3", "'size' is not a parameter of majority"),
        ("raven:size=3", "it has none"),
        ("majority:length", "key=value"),
        ("majority-1", "at least 2"),
        ("random-5:length=2", "only 2 disjoint"),
    ],
)
def test_unknown_names_are_refused(name: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        catalogue.find(name)
    assert said in str(caught.value)


def test_too_many_templates_are_refused() -> None:
    with pytest.raises(TooLargeError):
        catalogue.majority(40)


def test_every_family_is_documented() -> None:
    for family in catalogue.FAMILIES:
        assert family.summary.endswith(".")
        assert isinstance(family.build(), TemplateTask)


@pytest.mark.parametrize("count", [2, 5, 16])
def test_gaussian_labels_have_a_trivial_error_of_one(count: int) -> None:
    task = catalogue.find(f"random-{count}:length=5,wildcards=3,seed=3,gaussian=1")
    signs = catalogue.find(f"random-{count}:length=5,wildcards=3,seed=3")
    assert task.templates == signs.templates
    assert set(signs.labels) == {1.0, -1.0}
    labels = task.label_array
    assert labels.mean() == pytest.approx(0.0, abs=1e-15)
    assert (labels**2).mean() == pytest.approx(1.0)
    assert len(set(task.labels)) == count
    other = catalogue.find(f"random-{count}:length=5,wildcards=3,seed=4,gaussian=1")
    assert count == 2 or other.labels != task.labels  # of two they are +1 and -1, in an order
    for bad, message in (
        ("random-1:gaussian=1", "Gaussian labels need at least 2"),
        ("random-4:gaussian=2", "gaussian = 2: give at most 1"),
    ):
        with pytest.raises(InvalidInputError, match=message):
            catalogue.find(bad)


def test_without_regular_tokens_different_templates_are_disjoint() -> None:
    drawn = catalogue.random_templates(30, 5, 3, seed=1).templates
    assert len({z.canonical for z in drawn}) == 30
    assert all(common_string(z1, z2) is None for z1, z2 in combinations(drawn, 2))
    # With them they need not be, so these two are not both of one task.
    overlapping = Template.parse("aα"), Template.parse("αb")
    assert overlapping[0].canonical != overlapping[1].canonical
    assert common_string(*overlapping) == "ab"
