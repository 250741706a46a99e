"""Instances that break the statements of Sections 3 to 5, beside sound ones."""

from __future__ import annotations

import dataclasses
from functools import partial
from unittest.mock import patch

from kernels.activations import Cosine, ReLU
from kernels.mlp import MLPKernel
from kernels.transformer import TransformerKernel
from tests import toy_kernels, toy_tasks
from tests.instances import (
    BLIND,
    ON_MIXED,
    ON_TWO,
    QUICK,
    SAME,
    TOY,
    TWO,
    Instances,
    check,
    patched,
    scaled,
)
from theory import Template, TemplateTask, catalogue, template_matrix
from theory.derivatives import separate
from theory.networks.copying import Copying
from theory.statements import Examination, Setting
from theory.statements.section_3 import definition_3_1, template_counts
from theory.statements.section_4_1 import definition_4_1, proposition_4_3
from theory.statements.section_4_2 import (
    conjecture_on_activations,
    equation_5,
    lemma_4_6,
    lemma_4_7,
)
from theory.statements.section_4_2.phases import lines
from theory.statements.section_4_2.theorem_4_4 import examine_theorem
from theory.statements.section_4_3 import observation_1_2, section_4_3_a_h
from theory.statements.section_5 import theorem_5_1, theorem_5_2
from theory.statements.shared.instances.defaults import mixed_task, transformer_kernel

FAVOURING = toy_kernels.FavouringGram()
SYMBOLS = toy_kernels.SymbolKernel()
ON_SAME = Setting(SAME, SYMBOLS, quick=True)
FAVOURED = Setting(SAME, FAVOURING, quick=True)
OF_BLIND = Setting(None, BLIND, quick=True)
OF_SIX = TemplateTask.parse(
    {z: float(i) for i, z in enumerate(("ααβb", "αβαb", "αββb", "αααb", "αβγb", "αβγγ"))}
)
NO_POSITION = [Copying(gamma=0.0)]
EDGE_OF_ZEROS = TemplateTask.parse({"αα": 0.0, "aβ": 0.0})
NO_POSITIONS = transformer_kernel().set_params(gamma=0.0)
WITHOUT_POSITIONS = Setting(None, NO_POSITIONS, quick=True)


def lenient(z: Template, x: str) -> object:
    """A matcher that accepts a string wherever the regular tokens fit."""
    return all(a == b or a in "αβγ" for a, b in zip(z.tokens, (*x, "[CLS]"), strict=False)) or None


def wrong_matrix() -> Examination:
    """The blocks of another N."""
    honest = template_matrix(TOY, mixed_task())
    wrong = dataclasses.replace(honest, entries=honest.entries + 0.1)
    run = partial(equation_5.examine_blocks, ON_MIXED)
    with patch.object(equation_5, "template_matrix", lambda *_: wrong):
        return run()


def forged() -> Examination:
    """A certificate with doubled margins."""
    honest = separate(TWO)
    stages = [
        dataclasses.replace(stage, margin=stage.margin and 2 * stage.margin)
        for stage in honest.stages
    ]
    wrong = dataclasses.replace(honest, stages=tuple(stages))
    return lemma_4_7.examine_separation(Setting(TWO, transformer_kernel()), wrong)


