"""The mutation run: which faults it puts in, and whether it tells a test that sees one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.operators import mutants_of
from tests.mutation.table import TESTS, chosen_tests

ROOT = Path(__file__).parents[2]

SOURCE = '''"""A text: 1 + 1."""
from __future__ import annotations
import math

def error(α: int | None, b: float = 0.5) -> float:
    """At most 2 * b."""
    if b > 1.0 and α is not None:
        raise ValueError(f"{b + 1} is above 1")
    total = abs(b) * 3
    total += math.sqrt(b)
    print(max(total, b), sep="")
    return -total
'''


def _news(line: int) -> set[str]:
    source = SOURCE.splitlines()
    return {
        mutant.applied(SOURCE).splitlines()[line - 1].strip()
        for mutant in mutants_of("x.py", SOURCE)
        if mutant.line == line and mutant.applied(SOURCE).splitlines()[line - 1] != source[line - 1]
    }


def test_each_mutant_is_another_program_that_compiles() -> None:
    for mutant in mutants_of("x.py", SOURCE):
        changed = mutant.applied(SOURCE)
        assert changed != SOURCE
        compile(changed, "x.py", "exec")
        assert mutant.old in SOURCE
        assert str(mutant).startswith(f"x.py:{mutant.line}: ")


def test_the_faults_are_those_of_numerics_and_not_of_words() -> None:
    for line in (1, 2, 3, 6, 8):
        assert not _news(line)
    assert _news(5) == {
        f"def error(α: int | None, b: float = {number}) -> float:" for number in ("1.0", "0.25")
    }
    assert _news(9) == {
        "total = (abs(b)) / (3)",
        "total = (abs(b))",
        "total = (3)",
        "total = b * 3",
        "total = abs(b) * 4",
    }
    assert _news(10) == {"pass", "total += b"}
    assert 'print(min(total, b), sep="")' in _news(11)
    assert _news(12) == {"return total"}
    assert _news(7) == {
        "if (b > 1.0):",
        "if b > 0.5 and α is not None:",
        "if b > 2.0 and α is not None:",
        "if b > 1.0 and α is (None):",
        "if b >= (1.0) and α is not None:",
        "if not ((b > 1.0 and α is not None)):",
    }


WORDS_AND_COSTS = """
_BYTES_PER_ROW = 8.0
for a, b in zip(x, y, strict=True):
    fit(a, tol, progress=not quiet)
require_memory("n", n, 8.0 * n * (n + 1), "give fewer")
refusal = TooLargeError("n", n + 1, f"{2 * n} is too large")
text = "a single row" if n == 1 else f"{n} rows"
"""


def test_words_and_costs_have_no_faults_but_steps_and_numbers_have() -> None:
    faults = mutants_of("x.py", WORDS_AND_COSTS)
    assert [(fault.old.split("(")[0], fault.new) for fault in faults] == [
        ("fit", "pass"),
        ("require_memory", "pass"),
    ]
    numbers = (
        "error = StandardError(2.0 * spread)",
        "bytes_read = 8.0",
        "near = np.isclose(a, b, strict=True)",
        "sign = 1 if up else -1",
        "shape = 'rows' if up else 'columns'",
        "power = f'{x}^{n}' if n > 1 else x",
        "pairs = zip(a, b, strict=False)",
    )
    for number in numbers:
        assert mutants_of("x.py", number)


def test_every_module_of_the_core_has_tests_that_exist() -> None:
    for tests in TESTS.values():
        assert all((ROOT / test).exists() for test in tests)
    for room in ("kernels/attention", "kernels/activations", "kernels/regression", "theory"):
        for path in (ROOT / room).rglob("*.py"):
            assert chosen_tests(path.relative_to(ROOT).as_posix())
    with pytest.raises(KeyError):
        chosen_tests("validation/__main__.py")


RUNS = """
import sys
from pathlib import Path
from tests.mutation.operators import mutants_of
from tests.mutation.trial import Copy
project, folder = Path(sys.argv[1]), Path(sys.argv[2])
copy = Copy(project, folder)
print(copy.prepare(["tests"], 60.0))
mutants = mutants_of("kernels/one.py", (project / "kernels/one.py").read_text())
for mutant, outcome, _ in copy.tried(mutants, ["tests"], 20.0, 60.0):
    print(outcome, mutant.new)
print((folder / "kernels/one.py").read_text() == (project / "kernels/one.py").read_text())
"""


@pytest.mark.long
def test_what_tests_see_is_killed_and_what_they_do_not_survives(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in ("kernels", "theory", "validation", "tests"):
        (project / name).mkdir(parents=True)
        (project / name / "__init__.py").touch()
    (project / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")
    (project / "template_kernels.py").touch()
    (project / "kernels" / "one.py").write_text(
        "SEEN = 1\nUNSEEN = 2\n\n\ndef f():\n    return 5\n\n\ndef g():\n    return 7\n"
    )
    (project / "tests" / "test_one.py").write_text(
        "from kernels.one import SEEN, f, g\n\nKNOWN = g()\n\n\n"
        "def test_one():\n    assert (SEEN, f(), KNOWN) == (1, 5, 7)\n\n\n"
        "def test_of_types():\n    assert False\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", RUNS, str(project), str(tmp_path / "copy")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        *("1", "killed 2", "survived 3", "killed 6", "killed 8", "True")
    ], done.stderr
