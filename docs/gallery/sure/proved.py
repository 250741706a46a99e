"""
A kernel value and a template matrix that are proved
====================================================

By default a kernel value comes with an interval that holds the truth by theorems, every rounding
counted. From such values follows a proof that N is nonsingular, as a file that a small program
checks without this package: theory/enclosure/verifier.py, which needs python-flint only.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from kernels import Automatic, Cosine, Quadrature, QuasiMonteCarlo, TransformerKernel
from theory import TemplateTask, certify_matrix
from theory.enclosure import verifier

# %%
# One value by three routes. What an error claims is its kind: proved, or numerical (two resolutions
# agree), or statistical (a standard error).
routes = {
    "default": Automatic(),
    "quadrature": Quadrature(tolerance=1e-8),
    "sampling": QuasiMonteCarlo(points=1024),
}
for name, route in routes.items():
    print(f"{name:11}", TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2), attention=route)("AA", "BC"))

# %%
# The certificate of N, and a reader who trusts nobody.
task = TemplateTask.parse({"αβα": 1.0, "αββ": -1.0})
certificate = certify_matrix(TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2)), task)
print(certificate)
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "n.json"
    certificate.save(path)
    checked = subprocess.run(
        [sys.executable, verifier.__file__, path.name],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
print(checked.stdout)
