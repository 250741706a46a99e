"""Random tasks, laws and samples, and what dense linear algebra says of them at unseen strings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numpy as np

from kernels import KernelRidge
from kernels.contract.kernel import Kernel
from kernels.strings.encoding import EncodedStrings
from kernels.strings.vocabulary import Vocabulary
from tests.toy_kernels import SymbolKernel
from theory import TemplateTask
from theory.unseen.bounds.pairs import TemplatePairs, template_pairs

TASKS = (
    {"αα": 1.0, "αβ": -1.0},
    {"αβα": 1.0, "αββ": -0.5},
    {"αSα": 2.0, "αSβ": -1.0, "αβS": 0.3},
    {"αβγ": 1.0, "ααβ": 0.5, "αββ": -1.0},
    {"ααα": 1.0},
    {"aab": 1.0, "aαα": -1.0, "aαβ": 0.25},
)

KERNEL = SymbolKernel()

LAWS = ("uniform", "zipf", "cyclic", "blocks")


@dataclass(frozen=True, eq=False)
class Case:
    """A sample of a task, one string of each template first.

    Attributes:
        task: the task.
        strings: the sample's strings.
        index: their templates.
        symbols: the alphabet.
        ridge: lambda.
        law: how wildcards were substituted.
    """

    task: TemplateTask
    strings: EncodedStrings
    index: np.ndarray
    symbols: int
    ridge: float
    law: str
    kernel: Kernel
    sigma: float = 0.3

    @cached_property
    def indicator(self) -> np.ndarray:
        return np.eye(len(self.task))[self.index]

    @cached_property
    def counts(self) -> np.ndarray:
        return self.indicator.sum(axis=0)

    @cached_property
    def pairs(self) -> TemplatePairs:
        return template_pairs(self.kernel, self.task)

    @cached_property
    def gram(self) -> np.ndarray:
        return self.kernel.gram(self.strings).values

    @cached_property
    def sigma_matrix(self) -> np.ndarray:
        """Sigma of B1."""
        return self.gram - self.indicator @ self.pairs.apart @ self.indicator.T

    @cached_property
    def spread(self) -> np.ndarray:
        """V, from its definition."""
        solved = np.linalg.solve(self._shifted, self.indicator)
        return np.linalg.inv(self.indicator.T @ solved)

    @cached_property
    def covariance(self) -> np.ndarray:
        """U, from its definition."""
        solved = np.linalg.solve(self._shifted, self.indicator)
        return self.spread @ solved.T @ solved @ self.spread

    @property
    def _shifted(self) -> np.ndarray:
        return self.sigma_matrix + self.ridge * np.eye(len(self.index))

    @property
    def seen(self) -> int:
        """How many different symbols the sample has."""
        codes = self.strings.codes
        return len(np.unique(codes[(codes > 0) & (codes <= self.symbols)]))

    def dense(self) -> tuple[np.ndarray, np.ndarray]:
        """Bias and noise from the whole Gram matrix and one unseen string of each template.

        Nothing here knows of N: the second route to B1.
        """
        unseen = self.kernel.gram(self.task.unseen(), self.strings).values
        shifted = self.gram + self.ridge * np.eye(len(self.index))
        weights = np.linalg.solve(shifted, unseen.T)
        mean = weights.T @ self.task.label_array[self.index]
        noise = self.sigma * np.linalg.norm(weights, axis=0)
        return mean - self.task.label_array, noise

    def fit(self, seed: int = 0, **options: object) -> KernelRidge:
        rng = np.random.default_rng(seed)
        labels = self.task.label_array[self.index]
        labels = labels + self.sigma * rng.standard_normal(len(labels))
        return KernelRidge(self.kernel, alpha=self.ridge, **options).fit(self.strings, labels)


def case(seed: int, *, largest: int = 10_000, samples: int = 120) -> Case:
    """A random case: the seed decides task, law, alphabet, numbers and ridge."""
    rng = np.random.default_rng(seed)
    task = TemplateTask.parse(TASKS[seed % len(TASKS)])
    law = LAWS[(seed // len(TASKS)) % len(LAWS)]
    most = max(len(z.wildcards) for z in task.templates)
    least = most + 1 if law == "blocks" else max(most, 2)
    symbols = int(rng.choice([least, least + 2, 10, 60, 600, largest]))
    n = int(rng.integers(len(task), samples))
    index = np.concatenate([np.arange(len(task)), rng.integers(len(task), size=n - len(task))])
    strings = substituted(task, index, symbols, law, rng)
    ridge = float(10.0 ** rng.uniform(-2.0, 1.0))
    return Case(task, strings, index, symbols, ridge, law, KERNEL)


def substituted(
    task: TemplateTask, index: np.ndarray, symbols: int, law: str, rng: np.random.Generator
) -> EncodedStrings:
    """Strings of these templates, their wildcards substituted by a law on the symbols."""
    vocabulary = Vocabulary(symbols, task.regular_tokens)
    weights = np.arange(1, symbols + 1, dtype=float) ** (-1.0 if law == "zipf" else 0.0)
    rows = []
    for i in index:
        template = task.templates[i]
        w = len(template.wildcards)
        if law == "cyclic":  # dependent: the first token decides the others
            drawn = (int(rng.integers(symbols)) + np.arange(w)) % symbols
        elif law == "blocks":  # dependent: all from one half of the alphabet, if it has enough
            half = symbols // 2 if symbols // 2 >= w else symbols
            drawn = rng.choice(half, size=w, replace=False)
            drawn = drawn + (rng.random() < 0.5) * (symbols - half)
        else:
            drawn = rng.choice(symbols, size=w, replace=False, p=weights / weights.sum())
        codes = dict(zip(template.wildcards, (drawn + 1).tolist(), strict=True))
        rows.append([codes.get(t, vocabulary.code(t)) for t in template.tokens])
    return EncodedStrings(np.array(rows, dtype=np.int32), vocabulary)


def by_enumeration(task: TemplateTask, m: int, law: np.ndarray | None = None) -> np.ndarray:
    """Delta, as the mean over all pairs of injections: the second route."""
    weights = np.ones(m) if law is None else law
    strings, shares = [], []
    for z in task.templates:
        drawn = list(permutations(range(m), len(z.wildcards)))
        p = np.array([np.prod(weights[list(s)]) for s in drawn])
        names = [[f"s{i + 1}" for i in s] for s in drawn]
        strings.append([z.substitute(dict(zip(z.wildcards, n, strict=True))) for n in names])
        shares.append(p / p.sum())
    flat = [s for own in strings for s in own]
    gram = KERNEL.gram(flat).values
    stops = np.cumsum([0, *map(len, strings)])
    r = len(task)
    mean = np.array(
        [
            [
                shares[a] @ gram[stops[a] : stops[a + 1], stops[b] : stops[b + 1]] @ shares[b]
                for b in range(r)
            ]
            for a in range(r)
        ]
    )
    return mean - template_pairs(KERNEL, task).apart


def drawn(task: TemplateTask, index: list[int], m: int, law: str, seed: int, ridge: float) -> Case:
    rng = np.random.default_rng(seed)
    numbers = np.array(index)
    strings = substituted(task, numbers, m, law, rng)
    return Case(task, strings, numbers, m, ridge, law, KERNEL)


def below(lower: np.ndarray, upper: np.ndarray, rounding: float) -> bool:
    """Whether lower <= upper in the Loewner order, up to rounding of the larger."""
    size = max(float(np.abs(upper).max()), float(np.abs(lower).max()))
    return bool(np.linalg.eigvalsh(upper - lower)[0] >= -rounding * size)
