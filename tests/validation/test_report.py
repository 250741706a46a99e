"""The report: a folder that needs nothing but itself, and says what it should."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup
from PIL import Image

from theory import statements
from validation.__main__ import main
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import Regression, fits
from validation.experiments.regression.trials import Curve, curve, samples
from validation.experiments.scale import Scale
from validation.report.blocks import Content, Picture, Table, Text
from validation.report.page import Page, render
from validation.report.pages import PAGES
from validation.report.section import Section
from validation.report.sections.regression.curves import Curves
from validation.report.statements.checked import Checked, anchor
from validation.report.statements.part import _entry
from validation.report.statements.pictures import DRAWINGS
from validation.report.workspace import Workspace

MLP = KernelParameters("mlp")


class Links(HTMLParser):
    """What a page loads, links to and anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.images_without_text = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        loads = tag == "script" and found.get("src")  # one without is in the page itself
        if tag in {"img", "iframe"} or loads or (tag == "link" and found.get("href")):
            self.loads.append(found.get("src") or found.get("href") or "")
        if tag == "img" and not found.get("alt"):
            self.images_without_text += 1
        if tag == "a":
            self.links.append(found["href"] or "")
        if found.get("id"):
            self.ids.append(found["id"] or "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    assert main(["reproduce", "--quick", "--jobs", "1", "--out", str(folder), "--json"]) == 0
    return folder


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, str]:
    return {page.file: (folder / page.file).read_text(encoding="utf-8") for page in PAGES}


@pytest.mark.parametrize("file", [page.file for page in PAGES])
def test_page_needs_only_its_folder(folder: Path, texts: dict[str, str], file: str) -> None:
    page = texts[file]
    links = Links(page)
    assert not any(":" in target for target in links.loads)
    local = [link for link in links.links if not re.match(r"https?:|#", link)]
    for target in [*links.loads, *local]:
        name, _, key = target.partition("#")
        assert (folder / name).stat().st_size > 0, target
        assert not key or key in Links(texts[name]).ids, target
    assert {link[1:] for link in links.links if link.startswith("#")} <= set(links.ids)
    assert len(links.ids) == len(set(links.ids))
    assert links.images_without_text == 0
    assert "url(" not in page
    assert "@import" not in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_each_section_is_there(texts: dict[str, str], page: Page) -> None:
    for section in page.sections:
        assert f'<section id="{section.key}">' in texts[page.file]
        assert section.title in texts[page.file]


