"""Template tasks with symbolic labels (Def. J.1): the label is a wildcard or a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int32

from kernels.boundary.exceptions import InvalidInputError
from kernels.strings.encoding import EncodedStrings
from kernels.strings.tokens import CLS
from theory.laws import TokenLaw
from theory.task import TemplateTask
from theory.template import Template, is_wildcard


def symbolic_label(template: Template, label: str, string: str) -> str | None:
    """The token ``sub(f_*(z), s)`` of a string of the template (Def. J.1).

    None where the string does not match: s, where it exists, is determined by the string. A token
    labels itself, whether the template has it or not.

    Raises:
        InvalidInputError: the label is a wildcard that the template does not have, whose token no
            string of the template tells.

    >>> symbolic_label(Template.parse("αβα"), "β", "PQP")
    'Q'
    """
    _require_known("label", template, label)
    s = template.match(string)
    return None if s is None else s.get(label, label)


@dataclass(frozen=True, eq=False, repr=False)
class SymbolicSample:
    """Samples of a task with symbolic labels.

    Attributes:
        strings: as 32-bit codes; the vocabulary also has the tokens that are labels.
        labels: the code of each string's label.
        templates: the index of each string's template in the task.
        diversity: the paper's rho of the law that drew them (Def. 4.2).
    """

    strings: EncodedStrings
    labels: Int32[np.ndarray, " n"]
    templates: Int32[np.ndarray, " n"]
    diversity: float

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        return f"SymbolicSample({self.strings!r}, diversity {self.diversity:g})"


@dataclass(frozen=True)
class SymbolicTask:
    """Templates and, for each, the wildcard or token that is its label.

    Args:
        inputs: the templates and how often each occurs, as a task whose real labels mean nothing.
        labels: a wildcard of the template, or a token, for each template.

    Raises:
        InvalidInputError: the labels are not one a template; a wildcard that its template does not
            have; ``[CLS]``, or what is no token; or what `TemplateTask` refuses.

    >>> task = SymbolicTask.parse({"αβα": "β", "αββ": "α"})
    >>> sample = task.sample(3, alphabet=50, seed=0)
    >>> list(sample.strings), [sample.strings.vocabulary.name(c) for c in sample.labels.tolist()]
    (['s40 s35 s35', 's37 s34 s37', 's26 s15 s15'], ['s40', 's34', 's26'])
    """

    inputs: TemplateTask
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.labels))
        if len(self.labels) != len(self.inputs):
            remedy = f"give one label for each of {len(self.inputs)} templates"
            raise InvalidInputError("labels", self.labels, remedy)
        for template, label in zip(self.inputs.templates, self.labels, strict=True):
            if not label or CLS in label or any(character.isspace() for character in label):
                raise InvalidInputError("labels", label, "give a wildcard or a token")
            _require_known("labels", template, label)

    @classmethod
    def parse(cls, templates: Mapping[str, str], *, name: str = "") -> SymbolicTask:
        """A task from written templates and their labels; see `TemplateTask.parse`.

        Raises:
            InvalidInputError: see `SymbolicTask`.
        """
        inputs = TemplateTask.parse(dict.fromkeys(templates, 0.0), name=name)
        return cls(inputs, tuple(templates.values()))

    @property
    def name(self) -> str:
        """What to call the task."""
        return self.inputs.name

    @property
    def templates(self) -> tuple[Template, ...]:
        """The templates."""
        return self.inputs.templates

    @property
    def length(self) -> int:
        """Positions of a string, ``[CLS]`` included: the paper's k."""
        return self.inputs.length

    @cached_property
    def regular_tokens(self) -> tuple[str, ...]:
        """The tokens of templates and labels that are no wildcards, without ``[CLS]``."""
        own = (label for label in self.labels if not is_wildcard(label))
        return tuple(dict.fromkeys((*self.inputs.regular_tokens, *own)))

    def __len__(self) -> int:
        return len(self.inputs)

    def __str__(self) -> str:
        pairs = zip(self.templates, self.labels, strict=True)
        return "\n".join(f"{template} -> {label}" for template, label in pairs)

    def sample(self, n: int, *, alphabet: int | TokenLaw, seed: int) -> SymbolicSample:
        """``n`` independent samples (Def. J.1): the strings of `TemplateTask.sample`, labelled.

        Args:
            n: how many.
            alphabet: the number of equally likely symbols, or a `TokenLaw`.
            seed: the same seed gives the same sample.

        Raises:
            InvalidInputError: an argument out of range; an alphabet with fewer tokens than a
                template has wildcards; a law with named tokens that are not the task's.
            TooLargeError: the sample would not fit in memory.
        """
        drawn = self.inputs.sample(n, alphabet=alphabet, seed=seed)
        vocabulary = drawn.strings.vocabulary.extended(self.regular_tokens)
        codes = drawn.strings.codes
        labels = np.empty(len(drawn), dtype=np.int32)
        for number, (z, label) in enumerate(zip(self.templates, self.labels, strict=True)):
            rows = drawn.templates == number
            if is_wildcard(label):
                labels[rows] = codes[rows, z.tokens.index(label)]
            else:
                # Every token that is a label was added above.
                labels[rows] = int(vocabulary.code(label) or 0)
        return SymbolicSample(
            EncodedStrings(codes, vocabulary), labels, drawn.templates, drawn.diversity
        )

    def unseen(self) -> list[tuple[str, str]]:
        """One string a template, of symbols that no sample can contain, and its label.

        >>> SymbolicTask.parse({"αβα": "β", "αββ": "S"}).unseen()
        [('ABA', 'B'), ('ABB', 'S')]
        """
        found = []
        for z, label, string in zip(self.templates, self.labels, self.inputs.unseen(), strict=True):
            substitution = z.match(string) or {}
            found.append((string, substitution.get(label, label)))
        return found


def _require_known(argument: str, template: Template, label: str) -> None:
    if is_wildcard(label) and label not in template.wildcards:
        have = ", ".join(template.wildcards) or "none"
        raise InvalidInputError(
            argument,
            label,
            f"{template} has no such wildcard; give one of its own ({have}) or a token",
        )
