"""Templates: strings with wildcards, and the strings that match them (Section 3, Def. 3.1)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kernels.boundary.exceptions import InvalidInputError
from kernels.strings.tokens import CLS, tokenize, untokenize

WILDCARDS = "αβγδεζηθικλμνξοπρςστυφχψω"
"""The wildcards, in the order in which `Template.canonical` uses them."""

_ALIKE = {"ɑ": "α", "⍺": "α", "ꞵ": "β", "ɣ": "γ", "ɛ": "ε", "ɩ": "ι", "ʋ": "υ", "ɸ": "φ", "ꭓ": "χ"}
"""Letters that Unicode does not relate to those that they look like."""


def is_wildcard(token: str) -> bool:
    """Whether a token of a template is a wildcard: one lower-case Greek letter.

    >>> is_wildcard("β"), is_wildcard("b"), is_wildcard("βγ")
    (True, False, False)
    """
    return len(token) == 1 and token in WILDCARDS


@dataclass(frozen=True, eq=False, repr=False)
class Template:
    """A template, ``[CLS]`` included as its last token.

    Two templates that differ in the names of their wildcards alone match the same strings, so
    they are equal.

    Args:
        tokens: regular tokens and wildcards; `parse` reads them from a string.

    Raises:
        InvalidInputError: no token besides ``[CLS]``, or ``[CLS]`` missing or not at the end; a
            token that looks like a wildcard and is none.

    >>> template = Template.parse("ααβST")
    >>> template.wildcards, template.regular_tokens, template.length
    (('α', 'β'), ('S', 'T'), 6)
    >>> template.match("QQRST")
    {'α': 'Q', 'β': 'R'}
    >>> template.match("QQQST") is template.match("QQSST") is None
    True
    >>> Template.parse("γγα") == Template.parse("ααβ")
    True
    """

    tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        if tokenize(self.tokens, argument="template") != self.tokens:
            raise InvalidInputError("template", self.tokens, f"tokens end with {CLS}")
        for token in self.tokens:
            _refuse_look_alike(token)

    @classmethod
    def parse(cls, text: str | Sequence[str]) -> Template:
        """The template that a string spells; ``[CLS]`` is appended where missing.

        A lower-case Greek letter is a wildcard, any other character a regular token; where the
        text has a space, words take the place of characters.

        Raises:
            InvalidInputError: nothing to read, or ``[CLS]`` before the end.

        >>> Template.parse("α red α").tokens
        ('α', 'red', 'α', '[CLS]')
        """
        return cls(tokenize(text, argument="template"))

    @cached_property
    def wildcards(self) -> tuple[str, ...]:
        """The wildcards, each once, by first appearance."""
        return tuple(dict.fromkeys(token for token in self.tokens if is_wildcard(token)))

    @cached_property
    def regular_tokens(self) -> tuple[str, ...]:
        """The tokens that are not wildcards, each once, by first appearance, without ``[CLS]``."""
        return tuple(dict.fromkeys(token for token in self.tokens[:-1] if not is_wildcard(token)))

    @property
    def length(self) -> int:
        """Positions, ``[CLS]`` included: the paper's k."""
        return len(self.tokens)

    @cached_property
    def canonical(self) -> tuple[str, ...]:
        """The tokens, with the wildcards renamed α, β, γ, ... by first appearance."""
        renamed = dict(zip(self.wildcards, WILDCARDS, strict=False))
        return tuple(renamed.get(token, token) for token in self.tokens)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Template):
            return NotImplemented
        return self.canonical == other.canonical

    def __hash__(self) -> int:
        return hash(self.canonical)

    def __str__(self) -> str:
        return untokenize(self.tokens)

    def __repr__(self) -> str:
        return f"Template.parse({str(self)!r})"

    def substitute(self, substitution: Mapping[str, str]) -> str:
        """The string ``sub(z, s)``, which matches the template (Def. 3.1).

        Args:
            substitution: a token for each wildcard; other entries are ignored.

        Raises:
            InvalidInputError: a wildcard has no token, two have the same one, or a token stands
                in the template already or is no token: a wildcard, ``[CLS]``, or
                with whitespace.

        >>> Template.parse("αSβ").substitute({"α": "A", "β": "A"})
        Traceback (most recent call last):
        ...
        kernels.boundary.exceptions.InvalidInputError: substitution = {'α': 'A', 'β': 'A'}: 'α' and
        'β' need different tokens, and both have 'A'
        """
        holder: dict[str, str] = {}
        for wildcard in self.wildcards:
            if wildcard not in substitution:
                raise InvalidInputError(
                    "substitution", dict(substitution), f"give a token for {wildcard!r}"
                )
            token = substitution[wildcard]
            problem = None
            if not isinstance(token, str) or any(character.isspace() for character in token):
                problem = f"{token!r} is not a token; give {wildcard!r} a string without whitespace"
            elif token in holder:
                problem = f"{holder[token]!r} and {wildcard!r} need different tokens, and both "
                problem += f"have {token!r}"
            elif CLS in token or token in self.regular_tokens:
                problem = f"{token!r} is in the template already; give {wildcard!r} another token"
            elif is_wildcard(token) or not token:
                problem = f"{token!r} is not a token; give {wildcard!r} another one"
            if problem is not None:
                raise InvalidInputError("substitution", dict(substitution), problem)
            holder[token] = wildcard
        return untokenize([substitution[t] if is_wildcard(t) else t for t in self.tokens])

    def match(self, string: str | Sequence[str]) -> dict[str, str] | None:
        """The substitution that makes the string of the template, None if there is none.

        Args:
            string: a string in the sense of `kernels.strings`.

        Raises:
            InvalidInputError: the string cannot be read, or holds a wildcard.
        """
        tokens = tokenize(string)
        if any(is_wildcard(token) for token in tokens):
            raise InvalidInputError(
                "string", string, "lower-case Greek letters are wildcards; give other tokens"
            )
        if len(tokens) != self.length:
            return None
        substitution: dict[str, str] = {}
        for own, token in zip(self.tokens, tokens, strict=True):
            if (substitution.setdefault(own, token) if is_wildcard(own) else own) != token:
                return None
        images = substitution.values()
        if len(set(images)) < len(substitution) or not set(images).isdisjoint(self.regular_tokens):
            return None
        return substitution


def regular_tokens(templates: Iterable[Template]) -> tuple[str, ...]:
    """The paper's R: the regular tokens of all the templates, each once, without ``[CLS]``.

    >>> regular_tokens([Template.parse("αab"), Template.parse("bαα")])
    ('a', 'b')
    """
    return tuple(dict.fromkeys(token for z in templates for token in z.regular_tokens))


def _refuse_look_alike(token: str) -> None:
    """Raise where a token only looks like a wildcard, as the micro sign looks like mu."""
    meant = _ALIKE.get(token, unicodedata.normalize("NFKC", token))
    if is_wildcard(meant) and not is_wildcard(token):
        given, wanted = (f"U+{ord(one):04X} {unicodedata.name(one)}" for one in (token, meant))
        remedy = f"this is {given}, which looks like the wildcard {meant}, {wanted}; write that one"
        raise InvalidInputError("template", token, remedy)