def test_each_statement_is_there(folder: Path, texts: dict[str, str]) -> None:
    verdicts = json.loads((folder / "statements.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in verdicts] == [one.id for one in statements.all()]
    page = texts["statements.html"]
    anchors = Links(page).ids
    for one, verdict in zip(statements.all(), verdicts, strict=True):
        entry = page[page.index(f'<h3 id="{anchor(one.id)}">') :].split("<h3", 2)[1]
        assert anchor(one.id) in anchors
        assert f'verdict {verdict["verdict"]}"' in entry
        assert verdict["kind"] in entry
        assert "<math" in entry
        assert ("Counterexample" in entry) is (verdict["verdict"] == "violated")


def test_statements_with_a_picture_have_it(folder: Path, texts: dict[str, str]) -> None:
    for name in DRAWINGS:
        assert f'src="pictures/{anchor(name)}.svg"' in texts["statements.html"]


def test_quick_run_says_so(texts: dict[str, str]) -> None:
    for page in texts.values():
        assert "A quick run:</b> smaller samples and fewer trials" in page
    commands = re.findall(
        r"<code>(template-kernels statements .*?)</code>", texts["statements.html"]
    )
    assert len(commands) == len(statements.all())
    assert all(command.endswith(" --quick") for command in commands)


def test_pages_say_what_is_shown(texts: dict[str, str]) -> None:
    page = texts["index.html"] + texts["method.html"]
    assert "the transformer kernel’s error goes" in page
    assert "falls at every step" in page
    assert "predictions for two templates never differ." in page
    assert "singular" in page
    assert "digest" in page
    assert "seeds" in page


def test_pictures_come_in_two_forms_with_their_data(folder: Path) -> None:
    pictures = folder / "pictures"
    stems = {path.stem for path in pictures.glob("*.svg")}
    assert len(stems) >= 6
    for stem in stems:
        with (pictures / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert rows
        assert all(len(row) == len(header) for row in rows)
        with Image.open(pictures / f"{stem}.png") as image:
            assert image.width > 600


def test_data_shows_the_statement(folder: Path) -> None:
    """What the picture shows, read from the data beside it."""
    with (folder / "pictures" / "sample-size.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    errors = {
        name: [float(row["median"]) for row in rows if row["series"] == name]
        for name in ("transformer kernel", "MLP kernel")
    }
    transformer = errors["transformer kernel"]
    assert transformer == sorted(transformer, reverse=True)
    assert transformer[-1] < 0.6 * transformer[0]
    assert min(errors["MLP kernel"]) >= 1.0


def test_second_run_computes_what_is_damaged_alone_and_writes_the_same(
    folder: Path, texts: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    files = [*folder.glob("pictures/*.csv"), *folder.glob("pictures/*.svg")]
    before = {path: path.read_bytes() for path in files}
    damaged = next(iter(folder.glob("points/matrix/*.json")))
    content = json.loads(damaged.read_text(encoding="utf-8"))
    damaged.write_text(json.dumps({**content, "result": {}}), encoding="utf-8")
    assert main(["reproduce", "--quick", "--jobs", "1", "--out", str(folder), "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert set(written) == {"report", "points", "computed", "pictures", "seconds"}
    assert written["computed"] == 1 < written["points"]
    assert json.loads(damaged.read_text(encoding="utf-8"))["result"] == content["result"]
    assert {path: path.read_bytes() for path in files} == before
    strip = re.compile(r"\d+, \d+ of them computed in this run")
    for file, page in texts.items():
        again = (folder / file).read_text(encoding="utf-8")
        assert strip.sub("", again) == strip.sub("", page)


def test_points_carry_their_parameters(folder: Path) -> None:
    paths = list(folder.glob("points/*/*.json"))
    assert paths
    for path in paths:
        content = json.loads(path.read_text(encoding="utf-8"))
        assert {"point", "result", "seconds", "cpu_seconds", "code", "digest"} == set(content)
    assert not (folder / "tables").exists()


class OneTable(Section):
    """A section that a reader could have added."""

    key = "one-table"
    title = "a < b & c"

    def build(self, workspace: object) -> Content:
        raise NotImplementedError


def test_text_is_escaped_and_pages_link_to_each_other() -> None:
    pages = [Page(f"{name}.html", name, Markup("x"), (OneTable(),)) for name in ("one", "two")]
    blocks = [Text(Markup("<b>bold</b>")), Table(["<i>"], [["<script>"]], Markup("c"))]
    text = render(pages[0], [Content("k", "a < b & c", blocks)], pages, scale=Scale.FULL)
    assert "quick run" not in text
    assert "<b>bold</b>" in text
    assert "<script>" not in text
    assert "a &lt; b &amp; c" in text
    assert 'href="two.html"' in text
    assert 'href="one.html" aria-current="page"' in text


def test_tables_are_sorted_and_filtered_where_they_say_so() -> None:
    page = Page("one.html", "one", Markup("x"), (OneTable(),))
    tables = [Table(["a"], [["b"]], Markup(), sortable=one) for one in (False, True)]
    plain, sortable = (
        render(page, [Content("k", "t", [one])], [page], scale=Scale.FULL) for one in tables
    )
    assert "<script" not in plain
    assert sortable.count("<script>") == 1
    assert '<table class="sortable">' in sortable
    assert "src=" not in sortable.split("<script>")[1]  # nothing is fetched


def test_what_bars_mean_is_said_once_a_page() -> None:
    page = Page("one.html", "one", Markup("x"), (OneTable(),))
    readings = ["bars reach far", "bars reach far", "other bars"]
    pictures = [Picture("p", "p", Markup("what"), Markup(one)) for one in readings]
    contents = [Content(f"k{i}", "t", [one]) for i, one in enumerate(pictures)]
    text = render(page, contents, [page], scale=Scale.FULL)
    assert (text.count("bars reach far"), text.count("other bars")) == (1, 1)
    assert text.count("as above") == 1


def test_an_experiment_is_a_function_and_a_line(tmp_path: Path) -> None:
    """What a reader adds: `run` in a file of its own, and one section on a page."""

    def run(laboratory: Laboratory) -> list[Curve]:
        points = [Regression("same-different", n, 2 * n, 0.0, 0, MLP) for n in (8, 16)]
        return [curve("<b>mine</b>", fits(laboratory, points, "mine"), samples)]

    page = Page("mine.html", "Mine", Markup("x"), (Curves("mine", "a < b", run, "samples n"),))
    workspace = Workspace(tmp_path, Scale.QUICK)
    text = render(page, page.build(workspace), [page], scale=Scale.QUICK)
    assert "single trial" in text
    assert "a &lt; b, over samples n" in text
    assert "<b>mine" not in text
    with (tmp_path / "pictures" / "mine.csv").open(encoding="utf-8", newline="") as file:
        assert [row["x"] for row in csv.DictReader(file)] == ["8.0", "16.0"]


def test_evidence_and_words_of_a_statement_are_text() -> None:
    tag = "<script>alert(1)</script>"
    verdict = {
        "id": "Lemma 4.7",
        "title": tag,
        "verdict": "violated",
        "kind": tag,
        "evidence": {tag: {tag: tag}, "would_settle": tag},
        "counterexample": {"case": tag},
        "seconds": 0.0,
    }
    one = Checked(statements.find("Lemma 4.7"), verdict, tag)
    page = Page("one.html", tag, Markup("x"), ())
    content = Content("k", tag, _entry(one, ""), [one.badge()])
    text = render(page, [content], [page], scale=Scale.FULL)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
