"""Samples in which every template occurs, and few pairs share a symbol."""

from __future__ import annotations

import math

import numpy as np

from kernels.boundary.exceptions import InvalidInputError
from theory.laws import Uniform
from theory.sample import Sample
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.setting import Setting
from theory.task import TemplateTask

_MOST = 1_200
"""Samples at most: enough for every template if the rarest has a share of about 1/130."""

NOISE = 0.1
"""The standard deviation of the labels of `every_template`."""

_PAIRS, _QUICK_PAIRS = 1_500, 300
"""Pairs that share a symbol, about so many at most."""


def full_size(setting: Setting) -> int:
    """So many samples that every template is among them with a probability of nine tenths.

    A template of share p is missed with probability ``(1 - p)^n <= exp(-p n)``.
    """
    task = setting.task
    least = math.ceil(math.log(10.0 * len(task)) / min(task.weights))
    return max(60 if setting.quick else 150, least)


def _rare(setting: Setting) -> str | None:
    n = full_size(setting)
    if n <= _MOST:
        return None
    return f"this check takes at most {_MOST} samples, and {n} are needed to see every template"


NONE_RARE = Hypothesis("no template is rare (a limit of the check)", "task", _rare, limit=True)


def every_template(
    setting: Setting, n: int, symbols: int, seed: int, *, hits: bool = True
) -> Sample:
    """A sample with every template in it; seeds are tried in turn.

    Args:
        setting: the task, and the seed.
        n: samples.
        symbols: equally likely, at least two a position.
        seed: beside that of the setting.
        hits: whether a substituted token may lie in R.

    Raises:
        InvalidInputError: a template has too little weight to occur.
    """
    enough = max(symbols, 2 * setting.task.length)
    law = uniform_with_regular_tokens(setting.task, enough) if hits else Uniform(enough)
    for attempt in range(100):
        sample = setting.task.sample(
            n, alphabet=law, noise=NOISE, seed=setting.seed + 1_000 * seed + attempt
        )
        if len(np.unique(sample.templates)) == len(setting.task):
            return sample
    raise InvalidInputError(
        "task", setting.shown("task"), f"no sample of {n} has every template; give equal weights"
    )


def uniform_with_regular_tokens(task: TemplateTask, symbols: int) -> Uniform:
    """Uniform on the symbols and on R, so that a substituted token may lie in R."""
    return Uniform(symbols, named=task.regular_tokens)


def few_overlaps(task: TemplateTask, n: int, symbols: int, *, quick: bool) -> int:
    """A number of symbols, at least the one given, at which few of n samples share one.

    Strings that share symbols are of many patterns, a value of the kernel each, which takes a
    tenth of a second where templates have ten tokens. Two strings with w wildcards share one of m
    symbols with probability w^2 / m at most.

    >>> from theory.statements.shared.instances.defaults import mixed_task
    >>> [few_overlaps(mixed_task(), n, 30, quick=True) for n in (60, 600)]
    [30, 2400]
    """
    most = max(len(z.wildcards) for z in task.templates)
    pairs = n * n * most * most // (2 * (_QUICK_PAIRS if quick else _PAIRS))
    return max(symbols, pairs)
