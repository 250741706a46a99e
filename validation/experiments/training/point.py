"""One point: a network trained on n strings of a task, in several trials at once."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from jaxtyping import Float32

from kernels import InvalidInputError
from theory import SymbolicTask, catalogue
from validation.experiments.laboratory import Laboratory
from validation.experiments.storage.code import code_digest
from validation.experiments.storage.manifest import Manifest
from validation.experiments.storage.point import Json, Measured, Point
from validation.experiments.training.arms import FAST, Arm, Size

if TYPE_CHECKING:
    from theory.networks.trained.network import Network
    from theory.networks.trained.recipe import Recipe


@dataclass(frozen=True)
class Training(Point):
    """Train on n strings over n symbols, choose the epoch by validation, and test.

    Attributes:
        task: a name of the catalogue.
        arm: which network.
        n: training strings, and symbols of their alphabet.
        size: of the network, and how it is trained.
    """

    kind: ClassVar[str] = "training"

    task: str
    arm: str
    n: int
    size: Size = field(default_factory=Size)

    def measure(self, tables: Path) -> dict[str, Json]:
        """Train; the results are those of `Result`, with null for what has diverged."""
        # Each takes a second to load, and points are listed without them.
        from theory.networks.trained.checkpoint import Checkpoint  # noqa: PLC0415
        from theory.networks.trained.problem import problem  # noqa: PLC0415
        from theory.networks.trained.trainer import train  # noqa: PLC0415

        size, network = self.size, self.network()
        seeds = list(range(size.trials))
        data = problem(catalogue.find_any(self.task), self.n, seeds=seeds, cls=network.cls)
        recipe = self._recipe()
        manifest = Manifest(tables.parent)
        manifest.make_folder(tables.name)
        checkpoint = Checkpoint(manifest.claim(f"{tables.name}/{self._digest()}.npz"))
        found = train(network, data, recipe, seeds=seeds, checkpoint=checkpoint)
        return {
            "errors": _numbers(found.at_best("test")),
            "accuracies": _numbers(found.at_best("accuracy")),
            "losses": _numbers(found.history[-1, :, 0]),
            "best": (found.best + 1).tolist(),
            "looks": len(found.history),
            "steps": found.steps,
        }

    def network(self) -> Network:
        """What is trained.

        Raises:
            InvalidInputError: an unknown task; an MLP for symbolic labels; a size out of range.
        """
        from theory.networks.trained.architecture import (  # noqa: PLC0415 - see `measure`
            Architecture,
            ReadAt,
        )
        from theory.networks.trained.incidence import PerceptronShape  # noqa: PLC0415
        from theory.networks.trained.network import Perceptron, Transformer  # noqa: PLC0415

        arm, size = Arm(self.arm), self.size
        symbolic = isinstance(catalogue.find_any(self.task), SymbolicTask)
        if arm.numbers_only:
            if symbolic:
                raise InvalidInputError("arms", str(arm), f"{self.task} has symbols as labels")
            return Perceptron(PerceptronShape(size.mlp, size.depth, arm is Arm.MLP_XXT))
        b = arm in (Arm.B, Arm.B_FAST, Arm.AB)
        scaling_rate = FAST if arm is Arm.B_FAST else 1.0
        if size.attention_only:
            if not symbolic or arm not in (Arm.VANILLA, Arm.B, Arm.B_FAST):
                remedy = "one attention layer alone takes symbols as labels, and b_h or nothing"
                raise InvalidInputError("arms", str(arm), remedy)
            return Transformer(
                Architecture.section_5(
                    heads=size.heads, embedding=size.embedding, head=size.head, b=b
                ),
                scaling_rate,
            )
        return Transformer(
            Architecture(
                depth=1 if arm in (Arm.DEPTH_1, Arm.DEPTH_1_A) else size.depth,
                heads=size.heads,
                embedding=size.embedding,
                head=size.head,
                mlp=size.mlp,
                a=arm in (Arm.A, Arm.AB, Arm.DEPTH_1_A),
                b=b,
                read=ReadAt.LAST if symbolic else ReadAt.CLS,
                tied=symbolic,
                unit_norm=symbolic,
            ),
            scaling_rate,
        )

    def require_memory(self) -> None:
        """Refuse what could not be trained, before any work.

        Raises:
            InvalidInputError: see `network`.
            TooLargeError: the trials would not fit in memory.
        """
        from theory.networks.trained.problem import HELD_OUT  # noqa: PLC0415 - see `measure`
        from theory.networks.trained.trainer import require_training_memory  # noqa: PLC0415

        task, network = catalogue.find_any(self.task), self.network()
        require_training_memory(
            network,
            self._recipe(),
            runs=self.size.trials,
            n=self.n,
            length=task.length - (not network.cls),
            tokens=1 + len(task.regular_tokens) + self.n + 2 * HELD_OUT,
            held_out=HELD_OUT,
        )

    def _recipe(self) -> Recipe:
        from theory.networks.trained.recipe import Recipe  # noqa: PLC0415 - see `measure`

        return Recipe(self.size.rate, self.size.batch, self.size.epochs, self.size.steps)

    def _digest(self) -> str:
        """A name for the checkpoint: of the parameters and of the code that trains."""
        identity = json.dumps([asdict(self), code_digest()], sort_keys=True)
        return f"training-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class Result:
    """What a point found, one number a trial that did not diverge.

    Attributes:
        point: which.
        errors: on the test strings at the best epoch: mean squares, or nats.
        accuracies: the share of test strings that are right there.
        losses: on the training strings, at the end.
        diverged: how many trials left the finite numbers.
        steps: of Adam.
        seconds: of the whole point.
    """

    point: Training
    errors: tuple[float, ...]
    accuracies: tuple[float, ...]
    losses: tuple[float, ...]
    diverged: int
    steps: int
    seconds: float


def results(laboratory: Laboratory, points: Sequence[Training], title: str) -> list[Result]:
    """The points, trained or found from an earlier run."""
    return [result(one) for one in laboratory.measure(points, title)]


def result(measured: Measured[Training]) -> Result:
    """A measured point, read."""
    given = measured.result["errors"]
    trials = len(given) if isinstance(given, list) else 0
    errors = _finite(given)
    return Result(
        measured.point,
        errors,
        _finite(measured.result["accuracies"]),
        _finite(measured.result["losses"]),
        trials - len(errors),
        int(measured.number("steps")),
        measured.seconds,
    )


def _numbers(values: Float32[np.ndarray, " runs"]) -> list[float | None]:
    """The values as JSON has them: null for what is not finite."""
    return [value if math.isfinite(value) else None for value in values.tolist()]


def _finite(values: Json) -> tuple[float, ...]:
    found = values if isinstance(values, list) else []
    return tuple(float(value) for value in found if isinstance(value, (int, float)))
