"""The command `statements`: its JSON is a contract, and no verdict that is there gets lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from theory import statements
from validation.__main__ import main
from validation.commands.statements.words import chosen_statements
from validation.experiments.statement_check import StatementCheck

FIELDS = {"id", "ids", "title", "verdict", "kind", "evidence", "counterexample", "seconds"}


def verdicts(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert main(["statements", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refuses(capsys: pytest.CaptureFixture[str], arguments: str, says: str) -> None:
    assert main(arguments.split()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err.splitlines()[-1]


def test_contract(capsys: pytest.CaptureFixture[str]) -> None:
    found = verdicts(capsys, "Lemma", "4.7", "3.1", "αα=1", "αβ=-1")
    assert [one["id"] for one in found] == ["Lemma 4.7", "Definition 3.1"]
    for one in found:
        assert set(one) == FIELDS
        assert (one["verdict"], one["counterexample"]) == ("holds", None)
    # Lemma 4.7 compares distances of kernel values, Definition 3.1 counts.
    assert [one["kind"] for one in found] == ["proved", "exact"]


def test_violated_has_its_counterexample(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = verdicts(capsys, "Open point 2", "--quick")
    assert found["verdict"] == "violated"
    assert "aa" in json.dumps(found["counterexample"])


def test_same_numbers_are_checked_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(verdicts(capsys, "Lemma F.1", "C.4", "lemma 4.7", "--task", "aba-abb")) == 1


def test_a_statement_that_is_not_about_the_task_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    refuses(capsys, "statements Remark I.6 aα=1 bβ=2", "hypothesis 'the templates consist of")
    refuses(capsys, "statements E.2 --task aba-abb", "Claim E.2 is not about a task")


def test_the_finished_are_printed_before_the_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements", "3.1", "I.6", "aα=1", "bβ=2", "--json"]) == 2
    printed = capsys.readouterr()
    assert [one["id"] for one in json.loads(printed.out)] == ["Definition 3.1"]
    assert "hypothesis" in printed.err


def test_without_a_number_a_refusal_is_a_row() -> None:
    point = StatementCheck("I.6", templates=("aα=1", "bβ=2"))
    result = point.measure(Path())
    assert result["verdict"]["verdict"] == "says nothing here"
    assert "wildcards" in result["verdict"]["evidence"]["refusal"]["remedy"]
    limit = StatementCheck("4.5", task="majority-7").measure(Path())
    assert limit["verdict"]["verdict"] == "inconclusive"
    assert "at most 4 tokens" in limit["verdict"]["evidence"]["would_settle"]


def test_kept_verdicts_are_found_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["3.1", "F.2.3", "--keep", str(tmp_path)]
    first = verdicts(capsys, *arguments)
    monkeypatch.setattr(StatementCheck, "measure", lambda *_: pytest.fail("computed again"))
    assert verdicts(capsys, *arguments) == first


def test_interruption_keeps_what_is_finished(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = StatementCheck.measure

    def interrupted(point: StatementCheck, tables: Path) -> object:
        if point.statement == "Definition 4.1":
            raise KeyboardInterrupt
        return checked(point, tables)

    monkeypatch.setattr(StatementCheck, "measure", interrupted)
    assert main(["statements", "3.1", "4.1", "4.2", "--json"]) == 130
    printed = capsys.readouterr()
    assert [one["id"] for one in json.loads(printed.out)] == ["Definition 3.1"]
    assert "interrupted with 1 of 3 verdicts" in printed.err
    assert "--keep" in printed.err


def test_an_empty_id_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements", ""]) == 2
    assert "id = '': ids look like 'Lemma 4.7'" in capsys.readouterr().err


def test_list_checks_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StatementCheck, "measure", lambda *_: pytest.fail("checked"))
    assert main(["statements", "--list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["ids"] for one in found] == [list(one.ids) for one in statements.all()]
    assert main(["statements", "--list", "4.7"]) == 0
    assert "Lemma C.4" in capsys.readouterr().out


def test_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements", "F.2.1"]) == 0
    printed = capsys.readouterr().out
    assert "violated" in printed
    assert "exact" in printed
    assert "counterexample" in printed


BAD = [
    ("statements lemma 4.77", "nearest are Lemma 4.7"),
    ("statements Lemma", "the nearest are"),
    ("statements xyz", "'statements --list'"),
    ("statements 4.7 --task nothing", "known tasks are same-different"),
    ("statements 4.7 αα=1 αβ=x", "write a template and its label"),
    ("statements 4.7 αα=1 αα=2", "matches both"),
    ("statements 4.7 αα --task aba-abb", "not both"),
    ("statements --jobs -1", "--jobs = -1"),
    ("statements 4.5 --set samples", "--set = 'samples': give each once, as NAME=VALUE"),
    ("statements 4.5 --set seconds=nan", "--set = 'seconds=nan': give a finite number"),
    ("statements 4.5 --set seconds=-1e400", "--set = 'seconds=-1e400': give a finite number"),
    ("statements 4.5 --set width=3", "Lemma 4.5 lets you set samples"),
    ("statements --set samples=2e4", "lets you set nothing"),
    ("statements 4.5 --set samples=3 --quick --json", "at least 400"),
    ("statements 3.1 --keep /dev/null", "--keep = '/dev/null': give a folder"),
    ("statements 4.7 5.1 --task aba-abb", "--task = 'aba-abb': Theorem 5.1 is not about a task"),
    ("statements --seed -1", "--seed = -1"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=[case for case, _ in BAD])
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: str, says: str
) -> None:
    refuses(capsys, arguments, says)


def test_all_statements_about_tasks_are_chosen_for_a_task() -> None:
    about = chosen_statements([], about_tasks=True)
    assert 0 < len(about) < len(statements.all())
    assert all(one.takes_task for one in about)
    assert len(chosen_statements([], about_tasks=False)) == len(statements.all())
