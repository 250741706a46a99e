"""A language model: the transformer reads a text from left to right and predicts each next byte."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array, lax
from jaxtyping import Float32, Int, Int32, UInt8

from kernels.boundary.checks import convert_fields, positive, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.jax_settings import plain_jax
from kernels.boundary.memory import require_memory
from theory.networks.trained.architecture import Architecture, ReadAt
from theory.networks.trained.network import Trainable, Transformer
from theory.networks.trained.parameters import Parameters
from theory.networks.trained.trainer import ADAM, adam_step
from theory.networks.trained.transformer import every_place

BYTES = 256
"""Tokens: the bytes that there are."""

_ASKED = 64
"""Windows of the held-out text, at most, on which the model is asked."""


@dataclass(frozen=True)
class Reading:
    """How a text is learnt.

    Attributes:
        window: bytes that the model sees at once.
        rate: the learning rate of Adam.
        batch: windows in a step, at places drawn anew.
        steps: how many, a multiple of the looks.
        looks: how often the held-out text is asked about, at equal distances.

    Raises:
        InvalidInputError: a number out of its range, or steps that are no multiple of the looks.
    """

    window: int = 64
    rate: float = 1e-3
    batch: int = 16
    steps: int = 1_000
    looks: int = 10

    def __post_init__(self) -> None:
        convert_fields(self, rate=positive)
        for name in ("window", "batch", "steps", "looks"):
            whole(name, getattr(self, name), least=1)
        if self.steps % self.looks:
            raise InvalidInputError("steps", self.steps, f"give a multiple of {self.looks} looks")


@dataclass(frozen=True, eq=False)
class LanguageModel:
    """What training found.

    Attributes:
        steps: done at each look.
        losses: of the training windows since the look before, in nats a byte.
        held_out: of the held-out text at each look, in nats a byte.
        parameters: at the end.
    """

    steps: Int[np.ndarray, " looks"]
    losses: Float32[np.ndarray, " looks"]
    held_out: Float32[np.ndarray, " looks"]
    parameters: Parameters

    @property
    def perplexities(self) -> Float32[np.ndarray, " looks"]:
        """Of the held-out text, a byte: e to the cross-entropy; infinite where that overflows."""
        with np.errstate(over="ignore"):
            return np.exp(self.held_out)


def language_architecture(
    *, depth: int, heads: int, embedding: int, head: int, mlp: int, scalings: bool
) -> Architecture:
    """A transformer with a logit for each byte.

    Args:
        depth: layers.
        heads: in each layer.
        embedding: d_emb.
        head: d_head.
        mlp: d_mlp.
        scalings: whether its heads have trainable a_h and b_h.

    Raises:
        InvalidInputError: a number out of its range.
    """
    return Architecture(
        depth=depth,
        heads=heads,
        embedding=embedding,
        head=head,
        mlp=mlp,
        a=scalings,
        b=scalings,
        read=ReadAt.LAST,
        tied=True,
        unit_norm=True,
    )


def train_language(
    architecture: Architecture,
    text: UInt8[np.ndarray, " t"],
    held_out: UInt8[np.ndarray, " u"],
    reading: Reading,
    *,
    seed: int,
) -> LanguageModel:
    """Train on windows of one text by Adam, in float32, and ask about the windows of another.

    Args:
        architecture: with tied embeddings; see `language_architecture`.
        text: bytes that are learnt.
        held_out: bytes that are not; their first 64 windows are used.
        reading: how.
        seed: of the parameters and of the windows; one seed, one result on one machine.

    Raises:
        InvalidInputError: a text that is shorter than a window and the byte after it; an
            architecture without tied embeddings.
        TooLargeError: the training would not fit in memory.

    >>> small = language_architecture(
    ...     depth=1, heads=1, embedding=4, head=4, mlp=0, scalings=True)
    >>> ab = np.frombuffer(b"ab" * 20, np.uint8)
    >>> reading = Reading(window=4, rate=0.1, batch=4, steps=20, looks=1)
    >>> bool(train_language(small, ab, ab, reading, seed=0).perplexities[0] < 256.0)
    True
    """
    require_trainable(architecture, len(text), len(held_out), reading)
    rng = np.random.default_rng(whole("seed", seed))
    span = np.arange(reading.window + 1)
    asked = _ASKED * (reading.window + 1)
    windows = held_out[: min(asked, len(held_out) // len(span) * len(span))]
    questions = windows.reshape(-1, len(span)).astype(np.int32)
    each = reading.steps // reading.looks
    network = Transformer(architecture)
    with plain_jax(double=False):
        start = network.start(tokens=BYTES, length=reading.window, seed=seed)
        parameters = jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.float32), start)
        moments = ADAM.init(parameters)
        rows = []
        for _ in range(reading.looks):
            places = rng.integers(len(text) - reading.window, size=(each, reading.batch, 1))
            taken = jnp.asarray(text[places + span].astype(np.int32))
            parameters, moments, row = _advance(
                network,
                parameters,
                moments,
                taken,
                jnp.float32(reading.rate),
                jnp.asarray(questions),
            )
            rows.append(np.asarray(row))
    losses, asked_about = np.array(rows).T
    steps = each * np.arange(1, reading.looks + 1)
    return LanguageModel(steps, losses, asked_about, jax.tree.map(np.asarray, parameters))


def require_trainable(
    architecture: Architecture, text: int, held_out: int, reading: Reading
) -> None:
    """Refuse what `train_language` could not train.

    Args:
        architecture: of the model.
        text: bytes of the text that is learnt.
        held_out: bytes of the one that is not.
        reading: how.

    Raises:
        InvalidInputError: see `train_language`.
        TooLargeError: the training would not fit in memory.
    """
    if not architecture.tied:
        raise InvalidInputError("architecture", architecture, "give one with tied embeddings")
    for name, length in (("text", text), ("held_out", held_out)):
        if length <= reading.window:
            remedy = f"give more than {reading.window} bytes, or a shorter window"
            raise InvalidInputError(name, f"{length} bytes", remedy)
    size = Transformer(architecture).size(tokens=BYTES, length=reading.window)
    place = 3 * architecture.heads * reading.window + 12 * architecture.embedding
    width = place + 4 * architecture.heads * architecture.head + 3 * architecture.mlp
    bytes_in = max(reading.batch, _ASKED) * reading.window
    activity = bytes_in * (3.0 * architecture.depth * width + 3.0 * BYTES)
    texts = (reading.steps // reading.looks) * reading.batch * (reading.window + 1)
    remedy = "take fewer steps between two looks"
    require_memory("steps", reading.steps, 4.0 * 3.0 * texts, remedy)
    needed = 4.0 * (8.0 * size + activity + 3.0 * texts)
    require_memory("architecture", architecture, needed, "train a smaller one, or fewer steps")


@partial(jax.jit, static_argnames="network", donate_argnums=(1, 2))
def _advance(
    network: Transformer,
    parameters: Parameters,
    moments: Trainable,
    windows: Int32[Array, "steps batch w"],
    rate: Array,
    questions: Int32[Array, "q w"],
) -> tuple[Parameters, Trainable, Array]:
    """Some steps, their mean loss, and the loss of the questions."""
    architecture = network.architecture

    def step(
        at: tuple[Parameters, Trainable], taken: Array
    ) -> tuple[tuple[Parameters, Trainable], Array]:
        parameters, moments = at
        loss, gradient = jax.value_and_grad(next_byte_loss)(parameters, architecture, taken)
        return adam_step(network, parameters, moments, gradient, rate), loss

    (parameters, moments), losses = lax.scan(step, (parameters, moments), windows)
    asked = next_byte_loss(parameters, architecture, questions)
    return parameters, moments, jnp.stack([losses.mean(), asked])


def next_byte_loss(
    parameters: Parameters, architecture: Architecture, windows: Int[Array, "n w"]
) -> Array:
    """The mean cross-entropy, in nats, of each byte but the first, given those before it."""
    read = every_place(parameters, architecture, windows[:, :-1])
    logits = read @ parameters.embedding.T
    return optax.softmax_cross_entropy_with_integer_labels(logits, windows[:, 1:]).mean()
