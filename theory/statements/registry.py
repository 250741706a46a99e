"""Every statement, in the paper's order: one line each.

A statement stands in the folder of its section or appendix, in the file of its main number:
Claim D.3 in ``appendix_d/claim_d_3.py``, under the name ``STATEMENT``.
"""

from __future__ import annotations

import importlib

from theory.statements.framework.lookup import Lookup, file_name
from theory.statements.framework.statement import Statement

FOLDERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Section 3: template tasks": (
        "section_3",
        ("Definition 3.1", "Definition 3.2", "Definition 3.3", "Template counts"),
    ),
    "Section 4.1: diversity and kernel regression": (
        "section_4_1",
        ("Equation (3)", "Definition 4.1", "Definition 4.2", "Proposition 4.3"),
    ),
    "Section 4.2: transformers generalize": (
        "section_4_2",
        (
            "Theorem 4.4",
            "Equation (12)",
            "Equation (5)",
            "Lemma 4.5",
            "Lemma 4.6",
            "Lemma 4.7",
            "Conjecture on activations",
            "Open point 2",
        ),
    ),
    "Section 4.3: parameters that help": (
        "section_4_3",
        ("Observation 1.2", "Section 4.3, a_h"),
    ),
    "Section 5: copying": (
        "section_5",
        ("Theorem 5.1", "Theorem 5.2"),
    ),
    "Appendix C: token symmetry": (
        "appendix_c",
        ("Definition C.1",),
    ),
    "Appendix D: sufficient conditions for ridge regression": (
        "appendix_d",
        ("Equation (16)", "Claim D.2", "Claim D.3", "Claim D.4", "Claim D.5"),
    ),
    "Appendix E: the activation": (
        "appendix_e",
        ("Claim E.2",),
    ),
    "Appendix F: derivatives at the origin": (
        "appendix_f",
        (
            "Section F.1",
            "Section F.2.1",
            "Section F.2.2",
            "Section F.2.3",
            "Section F.2.4",
            "Claim F.2",
            "Claim F.3",
            "Claim F.4",
            "Claim F.5",
            "Claim F.6",
        ),
    ),
    "Appendix G: analyticity": (
        "appendix_g",
        (
            "Lemma G.1",
            "Definition G.2",
            "Lemma G.3",
            "Lemma G.4",
            "Lemma G.5",
            "Lemma G.6",
            "Lemma G.7",
            "Lemma G.8",
            "Lemma G.9",
        ),
    ),
    "Appendix H: the random-features kernel": (
        "appendix_h",
        ("Appendix H",),
    ),
    "Appendix I: multilayer perceptrons fail": (
        "appendix_i",
        ("Theorem I.2", "Remark I.4", "Remark I.6", "Lemma I.7"),
    ),
    "Appendix J: symbolic labels": (
        "appendix_j",
        ("Definition J.1",),
    ),
}
"""By part of the paper: the folder, and the main numbers of the statements in it.

A statement with several numbers stands at its main one.
"""


def _statement(folder: str, id: str) -> Statement:
    """The one that stands in the file of its main number."""
    module = importlib.import_module(f"theory.statements.{folder}.{file_name(id)}")
    found = module.STATEMENT
    assert isinstance(found, Statement), f"{module.__name__} has no statement"
    assert found.id == id, f"{module.__name__} is of {found.id}, not of {id}"
    return found


PARTS: dict[str, tuple[Statement, ...]] = {
    part: tuple(_statement(folder, id) for id in ids) for part, (folder, ids) in FOLDERS.items()
}
"""The statements by part of the paper."""

STATEMENTS: tuple[Statement, ...] = tuple(one for part in PARTS.values() for one in part)
"""In the paper's order."""

_LOOKUP = Lookup(STATEMENTS)


def all() -> tuple[Statement, ...]:
    """Every statement, in the paper's order.

    >>> len(all()) == len(set(all()))
    True
    """
    return STATEMENTS


def find(id: str) -> Statement:
    """The statement with this number.

    Args:
        id: ``"Lemma 4.7"``, ``"lemma4.7"`` or, where one statement alone has it, ``"4.7"``;
            ``"Def. 3.1"`` and ``"Eq. 5"`` too.

    Raises:
        InvalidInputError: no statement has it; the message lists the nearest ones.

    >>> find("Definition 3.1") is find("3.1") is find("Def. 3.1")
    True
    """
    return _LOOKUP.find(id)
