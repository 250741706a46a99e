"""Networks and training that break Appendices H and I, for tests of the checks."""

from __future__ import annotations

import numpy as np

from kernels.activations import Cosine
from kernels.transformer import Scaling, TransformerKernel
from theory.catalogue import same_different
from theory.networks.optimizers import SGD, Adam, Gradient, Optimizer, State
from theory.networks.perceptron import Initialization, Parameters
from theory.statements import Examination, Setting
from theory.statements.appendix_h.appendix_h import examine_limit
from theory.statements.appendix_i.unseen_training import bound_claim, coupling_claims, problem_of

PROBLEM = problem_of(same_different(), seed=0)


def uneven() -> Initialization:
    """Unseen symbol B starts with large weights at the second place, A with none."""
    scales = np.ones((PROBLEM.codes.shape[1], PROBLEM.tokens))
    scales[1, PROBLEM.unseen[0, 1]] = 0.0625
    scales[1, PROBLEM.unseen[1, 1]] = 64.0
    return Initialization(width=16, input_scales=tuple(map(tuple, scales.tolist())))


class UnevenDecay(SGD):
    """SGD with weight decay that grows along the inputs."""

    def step(
        self, gradient: Gradient, parameters: Parameters, state: State
    ) -> tuple[Parameters, State]:
        moved, state = super().step(gradient, parameters, state)
        decay = np.linspace(0.0, 0.1, moved.first.size).reshape(moved.first.shape)
        return moved._replace(first=moved.first * (1.0 - decay)), state


def coupled(optimizer: Optimizer, initialization: Initialization | None = None) -> Examination:
    """Lemma I.7's coupling for two steps of an optimizer."""
    start = initialization or Initialization(width=4)
    return Examination(coupling_claims(PROBLEM, start, optimizer, steps=2, seed=0), "")


def by_adam() -> Examination:
    """Two steps of Adam, by minibatches."""
    return coupled(Adam(rate=0.02, batch=4))


def by_uneven_decay() -> Examination:
    """Two steps of minibatch SGD that treat inputs unequally."""
    return coupled(UnevenDecay(rate=0.1, batch=4))


def unable() -> Examination:
    """Theorem I.2 for outputs of one law on both strings."""
    rng = np.random.default_rng(0)
    outputs = np.zeros((100, 3, 2)) + rng.standard_normal((100, 3, 1))
    return Examination([bound_claim(PROBLEM, outputs, "")], "")


def able() -> Examination:
    """Theorem I.2 for a network that answers right on both strings."""
    rng = np.random.default_rng(0)
    outputs = PROBLEM.targets + 0.1 * rng.standard_normal((100, 3, 2))
    return Examination([bound_claim(PROBLEM, outputs, "")], "")


def tends(networks: Scaling, kernel: Scaling) -> Examination:
    """Appendix H with networks of one scaling and a kernel of another."""
    limit = TransformerKernel(1.0, 2.0, Cosine(1.0, 0.4))
    setting = Setting(same_different(), limit, quick=True)
    return examine_limit(setting, {networks: kernel})
