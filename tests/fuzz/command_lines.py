"""Command lines at random: about half of them sound and cheap, each part of the others odd.

What rightly takes minutes is no fault, and is not drawn: temperatures and methods at which a value
is dear, fine grids, and plans where templates hardly differ, which fit millions of samples.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

_ODD = 0.08
"""How often a value is odd; another option than the command's own is as likely."""

_ODD_NUMBERS = (
    *("0", "-1", "1e400", "nan", "inf", "-inf", "1e6", "x", "1e-320"),
    *("1e-3", "1e16", "٣", "0x10", "1.5", "2e1", "1e30"),
)
_ODD_TEXTS = ("", " ", "A B", "[CLS]", "A\x00B", "\udce9A", "😀A", "[b]", "=", "-", "Α", "α\udc80")
_ODD_LABELLED = (
    *("αα=nan", "αβ=1e400", "αβ=", "=1", "αβ", "αα=1e300"),
    *("α=x", "α\udc80=1", "αα=1=2"),
)

_NUMBERS = "0.5", "1", "2", "0.1", "1.5", "3"
_WHOLE = "1", "2", "3", "5", "8"
_STRINGS = (*(("AA", "AB", "BA", "BB"),) * 4, ("ABC", "AAB", "BAA"), ("A B", "B A"))
_TEMPLATES = (
    *(("αα", "αβ"), ("αα", "αβ"), ("aα", "bα"), ("α β", "α α"), ("aα", "αα", "ββ"), ("αβ", "aa")),
    ("αβα", "αββ", "ααβ"),
)
_TASKS = "same-different", "aba-abb"
_ACTIVATIONS = "cos", "sin", "relu", "erf", "tanh", "gelu"
_METHODS = "auto", "proved", "quadrature", "product", "monte-carlo"
_TABLES = (
    "text,label\nAA,1\nAB,-1\nBA,-1\nBB,1\n",
    "text,label,w\nAA,1,1\nAB,2,0\nA B,1,1\n",
    "text,label\nAA,1e300\nAB,nan\n",
    "text;label\nAA;1\n",
    "text,label\nAA\n",
    'text,label\n"A\nB",1\n',
    "text,text\nAA,1\n",
    "\ufefftext,label\r\nAA,1\r\n",
    "text,label\n",
    "",
    "\x00",
)

_KERNEL: dict[str, Sequence[str]] = {
    "--beta": ("0", "0.1", "0.5", "1"),
    "--gamma": ("0", "0.1", "1", "2"),
    "--b1": _NUMBERS,
    "--b2": _NUMBERS,
    "--activation": _ACTIVATIONS,
    "--depth": _WHOLE,
    "--method": _METHODS,
    "--tolerance": ("1e-6", "1e-3", "1e-8"),
    "--kernel-samples": ("2", "16", "64"),
}
_CHOSEN = {**_KERNEL, "--kernel": ("transformer", "mlp"), "--seed": _WHOLE, "--task": _TASKS}
_SAMPLED = {"--samples": ("2", "5", "20"), "--alphabet": ("1", "5", "8"), "--noise": _NUMBERS}
_RIDGE = {"--ridge": _NUMBERS}
_RANGES = dict.fromkeys(("--beta", "--gamma", "--b1", "--b2"), ("1", "0.5,1", "2,1"))
_FILES = ("f.csv", "f.csv", "f.csv", "no.csv", "no/f.csv", "", "n" * 300, ".")
_COLUMNS = "text", "label", "w", "no"
_NUMBERED = {
    "--error": ("0.5", "2"),
    "--noise": _NUMBERS,
    "--alphabet": ("5", "50"),
}

OPTIONS: dict[str, dict[str, Sequence[str]]] = {
    "kernel": {**_KERNEL, "--seed": _WHOLE},
    "matrix": _CHOSEN,
    "certify-matrix": {**_CHOSEN, "--save": _FILES, "--coq": _FILES},
    "ridge": {
        **_CHOSEN,
        **_RIDGE,
        **_SAMPLED,
        "--data": _FILES,
        "--text": _COLUMNS,
        "--label": _COLUMNS,
        "--weight": _COLUMNS,
        "--tokens": ("words", "characters"),
        "--folds": _WHOLE,
        "--predict": _FILES,
        "--out": _FILES,
        "--save": _FILES,
        "--test": _STRINGS[0],
        "--route": ("auto", "dense", "structured"),
        "--max-iterations": _WHOLE,
    },
    "certificate": {**_CHOSEN, **_RIDGE, **_SAMPLED, "--delta": ("0.05", "0.5")},
    "plan": {**_CHOSEN, **_NUMBERED, "--beta": ("1",)},
    "tune": {**_RANGES, **_NUMBERED, "--task": _TASKS, "--points": ("1",)},
    "task": {},
    "derivatives": {"--order": _WHOLE[:4]},
    "separate": {"--task": _TASKS, "--save": _FILES},
    "statements": {**_CHOSEN, "--set": ("samples=0", "x", "no=1")},
    "train": {"--task": _TASKS, "--arms": ("a,b",), "--n": ("8,16",), "--out": _FILES},
    "train-text": {"--heads": _WHOLE, "--steps": _WHOLE, "--out": _FILES},
    "reproduce": {"--out": _FILES},
}
"""The options of each command, and what is sound for them; flags are drawn apart."""

