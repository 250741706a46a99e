"""A page for each command, made from the command itself and from the README's examples."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from validation.commands import app as commands

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "template-kernels"
README = Path(__file__).parents[2] / "README.md"


def examples(command: str) -> list[str]:
    """The README's lines that call a command."""
    call = re.compile(rf"^{NAME} {command}(?= ).*$", re.MULTILINE)
    return call.findall(README.read_text(encoding="utf-8"))


def entry(parameter: Any, context: Any) -> str:
    """An argument or option as an entry of a definition list."""
    record = parameter.get_help_record(context) or ("", parameter.help or "")
    names = " / ".join([", ".join(parameter.opts), *parameter.secondary_opts])
    if parameter.param_type_name == "argument":
        names, meaning = parameter.metavar or parameter.name.upper(), parameter.help or ""
    else:
        shown = parameter.metavar or record[0].rpartition(" ")[2]
        kind = "" if parameter.is_flag else shown
        names, meaning = f"{names} {kind}".strip(), record[1]
    # Square brackets hold defaults; a line of their own keeps the meaning readable.
    meaning = re.sub(r"\s*\[default: \(?(.*?)\)?\]$", r" Default: ``\1``.", meaning)
    meaning = meaning.replace("[required]", "Required.")
    return f"``{names}``\n   {' '.join(meaning.split())}\n"


def page(name: str, command: Any) -> str:
    """The text of a command's page."""
    context = command.make_context(name, [], resilient_parsing=True)
    title = f"{NAME} {name}"
    usage = " ".join([title, *command.collect_usage_pieces(context)])
    help_text = " ".join((command.help or "").split("\f")[0].split("\n\n")[0].split())
    rest = [" ".join(part.split()) for part in (command.help or "").split("\n\n")[1:]]
    lines = [title, "=" * len(title), "", help_text, ""]
    for part in rest:
        lines += [part, ""]
    lines += [".. code-block:: text", "", f"   {usage}", ""]
    panels: dict[str, list[Any]] = {"Arguments": [], "Options": []}
    for parameter in command.get_params(context):
        is_argument = parameter.param_type_name == "argument"
        panel = parameter.rich_help_panel or ("Arguments" if is_argument else "Options")
        if not parameter.hidden:
            panels.setdefault(panel, []).append(parameter)
    for panel, parameters in panels.items():
        if not parameters:
            continue
        lines += [panel, "-" * len(panel), ""]
        lines += [entry(parameter, context) for parameter in parameters]
    called = examples(name)
    if called:
        lines += ["Examples", "--------", "", ".. code-block:: sh", ""]
        lines += [f"   {line}" for line in called]
    return "\n".join(lines) + "\n"


def write_pages(app: Sphinx) -> None:
    """Write the pages."""
    folder = Path(app.srcdir) / "commands" / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    found = get_command(commands).commands  # type: ignore[attr-defined] # of typer's groups
    for name, command in found.items():
        (folder / f"{name}.rst").write_text(page(name, command), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before sources are read."""
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
