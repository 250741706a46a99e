"""The section on how the report was made."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

from markupsafe import Markup

from validation.experiments.regression.point import NOISE, RIDGE
from validation.experiments.scale import Scale
from validation.experiments.storage.code import code_digest
from validation.report.blocks import Content, Table
from validation.report.section import Section
from validation.report.workspace import Workspace

_PACKAGES = "template-kernels", "numpy", "scipy", "scikit-learn", "joblib", "jax", "matplotlib"


class Provenance(Section):
    """What would be needed to make the report again?"""

    key = "provenance"
    title = "How this was made"

    def build(self, workspace: Workspace) -> Content:
        """Parameters, versions, seeds and seconds."""
        command, laboratory = "template-kernels reproduce", workspace.laboratory
        rows: list[list[str | Markup]] = [
            ["command", command + (" --quick" if workspace.scale is Scale.QUICK else "")],
            ["points", f"{laboratory.points}, {laboratory.computed} of them computed in this run"],
            ["processor time", f"{laboratory.cpu_seconds:.0f} s for all points"],
            ["seeds", "0, 1, 2, ... for the trials of each point; nothing else is random"],
            ["ridge λ, label noise σ", f"{RIDGE:g}, {NOISE:g} unless said otherwise"],
            ["Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"],
            ["cores", str(os.cpu_count())],
            ["versions", ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)],
            ["code", f"digest {code_digest()} of the code that measures"],
            [
                "data",
                Markup(
                    "<code>pictures/*.csv</code> beside each picture; every single measurement, "
                    "with all its parameters and its seconds, in <code>points/</code>"
                ),
            ],
        ]
        caption = Markup("The same versions and seeds give the same numbers, but for the seconds.")
        return Content(self.key, self.title, [Table(["what", "which"], rows, caption)])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