_SELDOM = {
    "tune": 0.05,
    "plan": 0.1,
    "train": 0.2,
    "train-text": 0.2,
    "certify-matrix": 0.3,
    "certificate": 0.3,
}
"""How often what takes longest is drawn: 1 for the others."""

_FLAGS = "--help", "--help", "--quick", "--verify", "--appendix-h", "--list"
_HOURS = {
    "train": ("--size", "hours"),
    "train-text": ("--steps", "0"),
    "reproduce": ("--jobs", "-1"),
    "statements": ("--jobs", "-1"),
}
"""What takes long is refused before it begins: by its last option."""


def line(rng: random.Random, folder: Path) -> Iterator[str]:
    """A command, its arguments, and options that are mostly its own.

    Args:
        rng: where everything is drawn from.
        folder: where the files of the options are; ``f.csv`` there is written here.
    """
    (folder / "f.csv").write_bytes(rng.choice(_TABLES).encode())
    weights = [_SELDOM.get(name, 1.0) for name in OPTIONS]
    (command,) = rng.choices([*OPTIONS], weights)
    yield command
    own, needed = OPTIONS[command], _required(rng, command)
    if not {"--data", "--task"} & {*needed} or rng.random() < _ODD:
        yield from _arguments(rng, command)
    others = [option for option in own if option not in needed and option != "--task"]
    for option in (*needed, *rng.sample(others, min(len(others), rng.choice([0, 1, 1, 2])))):
        yield option
        yield _value(rng, own[option], folder)
    if rng.random() < _ODD:
        yield from (rng.choice(["--beta", "--order", "--task", "-x"]), rng.choice(_ODD_NUMBERS))
    if rng.random() < _ODD:
        yield rng.choice(_FLAGS)
    yield from _HOURS.get(command, ())
    if rng.random() < 0.5:
        yield "--json"


def _arguments(rng: random.Random, command: str) -> list[str]:
    """The words that follow the command."""
    odd: Sequence[str] = _ODD_TEXTS
    count = rng.choice([2, 2, 2, 2, 3, 1])
    match command:
        case "kernel" | "derivatives":
            chosen = [*rng.choice(_STRINGS)]
        case "matrix" | "certify-matrix" | "separate" | "tune":
            chosen, odd = [*rng.choice(_TEMPLATES)], (*_ODD_TEXTS, *_ODD_LABELLED)
        case "ridge" | "certificate" | "plan" | "statements":
            labels = ["=1", "=-1", "=0.5"]
            chosen = [a + b for a, b in zip(rng.choice(_TEMPLATES), labels, strict=False)]
            odd = (*_ODD_LABELLED, *_ODD_TEXTS)
        case "task":
            chosen, count = [*_TASKS], 1
        case _:
            chosen, count = ["figure-1", "aba-abb"], rng.choice([0, 1])
    drawn = rng.sample(chosen, min(count, len(chosen)))
    return [rng.choice(odd) if rng.random() < _ODD else one for one in drawn]


def _required(rng: random.Random, command: str) -> list[str]:
    """The options without which a command is refused, mostly."""
    samples = ["--samples", "--alphabet"]
    needed = {
        "ridge": [samples, ["--data"], [*samples, "--task"]],
        "certificate": [samples, [*samples, "--task"]],
        "plan": [["--error"]],
        "tune": [["--points"]],
        "matrix": [[], [], ["--task"]],
        "separate": [[], [], ["--task"]],
    }
    return rng.choice(needed.get(command, [[]])) if rng.random() > _ODD else []


def _value(rng: random.Random, sound: Sequence[str], folder: Path) -> str:
    """A value that is sound, or odd, or one of the files; the only sound one where others cost."""
    if sound is _FILES:
        name = rng.choice(sound)
        return str(folder / name) if name else name
    if len(sound) > 1 and rng.random() < _ODD:
        return rng.choice([*_ODD_NUMBERS, *_ODD_TEXTS])
    return rng.choice(sound)
