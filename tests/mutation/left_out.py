"""What no test could be about, told from the syntax alone: faults there are not put in.

Each kind has its reason. Nothing that changes a number, an order or a verdict is among them, and a
step that refuses is still left out as a whole: only the words and the costs it names are not.
"""

from __future__ import annotations

import ast
import re

_NO_EXCEPTION = {"StandardError", "Error"}
"""Errors of numbers; other names that end in "Error" are exceptions."""
_COST = re.compile(r"_?(BYTES|SECONDS|TERMS|PAIRS|CUBED)_PER_[A-Z_]+")
_WORDS = re.compile(r"[a-z]{2,} [a-z]{2,}")


def is_left_out(node: ast.AST) -> bool:
    """Whether neither this node nor its parts have faults.

    * Texts, what is raised, imports, assertions, and what is for type checkers alone: words. So
      is an exception that a function makes for others to raise.
    * What an ``If`` of sentences chooses between, and sentences put together: words.
    * Constants named by what a thing costs, as ``_BYTES_PER_LABEL``: they are measured, and decide
      what is refused or which of two right ways is taken.
    """
    match node:
        case ast.JoinedStr() | ast.Raise() | ast.Import() | ast.ImportFrom() | ast.Assert():
            return True
        case ast.If():
            return "TYPE_CHECKING" in ast.dump(node.test)
        case ast.Call():
            name = called(node)
            return name.endswith("Error") and name not in _NO_EXCEPTION
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other, op=ast.Add()):
            return _is_sentence(one) or _is_sentence(other)
        case ast.Assign(targets=[ast.Name(id=name)]):
            return _COST.fullmatch(name) is not None
    return False


def parts_left_out(node: ast.AST) -> list[ast.AST]:
    """The parts of a node that have no faults, and are not left out of it.

    * ``strict=True`` of ``zip``: where lengths may differ, they are compared before.
    * ``stacklevel`` of a warning, ``progress`` of what takes long: what is shown beside results.
    * The arguments of ``require_memory``: a cost, and words. The call itself is no such part.
    """
    if not isinstance(node, ast.Call):
        return []
    name = called(node)
    if name == "require_memory":
        return [*node.args, *node.keywords]
    return [
        keyword
        for keyword in node.keywords
        if keyword.arg in {"stacklevel", "progress"}
        or (name == "zip" and ast.unparse(keyword) == "strict=True")
    ]


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def _is_sentence(node: ast.AST) -> bool:
    """Whether it is text with two words that follow each other, numbers put in counting as words.

    Names, keys and formulas are not: they may be what a user or another function reads.
    """
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [part.value if isinstance(part, ast.Constant) else "some" for part in parts]
    whole = "".join(text for text in texts if isinstance(text, str))
    return isinstance(node, ast.JoinedStr | ast.Constant) and bool(_WORDS.search(whole))
