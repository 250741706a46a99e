"""Strings of a task that checks compare, and the kernel between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np

from kernels.contract.kernel import Kernel
from kernels.estimates import EstimateArray
from kernels.strings.encoding import EncodedStrings, encode
from kernels.strings.patterns import Pattern
from theory.disjoint import fresh_tokens
from theory.statements.framework.setting import Setting
from theory.task import TemplateTask

_LONGEST = 10
"""Tokens of a string, at most, whose kernel values with strings that share tokens are quick."""


def unseen_strings(task: TemplateTask, copies: int) -> list[str]:
    """Strings with tokens that no sample has, so many of each template, template after template.

    >>> unseen_strings(TemplateTask.parse({"αα": 1.0, "aβ": 2.0}), 2)
    ['AA', 'BB', 'aA', 'aB']
    """
    most = max(len(z.wildcards) for z in task.templates)
    tokens = list(islice(fresh_tokens(task.regular_tokens), copies * most))
    return [
        z.substitute(dict(zip(z.wildcards, tokens[copy * most :], strict=False)))
        for z in task.templates
        for copy in range(copies)
    ]


def values_between(kernel: Kernel, strings: Sequence[str | Sequence[str]]) -> EstimateArray:
    """The Gram matrix of strings, its diagonal with it, by patterns."""
    n = len(strings)
    rows, columns = np.tril_indices(n)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    found = kernel.values([Pattern.of(strings[i], strings[j]) for i, j in pairs])
    index = np.empty((n, n), dtype=np.int64)
    index[rows, columns] = index[columns, rows] = np.arange(len(rows))
    gram: EstimateArray = found[index]
    return gram


def sharing_strings(setting: Setting, count: int) -> Sequence[tuple[str, ...]]:
    """Strings that share many tokens: of the task, or of two tokens where the task's are long.

    A kernel on strings is one for strings of any length, and long ones that share tokens are of
    many patterns, each a value of the kernel.
    """
    task = setting.task
    if task.length - 1 > _LONGEST:
        return [(x, y) for x in "ABC" for y in "ABC"][:count]
    symbols = 1 + max(len(z.wildcards) for z in task.templates)
    sample = task.sample(count, alphabet=symbols, seed=setting.seed)
    return [sample.strings.tokens(row) for row in range(count)]


MOST = 6
"""Templates whose strings are compared, at most: the first ones of a task."""


def substituted(task: TemplateTask) -> EncodedStrings:
    """Each template twice, its wildcards replaced by tokens of that copy alone: N's strings."""
    templates = task.templates[:MOST]
    most = max(len(z.wildcards) for z in templates)
    tokens = fresh_tokens(task.regular_tokens)
    strings = []
    for _ in range(2):
        fresh = [next(tokens) for _ in range(most)]
        strings += [z.substitute(dict(zip(z.wildcards, fresh, strict=False))) for z in templates]
    return encode(strings)
