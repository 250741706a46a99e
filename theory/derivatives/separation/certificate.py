"""What `separate` found: for every competitor the order that separates it, with its proof."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kernels.atomic_write import write_aside
from kernels.boundary.exceptions import InvalidInputError
from theory.derivatives.orders import PROOF_ORDERS, Order

FORMAT = "template-kernels separation certificate, version 1"


@dataclass(frozen=True)
class Stage:
    """One order of derivatives, and what it separates.

    Attributes:
        order: the derivatives in beta and in gamma.
        count: the competitors that this stage is the first to separate.
        margin: the least of their losses at this order, None where there are none.
        closest: the cycle of a permutation with that loss.
        potentials: one number a template; the proof, as described in `SeparationCertificate`.
    """

    order: Order
    count: int
    margin: Fraction | None
    closest: tuple[int, ...]
    potentials: tuple[Fraction, ...]


@dataclass(frozen=True)
class SeparationCertificate:
    """The premise of Lemma 4.6 for a set of templates, order by order (Claims F.2 to F.6).

    With C_s the matrix of the s-th order's derivatives and p_s the stage's potentials, all exact,
    let ``reduced_s(i, j) = C_s[i][i] - C_s[i][j] + p_s[i] - p_s[j]``. The proof: at the first
    stage ``reduced >= 0`` for all pairs; the pairs where it is 0 go on to the next stage, where
    again ``reduced >= 0``; and so on. Summed along the cycles of a permutation the potentials
    cancel, so the identity loses to no permutation at the first stage where the two differ. The
    permutations that tie with it at every stage use pairs only that are 0 throughout; if those
    pairs contain no cycle, there are none, and S(pi) differs from S(id) as a function of (beta,
    gamma) for every other pi.

    A *competitor* is a best permutation (in lexicographic order of the losses) among those with
    pi(i) = j, one for each ordered pair i != j: r (r - 1) of them, and every permutation other
    than the identity does at most as well as one of them.

    Attributes:
        templates: as written.
        stages: the five orders of the proof, and later ones where those did not suffice.
        ties: competitors that no stage separates.
        refuted_by: a cycle of templates whose permutation beats the identity at the first stage
            where they differ, empty if there is none. The claims then fail for these templates,
            and nothing is certified.
        explanation: what was found, in words; where a tie remains, which and why.
    """

    templates: tuple[str, ...]
    stages: tuple[Stage, ...]
    ties: int
    refuted_by: tuple[int, ...]
    explanation: str

    @property
    def separated(self) -> bool:
        """Whether the premise of Lemma 4.6 is proved for these templates."""
        return self.ties == 0 and not self.refuted_by

    @property
    def counts(self) -> dict[str, int]:
        """Competitors by the stage that separates them: ``"1"`` to ``"5"``, and ``"later"``."""
        proof = len(PROOF_ORDERS)
        counts = {str(s + 1): stage.count for s, stage in enumerate(self.stages[:proof])}
        return {**counts, "later": sum(stage.count for stage in self.stages[proof:])}

    @property
    def margins(self) -> dict[str, Fraction | None]:
        """The margin of the closest competitor by stage, named by its number."""
        return {str(s + 1): stage.margin for s, stage in enumerate(self.stages)}

    def to_json(self) -> dict[str, object]:
        """The certificate in JSON's types; fractions are strings."""
        return {
            "format": FORMAT,
            "templates": list(self.templates),
            "separated": self.separated,
            "stages": self.counts,
            "margin": {s: None if m is None else str(m) for s, m in self.margins.items()},
            "ties": self.ties,
            "refuted_by": list(self.refuted_by),
            "explanation": self.explanation,
            "orders": [
                {
                    "order": list(stage.order),
                    "count": stage.count,
                    "margin": None if stage.margin is None else str(stage.margin),
                    "closest": list(stage.closest),
                    "potentials": [str(p) for p in stage.potentials],
                }
                for stage in self.stages
            ],
        }

    def save(self, path: Path | str) -> None:
        """Write the certificate as JSON."""
        text = json.dumps(self.to_json(), ensure_ascii=False, indent=1)
        write_aside(Path(path), text + "\n")

    @classmethod
    def load(cls, path: Path | str) -> SeparationCertificate:
        """Read what `save` wrote; `theory.derivatives.verify` says whether it is true.

        Raises:
            InvalidInputError: the file is no such certificate.
        """
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8"))
            if data["format"] != FORMAT:
                raise ValueError(data["format"])
            stages = tuple(
                Stage(
                    (int(stage["order"][0]), int(stage["order"][1])),
                    int(stage["count"]),
                    None if stage["margin"] is None else Fraction(stage["margin"]),
                    tuple(int(i) for i in stage["closest"]),
                    tuple(Fraction(p) for p in stage["potentials"]),
                )
                for stage in data["orders"]
            )
            return cls(
                tuple(str(z) for z in data["templates"]),
                stages,
                int(data["ties"]),
                tuple(int(i) for i in data["refuted_by"]),
                str(data["explanation"]),
            )
        except (KeyError, TypeError, ValueError) as problem:
            raise InvalidInputError(
                "path", str(path), f"give a file that SeparationCertificate.save wrote ({problem})"
            ) from None

    def __str__(self) -> str:
        return self.explanation
