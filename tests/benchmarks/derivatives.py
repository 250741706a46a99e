"""Exact derivatives, the symbolic table and certificates, beside the paper's own figures."""

from __future__ import annotations

import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table

from theory import catalogue
from theory.catalogue.random_templates import random_templates
from theory.derivatives import attention_derivatives, derivative_table, separate, verify
from theory.derivatives.orders import even_orders

PAIRS = [("AAB", "CAA", 10), ("ABC", "BCA", 10), ("ABCDABC", "EFGHEEF", 10)]
PAIRS += [("ABCDABC", "DCBADCB", 10), ("ABCDABC", "DCBADCB", 14)]
PUBLISHED_SECONDS = {(6, 4): 7.0, (8, 4): 415.0}
"""The computer algebra of the paper's authors, on one core."""

SMALL_ORDERS = 10


def given_strings() -> Table:
    table = Table(title="all derivatives of one pair, exact")
    for heading in ("x", "y", "i + j at most", "values", "seconds"):
        table.add_column(heading, justify="left" if len(heading) == 1 else "right")
    for x, y, order in PAIRS:
        start = time.perf_counter()
        found = attention_derivatives(x, y, order)
        table.add_row(x, y, str(order), str(len(found)), f"{time.perf_counter() - start:.3f}")
    return table


def fresh_seconds(work: str) -> float:
    """Seconds of a call in a process of its own, which has nothing in its caches."""
    code = (
        "import time\nfrom theory.derivatives import derivative_table\n"
        "from theory.derivatives.orders import even_orders\n"
        f"start = time.perf_counter()\n{work}\nprint(time.perf_counter() - start)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def symbolic() -> Table:
    table = Table(title="the symbolic table, nothing cached")
    for heading in ("order", "terms", "seconds", "published seconds", "ratio"):
        table.add_column(heading, justify="right")
    for (i, j), published in PUBLISHED_SECONDS.items():
        spent = fresh_seconds(f"derivative_table({i}, {j})")
        terms = len(derivative_table(i, j))
        table.add_row(
            f"({i}, {j})", str(terms), f"{spent:.3f}", f"{published:g}", f"{published / spent:.0f}"
        )
    orders = even_orders(SMALL_ORDERS)
    spent = fresh_seconds(f"[derivative_table(*o) for o in even_orders({SMALL_ORDERS})]")
    terms = sum(len(derivative_table(*order)) for order in orders)
    table.add_row(f"all {len(orders)} to {SMALL_ORDERS}", str(terms), f"{spent:.3f}", "-", "-")
    return table


def certificates() -> Table:
    table = Table(title="certificates of Lemma 4.7")
    for heading in ("task", "templates", "separated by stage", "seconds", "verified in"):
        table.add_column(heading, justify="left" if heading == "task" else "right")
    tasks = {
        "20 random of length 8": random_templates(20, 8),
        **{name: catalogue.find(name) for name in ("majority", "relational-match-to-sample")},
    }
    for name, task in tasks.items():
        start = time.perf_counter()
        certificate = separate(task)
        middle = time.perf_counter()
        problems = verify(certificate)
        end = time.perf_counter()
        counts = " ".join(str(count) for count in certificate.counts.values())
        checked = f"{end - middle:.2f}" if not problems else "; ".join(problems)
        table.add_row(name, str(len(task)), counts, f"{middle - start:.2f}", checked)
    return table


def main() -> None:
    console = Console(width=110)
    for part in (given_strings, symbolic, certificates):
        console.print(part())


if __name__ == "__main__":
    main()
