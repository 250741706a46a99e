"""From the words of the command line to statements and templates."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kernels import InvalidInputError
from theory import statements as paper
from theory.statements import Statement
from theory.template import is_wildcard


def divided(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The numbers, their words put together, and the labelled templates.

    >>> divided(["Lemma", "4.7", "Definition 3.1", "Appendix", "H", "αα", "αβ"])
    (['Lemma 4.7', 'Definition 3.1', 'Appendix H'], ['αα=1', 'αβ=2'])
    """
    ids, templates, begun = [], [], ""
    for word in words:
        if "=" in word or any(is_wildcard(letter) for letter in word):
            templates.append(word)
            continue
        begun = f"{begun} {word}".strip()
        if not word.strip() or _known(begun) or any(letter.isdigit() for letter in word):
            ids.append(begun)
            begun = ""
    if begun:
        ids.append(begun)
    if not any("=" in template for template in templates):
        templates = [f"{template}={i}" for i, template in enumerate(templates, start=1)]
    return ids, templates


def _known(name: str) -> bool:
    try:
        paper.find(name)
    except InvalidInputError:
        return False
    return True


def chosen_statements(
    ids: Sequence[str], *, about_tasks: bool, about_kernels: bool = False
) -> list[Statement]:
    """The statements of these numbers, each once, or all there are.

    Args:
        ids: the numbers.
        about_tasks: of all there are, those about tasks only.
        about_kernels: of these, those about kernels only.
    """
    if ids:
        return list(dict.fromkeys(paper.find(one) for one in ids))
    return [
        one
        for one in paper.all()
        if (one.takes_task or not about_tasks) and (one.takes_kernel or not about_kernels)
    ]


def settings(words: Sequence[str]) -> tuple[tuple[str, int | float | str], ...]:
    """What was written as NAME=VALUE: whole numbers, numbers, or words.

    Raises:
        InvalidInputError: no name, no value, one name twice, or a number that is not finite.

    >>> settings(["samples=2e4", "rate=0.5", "activation=relu"])
    (('samples', 20000), ('rate', 0.5), ('activation', 'relu'))
    """
    found: dict[str, int | float | str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not (sign and name and value) or name in found:
            raise InvalidInputError("--set", word, "give each once, as NAME=VALUE: samples=2e4")
        found[name] = given = _value(value)
        if isinstance(given, float) and not math.isfinite(given):
            raise InvalidInputError("--set", word, "give a finite number")
    return tuple(found.items())


def _value(written: str) -> int | float | str:
    """A word as the number that it is, if it is one."""
    if written in ("true", "false"):
        return written == "true"
    try:
        number = float(written)
    except ValueError:
        return written
    return int(number) if number.is_integer() else number
