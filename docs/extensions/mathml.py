"""Formulas as MathML, which browsers draw by themselves: no script, and nothing from a network."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NoReturn

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.util import logging

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

_LOGGER = logging.getLogger(__name__)
_LEFT = re.compile(r"\\[A-Za-z]+")
"""A command in the text of MathML: one that was not understood."""

_BARE = re.compile(r"\\(mathbb|mathcal|mathbf|mathfrak)\s+([A-Za-z])")
"""A styled letter without braces: only with them it becomes a character that browsers draw so."""


def _formula(node: Element, *, display: str) -> str:
    """MathML of a formula; what is not understood is a warning, and so ends a strict build."""
    try:
        found = convert(_BARE.sub(r"\\\1{\2}", node.astext()), display=display)
    except Exception as error:  # its errors have no base of their own
        _LOGGER.warning("unreadable formula: %r", error, location=node)
        return ""
    unknown = _LEFT.search(re.sub("<[^>]*>", " ", found))
    if unknown is not None:
        _LOGGER.warning("formula with an unknown command %s", unknown[0], location=node)
    return found


def inline(translator: HTML5Translator, node: Element) -> NoReturn:
    """A formula in a line of text."""
    translator.body.append(f'<span class="math">{_formula(node, display="inline")}</span>')
    raise nodes.SkipNode


def block(translator: HTML5Translator, node: Element) -> NoReturn:
    """A formula on a line of its own, which scrolls where it is too wide."""
    number = node.get("number")
    shown = f'<span class="eqno">({escape(str(number))})</span>' if number else ""
    mathml = _formula(node, display="block")
    translator.body.append(f'<div class="math-block">{shown}{mathml}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer under the name `mathml`."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
