"""What a network is trained on, and the strings that it is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int32

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.memory import require_memory
from theory.symbolic_task import SymbolicTask
from theory.task import TemplateTask

HELD_OUT = 100
"""Strings of the test set and of the validation set, and symbols of the alphabet of each."""

Labels = Float32[np.ndarray, "runs n"] | Int32[np.ndarray, "runs n"]


@dataclass(frozen=True, eq=False)
class Strings:
    """Labelled strings of several runs.

    Attributes:
        codes: one string a row.
        labels: numbers, or the codes of tokens.
    """

    codes: Int32[np.ndarray, "runs n k"]
    labels: Labels


@dataclass(frozen=True, eq=False)
class Problem:
    """Training strings, and held-out ones of symbols that neither of the others has.

    Attributes:
        train: what is trained on.
        validation: chooses the epoch.
        test: is asked about.
        tokens: how many codes there are, unseen symbols included; 0 is ``[CLS]``.
        cls: whether the strings end with it.
    """

    train: Strings
    validation: Strings
    test: Strings
    tokens: int
    cls: bool

    @property
    def symbolic(self) -> bool:
        """Whether labels are tokens."""
        return self.train.labels.dtype == np.int32


def problem(
    task: TemplateTask | SymbolicTask,
    n: int,
    *,
    alphabet: int | None = None,
    seeds: Sequence[int],
    cls: bool = True,
    held_out: int = HELD_OUT,
) -> Problem:
    """Samples of a task for each seed: training, validation and test, over disjoint alphabets.

    Args:
        task: what is learnt; real labels carry no noise.
        n: training strings.
        alphabet: symbols of the training strings; as many as strings where left out, and at least
            as many as a template has wildcards.
        seeds: of the runs; each has strings of its own.
        cls: whether the strings keep their ``[CLS]``.
        held_out: strings in each of the two other sets, and symbols in the alphabet of each.

    Raises:
        InvalidInputError: an argument out of range, or an alphabet with fewer tokens than a
            template has wildcards.
        TooLargeError: the strings would not fit in memory.

    >>> from theory import catalogue
    >>> found = problem(catalogue.aba_abb(), 50, seeds=[0, 1])
    >>> found.train.codes.shape, found.test.codes.shape, found.tokens
    ((2, 50, 4), (2, 100, 4), 251)
    """
    if not seeds:
        raise InvalidInputError("seeds", list(seeds), "give at least one")
    needed = 4.0 * len(seeds) * (whole("n", n, least=1) + 2 * held_out) * (task.length + 1)
    require_memory("n", n, needed, "ask for fewer samples or fewer trials")
    wildcards = max(len(z.wildcards) for z in task.templates)
    symbols = max(n, wildcards) if alphabet is None else alphabet
    sizes = (n, symbols), (held_out, held_out), (held_out, held_out)
    sets = []
    first = 1 + len(task.regular_tokens)
    for part, (rows, size) in enumerate(sizes):
        drawn = [
            _coded(task, rows, size, first, seed=3 * whole("seeds", seed) + part) for seed in seeds
        ]
        codes = np.stack([one for one, _ in drawn])
        sets.append(
            Strings(codes if cls else codes[:, :, :-1], np.stack([labels for _, labels in drawn]))
        )
        first += size
    train, validation, test = sets
    return Problem(train, validation, test, tokens=first, cls=cls)


def _coded(
    task: TemplateTask | SymbolicTask, n: int, alphabet: int, first: int, *, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Strings and labels; the task's own tokens come first, then its symbols from ``first`` on."""
    drawn = task.sample(n, alphabet=alphabet, seed=seed)
    own = np.arange(1, 1 + len(task.regular_tokens), dtype=np.int32)
    table = np.zeros(1 + alphabet + len(own), dtype=np.int32)
    table[1 : 1 + alphabet] = np.arange(first, first + alphabet)
    table[1 + alphabet :] = own
    codes = table[drawn.strings.codes]
    if isinstance(task, SymbolicTask):
        return codes, table[drawn.labels]
    return codes, drawn.labels.astype(np.float32)
