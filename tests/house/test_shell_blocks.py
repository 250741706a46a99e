"""Every command line in a shell block of README.md, CONTRIBUTING.md and docs/.

All are parsed: a command, an option or a target of make that there is not fails at once. The long
tests also run the template-kernels commands, all but those that take hours.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from tests.house.test_documents import DOCUMENTS, ROOT
from validation.__main__ import main
from validation.commands import app

FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)

INSTALLS = "python3", ".venv/bin/python", "python", "marimo"
"""What builds environments and starts a server: `make install` and the page of the explorer do."""

HOURS = {
    "statements": "a quarter of an hour: `make reproduce` checks all",
    "statements --keep verdicts": "the same",
    "statements --task same-different": "Appendix I at full size",
    "train figure-1": "hours, as the page says",
    "train --task majority-5 --arms vanilla,a": "hours",
    "train aba-abb --size paper": "for a GPU",
    "train aba-abb --size taste": "minutes; `test_kills` trains smaller ones",
}
"""Lines that no test runs, and why."""

FILES = {
    "train.csv": "text,label,review,stars,trust\n"
    + "".join(f"{a}{b},{a == b:d},{a}{b},{a == b:d},1\n" for a in "abcd" for b in "abcd"),
    "new.csv": "text,review\nxx,xx\nxy,xy\n",
    "more.csv": "text,review\nyy,yy\n",
}
"""What a reader has of their own."""


def lines(text: str) -> Iterator[list[str]]:
    """The command lines of the shell blocks, split into words, without comments."""
    for fence in FENCE.finditer(text):
        for line in fence[1].replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words:
                yield words


ALL = [
    (str(document.relative_to(ROOT)), words)
    for document in (*DOCUMENTS, ROOT / "CONTRIBUTING.md")
    for words in lines(document.read_text(encoding="utf-8"))
]
COMMANDS = [(name, words[1:]) for name, words in ALL if words[0] == "template-kernels"]


def parsed(arguments: list[str]) -> None:
    """Parse a command line as the program does, without running it.

    Raises:
        AssertionError: there is no such command.
        TyperException: it is refused.
    """
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined] # a group
    assert arguments[0] in commands
    commands[arguments[0]].make_context(arguments[0], arguments[1:])


def test_there_are_some() -> None:
    assert len(COMMANDS) > 20
    assert {words[0] for _, words in ALL} <= {"template-kernels", "make", "sh", *INSTALLS}
    assert set(HOURS) <= {" ".join(words) for _, words in COMMANDS}


@pytest.mark.parametrize(("document", "arguments"), COMMANDS, ids=str)
def test_each_is_understood(document: str, arguments: list[str]) -> None:
    del document
    if arguments != ["--help"]:
        parsed(arguments)


def test_what_is_not_understood_is_seen() -> None:
    with pytest.raises(AssertionError):
        parsed(["kernle", "AA", "BC"])
    for wrong in (["kernel", "AA", "BC", "--betta", "1"], ["kernel"]):
        with pytest.raises(typer.TyperException):
            parsed(wrong)


def test_the_targets_of_make_are_there() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    asked = [words[1] for _, words in ALL if words[0] == "make" and len(words) > 1]
    assert asked
    assert set(asked) <= targets


@pytest.mark.long
def test_each_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In their order, in one folder: some use what an earlier one has written."""
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    failed = [
        (document, " ".join(arguments))
        for document, arguments in COMMANDS
        if " ".join(arguments) not in HOURS and main(arguments) != 0
    ]
    assert failed == []
