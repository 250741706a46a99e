"""Every Python example in README.md and docs/ runs as it is printed.

The fences of one document run in their order and share their names, as a reader would type them.
A fence with ``>>>`` must also print what it shows.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT = {"_build", "generated"}
PAGES = (path for path in (ROOT / "docs").rglob("*.md") if not BUILT.intersection(path.parts))
DOCUMENTS = [ROOT / "README.md", *sorted(PAGES)]

FENCE = re.compile(r"^```(?:python|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def run_examples(text: str, name: str) -> None:
    """Run the Python fences of a Markdown text; an example that fails raises."""
    names: dict[str, object] = {"__name__": "__main__"}
    for fence in FENCE.finditer(text):
        line = text.count("\n", 0, fence.start(1))
        if ">>>" in fence[1]:
            test = doctest.DocTestParser().get_doctest(fence[1], names, name, name, line)
            # DebugRunner raises at the first example that fails. A test has its own copy of the
            # names, which clear_globs=False lets the next fence go on with.
            doctest.DebugRunner(optionflags=FLAGS).run(test, clear_globs=False)
            names = test.globs
        else:
            # Empty lines in front give a traceback the document's own line numbers.
            exec(compile("\n" * line + fence[1], name, "exec"), names)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_run(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_examples(document.read_text(encoding="utf-8"), str(document))


def test_fences_share_names_and_wrong_output_fails() -> None:
    fences = ["x = 2", ">>> y = x + 1\n>>> y\n3", "assert y == 3"]
    run_examples("".join(f"\ntext\n```python\n{fence}\n```\n" for fence in fences), "good")
    with pytest.raises(doctest.DocTestFailure):
        run_examples("```python\n>>> 1 + 1\n3\n```\n", "bad")
    with pytest.raises(ZeroDivisionError):
        run_examples("```python\n1 / 0\n```\n", "bad")
