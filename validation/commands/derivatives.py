"""``template-kernels derivatives``: the attention kernel's derivatives at (0, 0), exactly."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import report, table
from validation.commands.frame.whole_numbers import whole

if TYPE_CHECKING:
    from theory.derivatives.orders import Scaling


def derivatives(
    x: Annotated[
        str | None, typer.Argument(metavar="X", help="A string, such as AA.", show_default=False)
    ] = None,
    y: Annotated[
        str | None,
        typer.Argument(metavar="Y", help="A string of the same length.", show_default=False),
    ] = None,
    order: Annotated[
        int | None, whole(help="The largest total order i + j.", show_default="10")
    ] = None,
    appendix_h: Annotated[
        bool, typer.Option("--appendix-h", help="Scale beta as Appendix H does, not Section 4.1.")
    ] = False,
    symbolic: Annotated[
        tuple[int, int] | None,
        typer.Option(metavar="I J", help="Instead of strings: the table of one order, for any."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Print derivatives of the attention kernel in (beta, gamma) at (0, 0), as fractions.

    The order i,j is i derivatives in beta and j in gamma. Orders with an odd part are left out:
    those derivatives are 0.
    """
    from kernels import InvalidInputError  # noqa: PLC0415 - slow, and --help waits

    if symbolic is not None:
        if x is not None:
            raise InvalidInputError("symbolic", symbolic, "give either strings or --symbolic")
        if order is not None:
            raise InvalidInputError("order", order, "--symbolic I J is one order; leave it out")
        if appendix_h:
            raise InvalidInputError(
                "appendix_h", True, "the tables are in the scaling of Section 4.1; leave it out"
            )
        _symbolic(*symbolic, as_json)
        return
    if x is None or y is None:
        missing = "X" if x is None else "Y"
        raise InvalidInputError(missing, None, "give two strings, or --symbolic I J")
    _of_strings(x, y, 10 if order is None else order, appendix_h, as_json)


def _of_strings(x: str, y: str, order: int, appendix_h: bool, as_json: bool) -> None:
    from theory.derivatives import attention_derivatives  # noqa: PLC0415

    started = perf_counter()
    with naming(x="X", y="Y"):
        scaling: Scaling = "appendix-H" if appendix_h else "section-4.1"
        found = attention_derivatives(x, y, order, scaling=scaling)
    seconds = perf_counter() - started

    def show(console: Console) -> None:
        rows = table("i (beta)", "j (gamma)", "derivative", "about")
        for (i, j), value in found.items():
            rows.add_row(str(i), str(j), str(value), f"{float(value):.6g}")
        console.print(rows)

    payload: dict[str, object] = {
        "x": x,
        "y": y,
        "derivatives": {f"{i},{j}": str(value) for (i, j), value in found.items()},
        "seconds": seconds,
    }
    if appendix_h:
        payload["scaling"] = scaling
    report(payload, as_json, show)


def _symbolic(i: int, j: int, as_json: bool) -> None:
    from theory.derivatives import derivative_table  # noqa: PLC0415
    from theory.derivatives.symbolic.notation import text  # noqa: PLC0415

    started = perf_counter()
    with naming(i="--symbolic", j="--symbolic"):
        found = derivative_table(i, j)
    seconds = perf_counter() - started
    terms = [
        {
            "coefficient": term.coefficient,
            "k_power": term.k_power,
            "invariants": [text(invariant) for invariant in term.invariants],
        }
        for term in found.terms
    ]

    def show(console: Console) -> None:
        console.print(str(found), highlight=False, soft_wrap=True)

    payload = {"order": [i, j], "terms": terms, "latex": found.latex, "seconds": seconds}
    report(payload, as_json, show)
