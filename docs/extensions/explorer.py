"""The page on which a reader moves parameters: frame, numbers and script in one piece of HTML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def write_page(app: Sphinx) -> None:
    """Put the three together, so that the page works from a file."""
    folder = Path(app.srcdir) / "explorer"
    names = ("frame.html", "grid.json", "script.js")
    frame, numbers, script = ((folder / name).read_text("utf-8") for name in names)
    (folder / "generated").mkdir(exist_ok=True)
    text = f"{frame}<script>\nconst DATA = {numbers};\n{script}</script>\n"
    (folder / "generated" / "page.html").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the page before sources are read."""
    app.connect("builder-inited", write_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
