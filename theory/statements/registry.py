"""Every statement, in the paper's order: one line each."""

from __future__ import annotations

import difflib
import re
from functools import cache

from kernels.errors import InvalidInputError
from theory.statements import (
    activations,
    analyticity,
    appendix_f,
    appendix_h,
    appendix_i,
    appendix_j,
    block_structure,
    conditioning,
    counts,
    dual_of_cosine,
    generalization,
    generic_phase,
    gradient_flow,
    ideal_gap,
    idealized_case,
    identity_term,
    kernel_definition,
    matching,
    perturbation,
    regular_overlap,
    sampling,
    separation,
    template_entries,
    token_symmetry,
    types_of_series,
    types_of_softmax,
    unseen_symbols,
)
from theory.statements.statement import Statement

PARTS: dict[str, tuple[Statement, ...]] = {
    "Section 3: template tasks": (
        matching.MATCHING,
        sampling.SAMPLES,
        unseen_symbols.UNSEEN,
        counts.COUNTS,
    ),
    "Section 4.1: diversity and kernel regression": (
        kernel_definition.DEFINITION,
        matching.DISJOINT,
        sampling.DIVERSITY,
        gradient_flow.FLOW,
    ),
    "Section 4.2: transformers generalize": (
        generalization.THEOREM,
        template_entries.ENTRIES,
        block_structure.BLOCKS,
        generalization.RATE,
        generic_phase.PHASE,
        separation.SEPARATION,
        activations.CONJECTURE,
        regular_overlap.EDGE,
    ),
    "Section 4.3: parameters that help": (
        conditioning.OBSERVATION,
        identity_term.IDENTITY_TERM,
    ),
    "Section 5: copying": (
        appendix_j.FAILURE,
        appendix_j.COPYING,
    ),
    "Appendix C: token symmetry": (token_symmetry.SYMMETRY,),
    "Appendix D: sufficient conditions for ridge regression": (
        idealized_case.IDEALIZED,
        ideal_gap.GAP,
        idealized_case.SPECTRUM,
        idealized_case.IDEAL_ERROR,
        perturbation.PERTURBATION,
    ),
    "Appendix E: the activation": (dual_of_cosine.DUAL,),
    "Appendix F: derivatives at the origin": (
        appendix_f.DERIVATIVES,
        appendix_f.COLUMN_SUMS,
        appendix_f.COLUMNS,
        appendix_f.NORMS,
        appendix_f.DEGREES,
        *appendix_f.CLAIM_STAGES,
    ),
    "Appendix G: analyticity": (
        analyticity.ANALYTICITY,
        types_of_series.TYPES,
        types_of_series.COMPOSITION,
        types_of_series.ARITHMETIC,
        types_of_series.DERIVATIVES,
        types_of_softmax.SOFTMAX,
        types_of_softmax.ENTRIES,
        types_of_softmax.INTEGRAND,
        types_of_softmax.EXPECTATION,
    ),
    "Appendix H: the random-features kernel": (appendix_h.RANDOM_FEATURES,),
    "Appendix I: multilayer perceptrons fail": (
        appendix_i.LOWER_BOUND,
        appendix_i.OPTIMIZERS,
        conditioning.MLP,
        appendix_i.COUPLING,
    ),
    "Appendix J: symbolic labels": (sampling.SYMBOLIC,),
}
"""By part of the paper, one line each; a statement with several numbers stands at its main one."""

STATEMENTS: tuple[Statement, ...] = tuple(one for part in PARTS.values() for one in part)
"""In the paper's order."""


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
    if not isinstance(id, str):
        raise InvalidInputError("id", id, f"give a string; {_IDS}")
    wanted = _plain(id)
    known = _index()
    if wanted in known:
        return known[wanted]
    near = _near(wanted)
    raise InvalidInputError("id", id, f"the nearest are {', '.join(near)}" if near else _IDS)


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


def _near(wanted: str) -> list[str]:
    """Names of the same number, whatever the word; then of that section; then spelled alike."""
    names = [name for statement in STATEMENTS for name in statement.ids]
    number = _number(wanted).strip("()")
    same = [name for name in names if _number(name).strip("()") == number]
    within = [name for name in names if _number(name).startswith(f"{number}.")]
    keys = {key: name for name in names for key in (_number(name), _plain(name))}
    close = difflib.get_close_matches(wanted, list(keys), n=5, cutoff=0.5)
    return list(dict.fromkeys([*same, *within, *(keys[key] for key in close)]))[:5]


@cache
def _index() -> dict[str, Statement]:
    """The statement of each full name, and of each bare number.

    Sections share numbers with statements (Section F.1, Lemma F.1): statements come first. Open
    points, whose numbers say nothing alone, are found by their full name.
    """
    full = {_plain(name): statement for statement in STATEMENTS for name in statement.ids}
    bare: dict[str, Statement] = {}
    for sections in (False, True):
        for name, statement in full.items():
            if name.startswith("section") is sections and not name.startswith("open point"):
                bare.setdefault(_number(name), statement)
    return {**bare, **full}
