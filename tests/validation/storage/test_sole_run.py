"""One run at a time in a folder, and one place that writes."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from kernels import InvalidInputError
from tests.running import refused_in_one_line
from validation.experiments.storage.lock import sole_run

ROOT = Path(__file__).parents[3]

HOLDS = """
import sys, time
from pathlib import Path
from validation.experiments.storage.lock import sole_run
with sole_run(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(600)
"""


def test_a_second_run_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sole_run(tmp_path):
        before = sorted(tmp_path.rglob("*"))
        for command, option in {
            "reproduce --quick": "--out",
            "train figure-1 --size taste": "--out",
            "statements 3.1": "--keep",
        }.items():
            says = f"{option} = {str(tmp_path)!r}: another run is at work in this folder"
            refused_in_one_line(capsys, f"{command} {option} {tmp_path}", says)
        assert sorted(tmp_path.rglob("*")) == before
    with sole_run(tmp_path):
        pass


def test_a_run_that_is_killed_lets_go_and_its_leftovers_are_removed(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "locked\n"
    with pytest.raises(InvalidInputError, match="another run"), sole_run(tmp_path):
        pass
    half = [tmp_path / room / f".a.{'0' * 32}.part" for room in ("", "points/toy", "tables")]
    for path in half:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    elsewhere = tmp_path / "mine" / half[0].name
    elsewhere.parent.mkdir()
    elsewhere.write_text("another program's")
    run.kill()
    run.wait()
    run.stdout.close()
    with sole_run(tmp_path):
        assert not any(path.exists() for path in half)
        assert elsewhere.exists()


WRITES = {"write_text", "write_bytes", "savefig", "tofile", "to_csv", "savetxt"}
MAY = {
    "kernels/atomic_write.py",  # the one place
    "validation/experiments/storage/lock.py",  # a file without content
    "validation/commands/frame/streams.py",  # the null device
    "validation/plots/gallery.py",  # pictures in memory
    "validation/plots/single.py",  # likewise
}


@pytest.mark.parametrize("package", ["kernels", "theory", "validation"])
def test_one_place_writes(package: str) -> None:
    """Whoever opens a file to write it would have to rename it, and to name it where it is full."""
    found = set()
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                reads = name == "open" and len(node.args) < 2 and not node.keywords
                if name in WRITES or (name == "open" and not reads):
                    found.add(path.relative_to(ROOT).as_posix())
    assert found <= MAY
    if package == "kernels":
        assert found, "the search finds the one place"
