"""Statements by their numbers, however these are written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from kernels.boundary.exceptions import InvalidInputError
from theory.statements.framework.statement import Statement

_IDS = (
    "ids look like 'Lemma 4.7', 'Claim D.2' or 'Equation (5)'; statements.all() has them all, and "
    "so has the command 'statements --list'"
)

_SHORT = {
    "app": "appendix",
    "def": "definition",
    "eq": "equation",
    "obs": "observation",
    "prop": "proposition",
    "rem": "remark",
    "sec": "section",
    "thm": "theorem",
}

_WORDS = (*_SHORT, *_SHORT.values(), "claim", "lemma", "open point")
_WORDED = re.compile(rf"({'|'.join(sorted(_WORDS, key=len, reverse=True))})\.? ?(?=\(|\d|\w\b)(.*)")
"""A word and a number, with or without something between them."""


def file_name(id: str) -> str:
    """The name of a statement's file, without the ending.

    >>> file_name("Claim D.3"), file_name("Equation (5)"), file_name("Section 4.3, a_h")
    ('claim_d_3', 'equation_5', 'section_4_3_a_h')
    """
    return "_".join(re.findall(r"[a-z0-9]+", id.lower()))


class Lookup:
    """The index of some statements.

    Args:
        statements: in their order.
    """

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statements
        self._index = _index(statements)

    def find(self, id: str) -> Statement:
        """The statement with this number.

        Raises:
            InvalidInputError: none has it, or it is no string; the message lists the nearest ones.
        """
        if not isinstance(id, str):
            raise InvalidInputError("id", id, f"give a string; {_IDS}")
        wanted = _plain(id)
        if wanted in self._index:
            return self._index[wanted]
        near = self._near(wanted)
        raise InvalidInputError("id", id, f"the nearest are {', '.join(near)}" if near else _IDS)

    def _near(self, wanted: str) -> list[str]:
        """Names of the same number, whatever the word; then of that section; then spelled alike."""
        names = [name for statement in self._statements for name in statement.ids]
        number = _number(wanted).strip("()")
        same = [name for name in names if _number(name).strip("()") == number]
        within = [name for name in names if _number(name).startswith(f"{number}.")]
        keys = {key: name for name in names for key in (_number(name), _plain(name))}
        close = difflib.get_close_matches(wanted, list(keys), n=5, cutoff=0.5)
        return list(dict.fromkeys([*same, *within, *(keys[key] for key in close)]))[:5]


def _plain(name: str) -> str:
    """In lower case, single spaces between words, "Def." spelled out, equations in brackets."""
    plain = " ".join(name.lower().split())
    worded = _WORDED.fullmatch(plain)
    if worded is None:
        return plain
    word, number = _SHORT.get(worded[1], worded[1]), worded[2]
    return f"{word} ({number})" if word == "equation" and number.isdigit() else f"{word} {number}"


def _number(name: str) -> str:
    """The name without the word before it: ``"4.7"`` for ``"Lemma 4.7"``."""
    return re.sub(r"^[a-z ]+ (?=\S*[0-9])", "", _plain(name))


def _index(statements: Sequence[Statement]) -> dict[str, Statement]:
    """The statement of each full name, and of each bare number.

    Sections share numbers with statements (Section F.1, Lemma F.1): statements come first. Open
    points, whose numbers say nothing alone, are found by their full name.
    """
    full = {_plain(name): statement for statement in statements for name in statement.ids}
    bare: dict[str, Statement] = {}
    for sections in (False, True):
        for name, statement in full.items():
            if name.startswith("section") is sections and not name.startswith("open point"):
                bare.setdefault(_number(name), statement)
    return {**bare, **full}
