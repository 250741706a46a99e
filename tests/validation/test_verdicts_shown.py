"""Every verdict there is, "says nothing here" among them, is shown wherever verdicts are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from markupsafe import Markup
from rich.console import Console

import validation.report
from theory import statements
from theory.statements import Outcome
from validation.commands.statements.printed import _STYLES, print_verdicts
from validation.experiments.scale import Scale
from validation.report.blocks import Content
from validation.report.page import Page, render
from validation.report.statements.checked import Checked
from validation.report.statements.overview import _findings, _row
from validation.report.statements.part import _entry

STYLE = Path(validation.report.__file__).parent / "templates" / "style.css"


def checked(outcome: Outcome) -> Checked:
    verdict = {
        "id": "Lemma 4.7",
        "title": "a title",
        "verdict": str(outcome),
        "kind": "exact",
        "evidence": {},
        "counterexample": None,
        "seconds": 0.0,
    }
    return Checked(statements.find("Lemma 4.7"), verdict, "the templates have no wildcards")


@pytest.mark.parametrize("outcome", list(Outcome), ids=str)
def test_each_verdict_is_in_the_report(outcome: Outcome) -> None:
    one = checked(outcome)
    assert f".{str(outcome).replace(' ', '-')} {{" in STYLE.read_text(encoding="utf-8")
    (sentence,) = _findings([one])
    assert "<b>1</b> of 1 checks" in sentence
    assert ("#lemma-4.7" in sentence) is (outcome is not Outcome.HOLDS)
    assert one.badge() in _row(one)
    page = Page("one.html", "One", Markup("x"), ())
    text = render(page, [Content("k", "t", _entry(one, ""))], [page], scale=Scale.FULL)
    assert f'class="verdict {str(outcome).replace(" ", "-")}">{outcome}<' in text
    assert "the templates have no wildcards" in text


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("outcome", list(Outcome), ids=str)
def test_each_verdict_is_printed_with_its_reason(outcome: Outcome, width: int) -> None:
    one = checked(outcome)
    written = io.StringIO()
    print_verdicts(
        Console(file=written, width=width), [{"verdict": one.verdict, "figure": one.figure}]
    )
    shown = " ".join(written.getvalue().split())
    assert str(outcome) in shown
    assert "wildcards" in shown
    assert str(outcome) in _STYLES
