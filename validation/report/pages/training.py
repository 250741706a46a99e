"""The page on networks that are trained."""

from __future__ import annotations

from markupsafe import Markup

from validation.report.page import Page
from validation.report.sections.training import Taste, TrainedFigures

TRAINING = Page(
    file="training.html",
    title="Trained networks",
    lead=Markup(
        "The paper’s claims about data are about transformers that are trained. Here small ones "
        "are, with and without the trainable a<sub>h</sub>I beside W<sub>K</sub>W<sub>Q</sub>"
        "<sup>T</sup> and b<sub>h</sub>I beside W<sub>V</sub>W<sub>O</sub>, and asked about "
        "strings of symbols that they never saw; what the kernel predicts stands on the same axes. "
        "Each curve says at which size it was trained. A small network that fails or succeeds says "
        "nothing yet about a large one."
    ),
    sections=(Taste(), TrainedFigures()),
)
"""The report trains the first; ``template-kernels train`` the others."""
