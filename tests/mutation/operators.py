"""The kinds of small faults, on the syntax tree of a file.

They are those that a tired author makes in numerics: a factor, a sign, a term that is missing, a
bound that is off by one, a comparison that is strict or not, an argument or a step left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutation.left_out import called, is_left_out, parts_left_out
from tests.mutation.mutant import Mutant

_SWAPPED: dict[type[ast.AST], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "/",
    ast.Pow: "*",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_OTHER_FUNCTION = {"max": "min", "min": "max", "any": "all", "all": "any", "sorted": "list"}
_DROPPED_FUNCTION = {"abs", "sqrt", "ceil", "floor", "exp", "square", "reversed"}


def mutants_of(path: str, source: str) -> list[Mutant]:
    """All faults that are put into one file, in the order of their places.

    Types have none, nor has what `tests.mutation.left_out` names: no test could be about them.
    """
    file = _File(path, source)
    return sorted({mutant for node in _code(ast.parse(source)) for mutant in file.faults(node)})


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run and matter."""
    if is_left_out(node):
        return
    yield node
    aside = parts_left_out(node)
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params", "bases"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and child not in aside:
                yield from _code(child)


class _File:
    """A file whose nodes are replaced by text, so that all else in it stays."""

    def __init__(self, path: str, source: str) -> None:
        self._path = path
        self._source = source
        lines = source.splitlines(keepends=True)
        self._lines = lines
        self._offsets = [0]
        for line in lines:
            self._offsets.append(self._offsets[-1] + len(line))

    def faults(self, node: ast.AST) -> Iterator[Mutant]:
        """The faults of one node, without those of its parts."""
        match node:
            case ast.Constant(value=bool(value)):
                yield self._replaced(node, str(not value))
            case ast.Constant(value=int(value)):
                yield self._replaced(node, str(value + 1))
            case ast.Constant(value=float(value)):
                yield self._replaced(node, f"{2.0 * value!r}" if value else "1.0")
                yield self._replaced(node, f"{0.5 * value!r}" if value else "-1.0")
            case ast.BinOp() if type(node.op) in _SWAPPED:
                yield self._between(node.left, node.right, _SWAPPED[type(node.op)])
                yield self._replaced(node, self._text(node.left))
                if isinstance(node.op, ast.Add | ast.Mult):
                    yield self._replaced(node, self._text(node.right))
            case ast.Compare(ops=[op], comparators=[right]) if type(op) in _SWAPPED:
                yield self._between(node.left, right, _SWAPPED[type(op)])
            case ast.BoolOp(values=[first, *_]):
                yield self._replaced(node, self._text(first))
            case ast.UnaryOp(op=ast.USub() | ast.Not()):
                yield self._replaced(node, self._text(node.operand))
            case ast.Call():
                yield from self._calls(node)
            case _:
                yield from self._steps(node)

    def _steps(self, node: ast.AST) -> Iterator[Mutant]:
        """Faults of the way that is taken, rather than of a number."""
        match node:
            case ast.Attribute(attr="T"):
                yield self._replaced(node, self._text(node.value))
            case ast.IfExp():
                yield self._replaced(node, self._text(node.body))
                yield self._replaced(node, self._text(node.orelse))
            case ast.AugAssign() | ast.Expr(value=ast.Call()):
                yield self._replaced(node, "pass")
            case ast.If():
                yield self._replaced(node.test, f"not ({self._text(node.test)})")

    def _calls(self, node: ast.Call) -> Iterator[Mutant]:
        name = called(node)
        if name in _OTHER_FUNCTION and isinstance(node.func, ast.Name):
            yield self._replaced(node.func, _OTHER_FUNCTION[name])
        if name in _DROPPED_FUNCTION and len(node.args) == 1 and not node.keywords:
            yield self._replaced(node, self._text(node.args[0]))
        aside = parts_left_out(node)
        for keyword in node.keywords:
            if keyword.arg and keyword not in aside and len(node.args) + len(node.keywords) > 1:
                parts = [self._text(part) for part in node.args]
                parts += [self._text(other) for other in node.keywords if other is not keyword]
                yield self._replaced(node, f"{self._text(node.func)}({', '.join(parts)})")

    def _span(self, node: ast.AST) -> tuple[int, int]:
        begin = self._place(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        return begin, self._place(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def _place(self, line: int, column: int) -> int:
        """Of a line and a column in bytes, as syntax trees count them."""
        before = self._lines[line - 1].encode()[:column].decode()
        return self._offsets[line - 1] + len(before)

    def _text(self, node: ast.AST) -> str:
        start, end = self._span(node)
        text = self._source[start:end]
        return text if isinstance(node, ast.keyword | ast.Name | ast.Attribute) else f"({text})"

    def _replaced(self, node: ast.AST, new: str) -> Mutant:
        start, end = self._span(node)
        old = self._source[start:end]
        return Mutant(self._path, node.lineno, start, end, old, new)  # type: ignore[attr-defined]

    def _between(self, left: ast.AST, right: ast.AST, operator: str) -> Mutant:
        """Both sides with another operator between them, in parentheses of their own."""
        start, end = self._span(left)[0], self._span(right)[1]
        old = self._source[start:end]
        new = f"{self._text(left)} {operator} {self._text(right)}"
        return Mutant(self._path, left.lineno, start, end, old, new)  # type: ignore[attr-defined]
