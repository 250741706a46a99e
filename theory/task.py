"""Template tasks with real labels (Def. 3.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from jaxtyping import Float64

from kernels.boundary.checks import finite, nonnegative, positive, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates.display import html_table
from kernels.strings.vocabulary import Vocabulary
from theory import sample as sampling
from theory.disjoint import first_overlap, fresh_tokens
from theory.laws import TokenLaw, Uniform
from theory.sample import Sample
from theory.template import Template, regular_tokens


@dataclass(frozen=True, repr=False)
class TemplateTask:
    """Templates, their labels f_*(z), and how often each occurs.

    Args:
        templates: pairwise disjoint templates of one length.
        labels: a finite number for each template.
        weights: the template distribution, scaled to sum to 1; equal where left out.
        name: what to call the task.

    Raises:
        InvalidInputError: no template; unequal lengths; two templates that some string matches
            both of (Def. 4.1; the message gives it); labels that are not finite; weights that are
            not positive; a regular token that is spelled like a generated symbol (``s1``).

    >>> task = TemplateTask.parse({"αα": +1.0, "αβ": -1.0})
    >>> sample = task.sample(1_000, alphabet=50, noise=0.1, seed=0)
    >>> sample.strings.shape, sample.diversity
    ((1000, 3), 25.0)
    >>> task.unseen()
    ['AA', 'AB']
    """

    templates: tuple[Template, ...]
    labels: tuple[float, ...]
    weights: tuple[float, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "templates", tuple(self.templates))
        _check_templates(self.templates)
        if len(self.labels) != len(self.templates):
            raise InvalidInputError(
                "labels", self.labels, f"give one label for each of {len(self.templates)} templates"
            )
        weights = tuple(self.weights) or (1.0,) * len(self.templates)
        if len(weights) != len(self.templates):
            raise InvalidInputError(
                "weights", weights, f"give one weight for each of {len(self.templates)} templates"
            )
        object.__setattr__(self, "labels", tuple(finite("labels", y) for y in self.labels))
        object.__setattr__(self, "weights", _normalized(weights))

    @classmethod
    def parse(
        cls,
        templates: Mapping[str, float] | Iterable[str],
        *,
        weights: Sequence[float] | Float64[np.ndarray, " r"] = (),
        name: str = "",
    ) -> TemplateTask:
        """A task from written templates.

        Args:
            templates: labels by template, or strings such as ``"αα=1"``.
            weights: the template distribution, in the order of the templates.
            name: what to call the task.

        Raises:
            InvalidInputError: one string in place of a list, a template or a label that
                cannot be read, or what `TemplateTask` refuses.

        >>> print(TemplateTask.parse(["α red α=1", "α red β=-1"]))
        α red α -> 1
        α red β -> -1
        """
        if isinstance(templates, str):
            raise InvalidInputError("templates", templates, "give a list, such as ['αα=1']")
        pairs = (
            list(templates.items())
            if isinstance(templates, Mapping)
            else [_labelled(text) for text in templates]
        )
        parsed = tuple(Template.parse(text) for text, _ in pairs)
        return cls(parsed, tuple(label for _, label in pairs), tuple(weights), name)

    @cached_property
    def regular_tokens(self) -> tuple[str, ...]:
        """The paper's R, without ``[CLS]``."""
        return regular_tokens(self.templates)

    @cached_property
    def label_array(self) -> Float64[np.ndarray, " r"]:
        """The labels as an array."""
        return np.array(self.labels)

    @property
    def length(self) -> int:
        """Positions of a string, ``[CLS]`` included: the paper's k."""
        return self.templates[0].length

    def __len__(self) -> int:
        return len(self.templates)

    def __str__(self) -> str:
        pairs = zip(self.templates, self.labels, strict=True)
        return "\n".join(f"{template} -> {label:g}" for template, label in pairs)

    def __repr__(self) -> str:
        labels = {str(z): label for z, label in zip(self.templates, self.labels, strict=True)}
        equal = len(set(self.weights)) == 1
        further = "" if equal else f", weights={self.weights!r}"
        return f"TemplateTask.parse({labels!r}{further}{f', name={self.name!r}' * bool(self.name)})"

    def _repr_html_(self) -> str:
        rows = zip(self.templates, self.labels, self.weights, strict=True)
        shown = ((z, f"{label:g}", f"{weight:.4g}") for z, label, weight in rows)
        return html_table(self.name, ["template", "label", "weight"], shown)

    def sample(self, n: int, *, alphabet: int | TokenLaw, noise: float = 0.0, seed: int) -> Sample:
        """``n`` independent samples (Def. 3.2).

        The first rows of a longer sample with the same other arguments are the shorter sample,
        and the strings do not depend on the noise.

        Args:
            n: how many.
            alphabet: the number of equally likely symbols, or a `TokenLaw`. Wildcards become
                independent draws, conditioned to differ from each other and from the regular
                tokens of their template.
            noise: the standard deviation sigma of the labels' Gaussian noise.
            seed: the same seed gives the same sample.

        Raises:
            InvalidInputError: an argument out of range; an alphabet with fewer tokens than a
                template has wildcards; a law with named tokens that are not the task's.
            TooLargeError: the sample would not fit in memory.
        """
        law = self.law(alphabet)
        return sampling.draw(
            self.templates,
            self.label_array,
            np.array(self.weights),
            law,
            whole("n", n, least=1),
            nonnegative("noise", noise),
            whole("seed", seed),
        )

    def diversity(self, alphabet: int | TokenLaw) -> float:
        """The paper's rho for this alphabet (Def. 4.2), exactly.

        >>> task = TemplateTask.parse({"αβα": 1.0, "αββ": -1.0})
        >>> task.diversity(100)
        50.0
        """
        return sampling.diversity(self.templates, self.law(alphabet))

    def unseen(self) -> list[str]:
        """One string per template, its wildcards replaced by symbols that no sample can contain."""
        most = max(len(template.wildcards) for template in self.templates)
        fresh = list(islice(fresh_tokens(self.regular_tokens), most))
        return [
            template.substitute(dict(zip(template.wildcards, fresh, strict=False)))
            for template in self.templates
        ]

    def law(self, alphabet: int | TokenLaw) -> TokenLaw:
        """The law that an alphabet stands for, checked against the templates.

        Raises:
            InvalidInputError: too few tokens for a template, or named tokens of no template.
        """
        law = alphabet if isinstance(alphabet, TokenLaw) else Uniform(whole("alphabet", alphabet))
        foreign = [token for token in law.named if token not in self.regular_tokens]
        if foreign:
            raise InvalidInputError(
                "alphabet", law, f"{foreign[0]!r} is not a regular token of the task; leave it out"
            )
        for template in self.templates:
            available = law.symbols + sum(t not in template.regular_tokens for t in law.named)
            if available < len(template.wildcards):
                raise InvalidInputError(
                    "alphabet",
                    alphabet,
                    f"the wildcards of {str(template)!r} need at least "
                    f"{len(template.wildcards)} symbols",
                )
        return law


