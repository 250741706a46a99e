"""Matching as Definition 3.1 words it, beside the matcher of `theory.template`."""

from __future__ import annotations

from collections.abc import Sequence

from theory.template import Template, is_wildcard


def matches(z: Template, x: Sequence[str]) -> bool:
    """Def. 3.1 by its conditions."""
    pairs = set(zip(z.tokens, x, strict=True))
    if any(own != token for own, token in pairs if not is_wildcard(own)):
        return False
    substituted = [(own, token) for own, token in pairs if is_wildcard(own)]
    values = {token for _, token in substituted}
    return len(substituted) == len(z.wildcards) == len(values) and values.isdisjoint(
        z.regular_tokens
    )
