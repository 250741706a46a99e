"""Template tasks with symbolic labels (Def. J.1), and those of the catalogue."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.boundary.exceptions import InvalidInputError
from tests.running import run_json
from theory import SymbolicTask, TemplateTask, Zipf, catalogue
from theory.laws import TokenLaw
from theory.symbolic_task import symbolic_label
from validation import strategies


@given(strategies.symbolic_tasks(), strategies.token_laws(min_symbols=4), st.integers(0, 99))
def test_labels_follow_the_substitution(task: SymbolicTask, law: TokenLaw, seed: int) -> None:
    sample = task.sample(40, alphabet=law, seed=seed)
    name = sample.strings.vocabulary.name
    for string, label, z in zip(
        sample.strings, sample.labels.tolist(), sample.templates.tolist(), strict=True
    ):
        assert symbolic_label(task.templates[z], task.labels[z], string) == name(label)
    assert sample.diversity == task.inputs.diversity(law)
    for (string, label), z, rule in zip(task.unseen(), task.templates, task.labels, strict=True):
        assert symbolic_label(z, rule, string) == label


def test_strings_are_those_of_the_task_with_real_labels() -> None:
    task = SymbolicTask.parse({"αβα": "β", "αββ": "T"}, name="mine")
    plain = TemplateTask.parse({"αβα": 1.0, "αββ": 2.0})
    for law in (30, Zipf(30)):
        ours, theirs = (one.sample(50, alphabet=law, seed=2) for one in (task, plain))
        assert np.array_equal(ours.strings.codes, theirs.strings.codes)
        assert np.array_equal(ours.templates, theirs.templates)
    assert not np.array_equal(
        task.sample(50, alphabet=30, seed=2).labels, task.sample(50, alphabet=30, seed=3).labels
    )
    assert (task.name, len(task), task.length, task.regular_tokens) == ("mine", 2, 4, ("T",))
    assert str(task) == "αβα -> β\nαββ -> T"


def test_majority_counts_symbols() -> None:
    for length in (3, 4):
        task = catalogue.symbolic_majority(length)
        assert len(task) == 2 ** (length - 1)
        for z, label in zip(task.templates, task.labels, strict=True):
            counts = Counter(z.tokens[:-1])
            assert counts[label] == max(counts.values())
            if len(set(counts.values())) == 1:
                assert label == "α"  # a tie


def test_catalogue_has_the_programs_and_copying() -> None:
    assert catalogue.programs().length == 13
    quoted = catalogue.quoted_programs()
    assert [str(z).split()[-2] for z in quoted.templates] == ["α", "β"]
    assert quoted.labels == ("γ", "δ")
    assert quoted.unseen()[0][1] in quoted.unseen()[0][0].split()
    for length in range(1, 6):
        copy = catalogue.find_symbolic(f"copying-{length}")
        assert (copy.length, copy.labels) == (length + 1, ("α",))
    assert catalogue.find_any("symbolic-majority:length=3").labels == ("α", "α", "α", "β")
    assert catalogue.find_any("majority-3").labels == (1.0, -1.0, -1.0, -1.0)
    assert len(catalogue.symbolic_names()) == len(catalogue.SYMBOLIC_FAMILIES)


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match=r"labels = 'γ': .* has no such wildcard"):
        SymbolicTask.parse({"αβ": "γ"})
    with pytest.raises(InvalidInputError, match="labels = '': give a wildcard or a token"):
        SymbolicTask.parse({"αβ": ""})
    with pytest.raises(InvalidInputError, match=r"labels = '\[CLS\]'"):
        SymbolicTask.parse({"αβ": "[CLS]"})
    with pytest.raises(InvalidInputError, match="give one label for each of 2 templates"):
        SymbolicTask(catalogue.aba_abb(), ("α",))
    with pytest.raises(InvalidInputError, match="need at least 2 symbols"):
        SymbolicTask.parse({"αβ": "α"}).sample(3, alphabet=1, seed=0)
    with pytest.raises(InvalidInputError, match=r"known tasks are same.*copying-<length>"):
        catalogue.find_any("nothing")
    with pytest.raises(InvalidInputError, match="length = 17: give a whole number of at most 16"):
        catalogue.copying(17)
    with pytest.raises(InvalidInputError, match="length = 0"):
        catalogue.find_any("copying-0")


def test_command_prints_symbolic_tasks(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "task copying-3")
    assert found["templates"] == [{"template": "ααα", "label": "α", "weight": 1.0}]
    assert "quoted-programs" in run_json(capsys, "task")["tasks"]
