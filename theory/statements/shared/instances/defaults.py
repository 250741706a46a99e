"""The tasks and kernels that statements are checked on by default."""

from __future__ import annotations

from functools import cache

from kernels.activations import Cosine
from kernels.attention.automatic import Automatic
from kernels.transformer import TransformerKernel
from theory import catalogue
from theory.task import TemplateTask


@cache
def transformer_kernel() -> TransformerKernel:
    """``K_trans`` at beta = 1, gamma = 2 with an activation of Theorem 4.4.

    One object, so that statements share its table of values.
    """
    return TransformerKernel(
        beta=1.0, gamma=2.0, activation=Cosine(1.0, 0.4), attention=Automatic(tolerance=1e-6)
    )


def small_task() -> TemplateTask:
    """Two templates without regular tokens: ``αβα`` and ``αββ``."""
    return catalogue.aba_abb()


def mixed_task() -> TemplateTask:
    """Three templates with regular tokens: the statements' edges are there."""
    return TemplateTask.parse({"aαα": 1.0, "aαβ": -1.0, "αbα": 0.5}, name="mixed")


@cache
def conditioned_kernel() -> TransformerKernel:
    """A transformer kernel of well-conditioned N, whose predictions need fewer samples."""
    return TransformerKernel(
        beta=2.5, gamma=1.0, activation=Cosine(1.0, 0.4), attention=Automatic(tolerance=1e-8)
    )


def staged_task() -> TemplateTask:
    """Templates that keep each of the five stages busy."""
    templates = ("aaαβ", "aαβγ", "αaβγ", "αααβ", "αβγγ", "αβγβ", "ααββ", "αβαβ")
    labels = {z: 1.0 if i % 2 else -1.0 for i, z in enumerate(templates)}
    return TemplateTask.parse(labels, name="staged")
