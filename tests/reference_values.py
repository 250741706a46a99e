"""The reference values of the attention kernel, as test cases."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kernels.strings.patterns import Pattern
from kernels.strings.tokens import CLS


@dataclass(frozen=True)
class Reference:
    """One value, good to about 1e-13."""

    x: str
    y: str
    beta: float
    gamma: float
    k_attn: float
    two_step_difference: float

    @property
    def pattern(self) -> Pattern:
        return Pattern.of(self.x.replace("#", CLS), self.y.replace("#", CLS))

    def __str__(self) -> str:
        return f"{self.x}-{self.y}-{self.beta}-{self.gamma}"


REFERENCES = [
    Reference(**row)
    for row in json.loads(
        (Path(__file__).parent / "data" / "attention_values.json").read_text(encoding="utf-8")
    )["values"]
]