def _check_templates(templates: Sequence[Template]) -> None:
    if not templates:
        raise InvalidInputError("templates", templates, "give at least one template")
    first = templates[0]
    for template in templates:
        if template.length != first.length:
            raise InvalidInputError(
                "templates",
                str(template),
                f"all templates need one length; the first, {str(first)!r}, has "
                f"{first.length - 1} tokens and this one {template.length - 1}",
            )
    reserved = Vocabulary(symbols=2**62)
    for token in regular_tokens(templates):
        if reserved.code(token) is not None:
            raise InvalidInputError(
                "templates", token, "s1, s2, ... are the generated symbols; rename this token"
            )
    overlap = first_overlap(templates)
    if overlap is not None:
        i, j, witness = overlap
        raise InvalidInputError(
            "templates",
            [str(templates[i]), str(templates[j])],
            f"templates must be disjoint, and {witness!r} matches both",
        )


def _normalized(weights: Sequence[float]) -> tuple[float, ...]:
    """The weights scaled to sum to 1, none of them lost to rounding."""
    numbers = [positive("weights", weight) for weight in weights]
    largest = max(numbers)  # divided by first: the sum of the weights themselves may overflow
    total = sum(number / largest for number in numbers)
    shares = tuple(number / largest / total for number in numbers)
    if not all(shares):
        raise InvalidInputError(
            "weights", tuple(weights), "the smallest vanishes beside the largest; bring them closer"
        )
    return shares


def _labelled(text: str) -> tuple[str, float]:
    template, separator, label = text.rpartition("=")
    try:
        if separator:
            return template, float(label)
    except ValueError:
        pass
    raise InvalidInputError("templates", text, "write a template and its label, such as 'αα=1'")
