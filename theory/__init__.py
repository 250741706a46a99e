"""The objects and statements of the paper: templates, tasks, the template matrix, derivatives.

The paper is "When can transformers reason with abstract symbols?" (arXiv 2310.09753).

Notation, where it differs from the paper's:

* R, the regular tokens, is kept without ``[CLS]``, which every string has and nothing replaces.
* Two templates that differ in the names of their wildcards alone are equal.
* A length that a user gives or reads in a message does not count ``[CLS]``; a ``length``
  attribute, the paper's k, does.
* A substitution map is used on the wildcards of its own template only; its law comes from a
  `TokenLaw`: independent draws, conditioned to satisfy Def. 3.1, or whole `Tuples`.
* N's eigenvalues are ascending; the paper has no order.

>>> task = TemplateTask.parse({"αα": +1.0, "αβ": -1.0})
>>> sample = task.sample(3, alphabet=2_000, noise=0.1, seed=0)
>>> list(sample.strings), sample.templates.tolist()
(['s1309 s1400', 's1582 s1582', 's389 s1371'], [1, 0, 1])
"""

from __future__ import annotations

from theory import catalogue
from theory.conditioning import activation_bound, cosine_bound, premise_margin
from theory.derivatives import attention_derivatives, derivative_table, separate
from theory.disjoint import common_string
from theory.enclosure.boxes import ParameterBox, bound_over_box
from theory.enclosure.certificate import MatrixCertificate, certify_matrix
from theory.idealized.ridge import IdealizedRidge
from theory.laws import Categorical, TokenLaw, Uniform, Zipf
from theory.matrix.singularity import Singularity, SingularityVerdict
from theory.matrix.template_matrix import TemplateMatrix, template_matrix
from theory.nonsingularity import ContradictionError, Proof, decide_singularity
from theory.sample import Sample
from theory.symbolic_task import SymbolicSample, SymbolicTask
from theory.task import TemplateTask
from theory.template import Template
from theory.tuning import BestParameters, best_parameters
from theory.tuple_law import Tuples
from theory.unseen import Certificate, CurvePoint, Plan, certify, learning_curve, samples_needed

__all__ = [
    "BestParameters",
    "Categorical",
    "Certificate",
    "ContradictionError",
    "CurvePoint",
    "IdealizedRidge",
    "MatrixCertificate",
    "ParameterBox",
    "Plan",
    "Proof",
    "Sample",
    "Singularity",
    "SingularityVerdict",
    "SymbolicSample",
    "SymbolicTask",
    "Template",
    "TemplateMatrix",
    "TemplateTask",
    "TokenLaw",
    "Tuples",
    "Uniform",
    "Zipf",
    "activation_bound",
    "attention_derivatives",
    "best_parameters",
    "bound_over_box",
    "catalogue",
    "certify",
    "certify_matrix",
    "common_string",
    "cosine_bound",
    "decide_singularity",
    "derivative_table",
    "learning_curve",
    "premise_margin",
    "samples_needed",
    "separate",
    "template_matrix",
]
