"""Template tasks and their samples (Def. 3.2)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare, kstest

from kernels.boundary.exceptions import InvalidInputError, TooLargeError
from tests.tolerances import CHANCE_OF_FALSE_ALARM
from theory import Categorical, Template, TemplateTask, Uniform, Zipf
from theory.laws import TokenLaw
from theory.sample import _CHUNK
from validation import strategies

SAME = TemplateTask.parse({"αα": +1.0, "αβ": -1.0})


@given(strategies.tasks(), strategies.token_laws(min_symbols=4), st.integers(0, 99))
def test_every_sample_matches_its_template(task: TemplateTask, law: TokenLaw, seed: int) -> None:
    sample = task.sample(50, alphabet=law, seed=seed)
    for string, label, index in zip(sample.strings, sample.labels, sample.templates, strict=True):
        assert task.templates[index].match(string) is not None
        assert label == task.labels[index]
    assert sample.diversity == task.diversity(law)


@given(strategies.tasks())
def test_unseen_strings_match_and_are_unseen(task: TemplateTask) -> None:
    sample = task.sample(200, alphabet=6, seed=0)
    seen = {token for row in range(len(sample)) for token in sample.strings.tokens(row)}
    for template, string in zip(task.templates, task.unseen(), strict=True):
        substitution = template.match(string)
        assert substitution is not None
        assert seen.isdisjoint(substitution.values())


def test_templates_and_noise_have_their_laws() -> None:
    task = TemplateTask.parse({"αα": 1.0, "aα": -1.0, "bα": 3.0}, weights=[1, 2, 5])
    n = 3 * _CHUNK + 17
    sample = task.sample(n, alphabet=50, noise=0.5, seed=3)
    counts = np.bincount(sample.templates, minlength=3)
    assert chisquare(counts, n * np.array([1, 2, 5]) / 8).pvalue > CHANCE_OF_FALSE_ALARM
    noise = (sample.labels - np.array(task.labels)[sample.templates]) / 0.5
    assert kstest(noise, "norm").pvalue > CHANCE_OF_FALSE_ALARM
    assert np.unique(noise).size == n


def test_a_longer_sample_begins_with_the_shorter() -> None:
    short = SAME.sample(_CHUNK + 5, alphabet=Zipf(100), noise=0.1, seed=4)
    long = SAME.sample(2 * _CHUNK + 9, alphabet=Zipf(100), noise=0.1, seed=4)
    part = long[: _CHUNK + 5]
    assert np.array_equal(part.strings.codes, short.strings.codes)
    assert np.array_equal(part.labels, short.labels)
    assert np.array_equal(part.templates, short.templates)


def test_seeds_decide_and_noise_leaves_strings_alone() -> None:
    first = SAME.sample(100, alphabet=50, seed=1)
    noisy = SAME.sample(100, alphabet=50, noise=1.0, seed=1)
    other = SAME.sample(100, alphabet=50, seed=2)
    assert np.array_equal(first.strings.codes, noisy.strings.codes)
    assert not np.array_equal(first.strings.codes, other.strings.codes)
    assert not np.array_equal(
        first.strings.codes[:100],
        SAME.sample(2 * _CHUNK, alphabet=50, seed=1).strings.codes[_CHUNK : _CHUNK + 100],
    )


def test_a_slice_shares_memory() -> None:
    sample = SAME.sample(1_000, alphabet=50, seed=0)
    part = sample[10:20]
    assert len(part) == 10
    assert np.shares_memory(part.strings.codes, sample.strings.codes)
    assert len(sample[sample.templates == 0]) == int((sample.templates == 0).sum())


def test_regular_tokens_of_other_templates_may_be_drawn() -> None:
    task = TemplateTask.parse({"aαβ": 1.0, "bαα": -1.0})
    law = Uniform(2, named=["a", "b"])
    strings = set(task.sample(2_000, alphabet=law, seed=0).strings)
    assert strings == {
        "a s1 s2", "a s2 s1", "a s1 b", "a b s1", "a s2 b", "a b s2",
        "b s1 s1", "b s2 s2", "baa",
    }  # fmt: skip


def test_diversity_is_that_of_the_worst_template() -> None:
    task = TemplateTask.parse({"αβγ": 1.0, "ααβ": -1.0})
    assert task.diversity(300) == 100.0
    assert TemplateTask.parse({"ab": 1.0}).diversity(5) == float("inf")
    # aα cannot draw a, so its two symbols have probability 1/2 each; bαβ takes two of three.
    mixed = TemplateTask.parse({"aαα": 1.0, "bαβ": -1.0})
    assert mixed.diversity(Categorical([1.0, 1.0, 8.0], named=["a"])) == pytest.approx(
        1.0 / (16.0 / 17.0)
    )


def test_a_task_shows_weights_that_differ() -> None:
    assert repr(SAME) == "TemplateTask.parse({'αα': 1.0, 'αβ': -1.0})"
    weighted = TemplateTask.parse({"αα": 1.0, "αβ": -1.0}, weights=[3.0, 1.0])
    assert repr(weighted) == "TemplateTask.parse({'αα': 1.0, 'αβ': -1.0}, weights=(0.75, 0.25))"


def test_command_line_spelling() -> None:
    task = TemplateTask.parse(["αα=1", "αβ=-1"])
    assert task == SAME
    assert TemplateTask.parse(["α==0.5"]).templates == (Template.parse("α="),)


@pytest.mark.parametrize(
    ("make", "argument", "said"),
    [
        (lambda: TemplateTask.parse({}), "templates", "at least one"),
        (lambda: TemplateTask.parse({"αα": 1.0, "α": 2.0}), "templates", "'α'"),
        (lambda: TemplateTask.parse({"aα": 1.0, "βb": 2.0}), "templates", "'ab' matches both"),
        (lambda: TemplateTask.parse({"αβ": 1.0, "βα": 2.0}), "templates", "matches both"),
        (lambda: TemplateTask.parse({"α": float("nan")}), "labels", "finite"),
        (lambda: TemplateTask.parse({"α": float("inf")}), "labels", "finite"),
        (lambda: TemplateTask.parse({"α s12": 1.0}), "templates", "s12"),
        (lambda: TemplateTask.parse({"α": 1.0}, weights=[1.0, 2.0]), "weights", "one weight"),
        (lambda: TemplateTask.parse({"α": 1.0}, weights=[0.0]), "weights", "above 0"),
        (lambda: TemplateTask((Template.parse("α"),), ()), "labels", "one label"),
        (lambda: TemplateTask.parse("αα=1"), "templates", "list"),
        (lambda: TemplateTask.parse(["αα"]), "templates", "'αα=1'"),
        (lambda: TemplateTask.parse(["αα=x"]), "templates", "'αα=1'"),
        (lambda: SAME.sample(10, alphabet=1, seed=0), "alphabet", "at least 2 symbols"),
        (lambda: SAME.sample(0, alphabet=9, seed=0), "n", "at least 1"),
        (lambda: SAME.sample(9, alphabet=9, noise=-1.0, seed=0), "noise", "at least 0"),
        (lambda: SAME.sample(9, alphabet=9, seed=-1), "seed", "at least 0"),
        (lambda: SAME.sample(9, alphabet=Uniform(9, ["a"]), seed=0), "alphabet", "'a'"),
    ],
)
def test_bad_input_is_refused(make: object, argument: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        make()
    assert caught.value.argument == argument
    assert said in str(caught.value)


def test_a_sample_that_cannot_fit_is_refused_at_once() -> None:
    with pytest.raises(TooLargeError):
        SAME.sample(10**13, alphabet=100, seed=0)
