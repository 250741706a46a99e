"""Bad input on the command line: one line that names the argument, and status 2."""

from __future__ import annotations

import pytest

from tests.running import refused_in_one_line

BAD = [
    ("kernel AA B", "Y = 'B'"),
    ("kernel AA BC --beta -1", "--beta = -1.0"),
    ("kernel AA BC --gamma nan", "--gamma = nan"),
    ("kernel AA BC --beta x", "'--beta'"),
    ("kernel AA BC --tolerance 0", "--tolerance = 0.0"),
    ("kernel AA BC --tolerance 1e-20", "--tolerance = 1e-20"),
    ("kernel AA BC --activation cosine", "--activation = 'cosine': known are cos"),
    ("kernel AA BC --activation relu --b1 2", "--b1 = 2.0"),
    ("kernel AA BC --b2 inf", "--b2 = inf"),
    ("kernel AA BC --depth 0", "--depth = 0"),
    ("kernel AA BC --method guess", "'--method'"),
    ("kernel AA BC --samples 100", "--samples = 100"),
    ("kernel AA BC --method monte-carlo --tolerance 1e-3", "--tolerance = 0.001"),
    ("kernel AA BC --method monte-carlo --samples 1", "--samples = 1"),
    ("kernel AA BC --method quasi-monte-carlo --samples 100", "--samples = 100"),
    ("kernel A[CLS]A BCD", "X = 'A[CLS]A'"),
    ("kernel AA", "'Y'"),
    ("kernel AA BC --activation polynomial", "--activation = 'polynomial': its coefficients"),
    ("matrix αα=1 αβ=-1", "T1 T2 ... = 'αα=1': this command takes no labels; write 'αα'"),
    ("separate αα=1 αβ=2", "T1 T2 ... = 'αα=1'"),
    ("derivatives --symbolic 2 2 --order 4", "--order = 4"),
    ("derivatives --symbolic 2 2 --appendix-h", "--appendix-h = True"),
    ("matrix", "give at least one template"),
    ("matrix αα αα", "matches both"),
    ("matrix Aα αβ", "'AB' matches both"),
    ("matrix αα αβγ", "one length"),
    ("matrix αα αβ --task raven", "--task = 'raven'"),
    ("matrix αα αβ --depth 2", "--depth = 2"),
    ("matrix αα αβ --kernel other", "'--kernel'"),
    ("matrix --task nothing", "known tasks are same-different"),
    ("task nothing", "known tasks are same-different"),
    ("ridge αα=1 αβ=-1 --samples 0 --alphabet 9", "--samples = 0"),
    ("ridge αα=1 αβ=-1 --samples 9 --alphabet 1", "--alphabet = 1"),
    ("ridge αα=1 αβ=-1 --samples 9", "--alphabet"),
    ("ridge αα=1 αβ=-1 --samples 9 --alphabet 9 --ridge 0", "--ridge = 0.0"),
    ("ridge αα=1 αβ=-1 --samples 9 --alphabet 9 --noise -1", "--noise = -1.0"),
    ("ridge αα=1 αβ=-1 --samples 9 --alphabet 9 --seed -1", "--seed = -1"),
    ("ridge αα=1 αβ=nan --samples 9 --alphabet 9", "T1=Y1 T2=Y2 ... = nan"),
    ("ridge αα=1 αβ=-1 --samples 9 --alphabet 9 --noise 1e300", "with --noise = "),
    ("ridge αα=1 αβ=-1 --samples 9 --alphabet 9 --route fast", "'--route'"),
    ("ridge αα=1 αβ=-1 --samples 9 --alphabet 9 --max-iterations 0", "--max-iterations = 0"),
    ("ridge αα=1 αβ --samples 9 --alphabet 9", "'αβ'"),
    ("ridge --samples 9 --alphabet 9", "give at least one template"),
    ("ridge αα=1 αβ=-1 --samples 9 --alphabet 9 --test xyz", "--test = 'xyz'"),
    ("ridge αα=1 αβ=-1 --samples 10000000000000 --alphabet 9", "--samples = 10000000000000"),
    (
        "ridge αα=1 αβ=-1 --samples 9 --alphabet 9 --method monte-carlo --kernel-samples 1",
        "--kernel-samples = 1",
    ),
    ("reproduce --jobs -1", "--jobs = -1"),
    ("reproduce --quick --large", "--large = True: give either"),
    ("reproduce --out /dev/null/report", "/dev/null"),
    ("nothing", "nothing"),
    ("kernel AA BC --nothing", "--nothing"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=[case for case, _ in BAD])
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: str, says: str
) -> None:
    refused_in_one_line(capsys, arguments, says)
