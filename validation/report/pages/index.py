"""The first page: from templates to Theorem 4.4, end to end."""

from __future__ import annotations

from markupsafe import Markup

from validation.report.page import Page
from validation.report.sections.matrices.boxes import Boxes
from validation.report.sections.matrices.heat_maps import ActivationSection, TemperatureSection
from validation.report.sections.matrices.template_matrices import TemplateMatrices
from validation.report.sections.regression.data_needed import DataNeeded
from validation.report.sections.regression.diversity import Diversity
from validation.report.sections.regression.sample_size import SampleSize
from validation.report.sections.regression.token_laws import TokenLaws

INDEX = Page(
    file="index.html",
    title="Unseen symbols",
    lead=Markup(
        "A task is a set of templates with labels: strings that match αα, such as <i>QQ</i>, are "
        "labelled +1, strings that match αβ, such as <i>QR</i>, are labelled −1. Train on strings "
        "of some symbols; does the predictor get strings of <i>other</i> symbols right? The paper "
        "<a href='https://arxiv.org/abs/2310.09753'>When can transformers reason with abstract "
        "symbols?</a> shows that ridge regression with the kernel of a transformer does, given "
        "enough samples n and diverse enough substitutions ρ, and that an MLP does not. This page "
        "shows it in numbers, and how sure they are; the next one checks every numbered statement "
        "of the paper, and the third maps the error over n and ρ and measures how fast it falls."
    ),
    sections=(
        SampleSize(),
        Diversity(),
        TokenLaws(),
        TemplateMatrices(),
        DataNeeded(),
        TemperatureSection(),
        ActivationSection(),
        Boxes(),
    ),
)
"""One line a section."""
