"""Which template each string of a sample belongs to, and which of its wildcards hit R."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Bool, Int32, Int64

from kernels.boundary.exceptions import InvalidInputError
from kernels.strings.encoding import EncodedStrings
from kernels.strings.vocabulary import Vocabulary
from theory.task import TemplateTask
from theory.template import Template


@dataclass(frozen=True, eq=False)
class Membership:
    """The templates that a sample's strings belong to, specializations included (B10).

    Where substituted tokens lie in R, the template with these wildcards replaced by those tokens,
    a *specialization*, is listed as a template of its own, with its parent's label: it is what
    the kernel sees.

    Attributes:
        templates: those of the task, in its order, that some string belongs to without hitting R;
            then the specializations that occur.
        parents: the index in the task of each one, or of its parent.
        whole: how many of them are the task's own.
        index: for each string, its template among these.
    """

    templates: tuple[Template, ...]
    parents: tuple[int, ...]
    whole: int
    index: Int32[np.ndarray, " n"]


def membership(
    task: TemplateTask, strings: EncodedStrings, *, specialize: bool = False
) -> Membership:
    """Find the template of each string.

    Args:
        task: the task that the strings are said to be of. Where a string matches two templates,
            as it may if the task allows overlapping ones, it is the first one's.
        strings: n strings.
        specialize: list specializations; where False, a substituted token of R is refused.

    Raises:
        InvalidInputError: a string matches no template, or hits R.

    >>> from kernels.strings.encoding import encode
    >>> task = TemplateTask.parse(["αα=1", "aβ=-1"])
    >>> found = membership(task, encode(["XX", "aY", "aa", "aX"]), specialize=True)
    >>> [str(z) for z in found.templates], found.index.tolist(), found.parents
    (['αα', 'aβ', 'aa'], [0, 1, 2, 1], (0, 1, 0))
    """
    if strings.length != task.length:
        raise InvalidInputError(
            "model",
            strings[0],
            f"the task's strings have {task.length - 1} tokens; give the task it was fitted on",
        )
    own = _own_templates(task, strings)
    lost = np.flatnonzero(own < 0)
    if len(lost):
        raise InvalidInputError(
            "model",
            strings[int(lost[0])],
            "this training string matches no template of the task; give the task it was fitted on",
        )
    hits = _hits(task, strings, own)
    hitting = np.flatnonzero(hits)
    if len(hitting) and not specialize:
        raise InvalidInputError(
            "model",
            strings[int(hitting[0])],
            f"in this training string a regular token of the task takes the place of a wildcard "
            f"of {str(task.templates[own[hitting[0]]])!r}; give specialize=True",
        )
    keys = np.stack([own.astype(np.int64), hits], axis=1)
    kept, first, index = _distinct_rows(keys)
    templates = [_specialized(task, strings, int(row), int(own[row])) for row in first]
    whole = int(np.count_nonzero(kept[:, 1] == 0))
    order = np.argsort(kept[:, 1] != 0, kind="stable")  # the task's own come first
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return Membership(
        tuple(templates[i] for i in order),
        tuple(int(kept[i, 0]) for i in order),
        whole,
        rank[index],
    )


def _own_templates(task: TemplateTask, strings: EncodedStrings) -> Int32[np.ndarray, " n"]:
    """The index of each string's template, -1 where there is none."""
    found = np.full(len(strings), -1, dtype=np.int32)
    for i, template in enumerate(task.templates):
        rows = np.flatnonzero(found < 0)
        if not len(rows):
            break
        found[rows[_matches(template, strings.codes[rows], strings.vocabulary)]] = i
    return found


def _matches(
    template: Template, codes: Int32[np.ndarray, "n k"], vocabulary: Vocabulary
) -> Bool[np.ndarray, " n"]:
    """Which strings match a template (Def. 3.1), all at once."""
    fits = np.ones(len(codes), dtype=bool)
    first = {w: template.tokens.index(w) for w in template.wildcards}
    known = {token: vocabulary.code(token) for token in template.regular_tokens}
    if None in known.values():
        return np.zeros(len(codes), dtype=bool)
    for place, token in enumerate(template.tokens[:-1]):
        column = codes[:, place]
        if token in first:
            fits &= column == codes[:, first[token]]
        else:
            fits &= column == known[token]
    for one, two in combinations(first.values(), 2):
        fits &= codes[:, one] != codes[:, two]
    for place in first.values():
        for code in known.values():
            fits &= codes[:, place] != code
    return fits


def _hits(
    task: TemplateTask, strings: EncodedStrings, own: Int32[np.ndarray, " n"]
) -> Int64[np.ndarray, " n"]:
    """A number that says which wildcards of a string hold which tokens of R; 0 where none does."""
    regular = [strings.vocabulary.code(token) for token in task.regular_tokens]
    codes = [code for code in regular if code is not None]
    result = np.zeros(len(own), dtype=np.int64)
    if not codes:
        return result
    base = len(codes) + 1
    for i, template in enumerate(task.templates):
        rows = np.flatnonzero(own == i)
        for wildcard in template.wildcards:
            column = strings.codes[rows, template.tokens.index(wildcard)]
            digit = np.zeros(len(rows), dtype=np.int64)
            for number, code in enumerate(codes, start=1):
                digit[column == code] = number
            # Wraps around beyond 63 bits of digits, of which nothing realistic comes near.
            result[rows] = result[rows] * base + digit
    return result


def _distinct_rows(
    keys: Int64[np.ndarray, "n 2"],
) -> tuple[Int64[np.ndarray, "c 2"], Int64[np.ndarray, " c"], Int64[np.ndarray, " n"]]:
    """The distinct pairs, ascending, where each is first, and which pair each row is."""
    if not keys[:, 1].any():  # the common case, without a sort of n rows
        counts = np.bincount(keys[:, 0])
        values = np.flatnonzero(counts)
        place = np.empty(len(counts), dtype=np.int64)
        place[values] = np.arange(len(values))
        example = np.empty(len(counts), dtype=np.int64)
        example[keys[::-1, 0]] = np.arange(len(keys) - 1, -1, -1)
        pairs = np.stack([values, np.zeros_like(values)], axis=1)
        return pairs, example[values], place[keys[:, 0]]
    pairs, first, index = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return pairs, first, index.ravel()


def _specialized(task: TemplateTask, strings: EncodedStrings, row: int, own: int) -> Template:
    """The template of a string, its wildcards that hit R replaced by the tokens they hold."""
    template, tokens = task.templates[own], strings.tokens(row)
    regular = set(task.regular_tokens)
    return Template(
        tuple(
            held if held in regular else written
            for written, held in zip(template.tokens, tokens, strict=True)
        )
    )