SECTIONS: dict[str, Instances] = {
    "Definition 3.1": scaled(
        definition_3_1.examine_matching, lenient, ON_MIXED, "a lenient matcher"
    ),
    "Definition 3.2": Instances(
        check("3.2", TWO),
        {
            "other weights": check("3.2", toy_tasks.BiasedTask(TWO.templates, TWO.labels)),
            "less noise": check("3.2", toy_tasks.QuietTask(TWO.templates, TWO.labels)),
        },
    ),
    "Definition 3.3": Instances(
        check("3.3", TWO, TOY), {"predictions by the symbol": check("3.3", TWO, FAVOURING)}
    ),
    "Template counts": scaled(
        template_counts.examine_counts, (("raven", catalogue.raven, 36),), what="36 templates"
    ),
    "Equation (3)": Instances(
        check("(3)", SAME),
        {
            "a doubled kernel": check("(3)", SAME, toy_kernels.DoubledKernel()),
            "no transformer": check("(3)", SAME, TOY),
        },
    ),
    "Definition 4.1": Instances(
        partial(definition_4_1.examine_disjointness, ON_MIXED),
        {
            "unseen overlaps": partial(
                definition_4_1.examine_disjointness, ON_MIXED, lambda *_: None
            ),
            "overlapping templates": check("4.1", toy_tasks.unchecked(["αβ", "aα"])),
        },
    ),
    "Definition 4.2": Instances(
        check("4.2", TWO),
        {"half": check("4.2", toy_tasks.DoublyDiverseTask(TWO.templates, TWO.labels))},
    ),
    "Proposition 4.3": Instances(
        partial(proposition_4_3.examine_flow, ON_TWO),
        {
            "another ridge": partial(proposition_4_3.examine_flow, ON_TWO, 0.25),
            "not token-symmetric": check("4.3", TWO, toy_kernels.NumberedKernel()),
            "not semidefinite": check("4.3", TWO, toy_kernels.IndefiniteKernel()),
        },
    ),
    "Theorem 4.4": Instances(
        partial(examine_theorem, ON_SAME),
        {
            "predictions by the symbol": partial(examine_theorem, FAVOURED),
            "no transformer": check("4.4", SAME, MLPKernel(ReLU())),
            "no cosine": check("4.4", SAME, TransformerKernel(1.0, 1.0, ReLU())),
            "singular N": check("4.4", TWO, NO_POSITIONS),
        },
    ),
    "Equation (12)": Instances(
        check("(12)", mixed_task(), TOY),
        {
            "by the symbol": check("(12)", mixed_task(), toy_kernels.FavouringKernel()),
            "not semidefinite": check("(12)", TWO, toy_kernels.IndefiniteKernel()),
            "not token-symmetric": check("(12)", TWO, toy_kernels.NumberedKernel()),
        },
    ),
    "Equation (5)": Instances(
        partial(equation_5.examine_blocks, ON_MIXED),
        {
            "another N": wrong_matrix,
            "not semidefinite": check("(5)", TWO, toy_kernels.IndefiniteKernel()),
            "singular N": check("(5)", TWO, BLIND),
        },
    ),
    "Lemma 4.5": Instances(
        check("4.5", SAME, SYMBOLS),
        {
            "predictions by the symbol": check("4.5", SAME, FAVOURING),
            "not semidefinite": check("4.5", SAME, toy_kernels.IndefiniteKernel()),
            "singular N": check("4.5", SAME, BLIND),
        },
    ),
    "Lemma 4.6": Instances(
        check("4.6"),
        {
            "det N = 0": patched(lines, "scaled_determinant", lambda *_: 0.0, check("4.6")),
            "distances of 0": patched(
                lemma_4_6, "squared_distances", lambda a: 0.0 * a, check("4.6", OF_SIX)
            ),
            "S(id) = S(pi)": check("4.6", TWO, TransformerKernel(0.0, 1.0, Cosine(1.0, 0.4))),
            "no transformer": check("4.6", mixed_task(), TOY),
        },
    ),
    "Lemma 4.7": Instances(
        check("4.7", TWO),
        {
            "a template twice": check("4.7", toy_tasks.unchecked(["αβ", "βα"])),
            "forged": forged,
            "no attention": check("4.7", TWO, TOY),
        },
    ),
    "Conjecture on activations": Instances(
        check("Conjecture on activations"),
        {
            "singular N": partial(conjecture_on_activations.examine_activations, WITHOUT_POSITIONS),
            "no positions": check("Conjecture on activations", None, NO_POSITIONS),
            "no transformer": check("Conjecture on activations", None, TOY),
        },
    ),
    "Open point 2": Instances(
        check("Open point 2", EDGE_OF_ZEROS, TOY),
        {
            "as it stands": check("Open point 2"),
            "no regular tokens": check("Open point 2", TWO, TOY),
            "singular N": check("Open point 2", TemplateTask.parse({"aα": 1, "αa": 2}), BLIND),
        },
    ),
    "Observation 1.2": Instances(
        check("1.2"), {"singular N": partial(observation_1_2.examine_observation, OF_BLIND)}
    ),
    "Section 4.3, a_h": Instances(
        check("Section 4.3, a_h"),
        {
            "read elsewhere": partial(section_4_3_a_h.examine_identity_term, QUICK, 0),
            "climbing": partial(section_4_3_a_h.examine_identity_term, QUICK, -1, -1.0),
        },
    ),
    "Theorem 5.1": Instances(
        partial(theorem_5_1.examine_failure, QUICK, NO_POSITION),
        {
            "positions": check("5.1"),
            "with b_h I": partial(theorem_5_1.examine_failure, QUICK, NO_POSITION, 1.0),
        },
    ),
    "Theorem 5.2": Instances(
        check("5.2"), {"without b_h I": partial(theorem_5_2.examine_copying, QUICK, identity=0.0)}
    ),
}
