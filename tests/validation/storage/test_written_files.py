"""What is written: through links, never half, never over what is somebody else's."""

from __future__ import annotations

import errno
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kernels import Estimate, InvalidInputError
from kernels.atomic_write import append_line, remove_leftovers, write_aside
from kernels.contract import table as contract_table
from kernels.contract.table import PatternTable
from kernels.estimates import Exact
from validation.__main__ import main
from validation.experiments.scale import Scale
from validation.experiments.storage.manifest import Manifest
from validation.plots.gallery import Gallery
from validation.plots.style import panels
from validation.report.workspace import Workspace


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    target, link, dangling = tmp_path / "target", tmp_path / "link", tmp_path / "dangling"
    target.write_text("old")
    link.symlink_to("target")
    dangling.symlink_to(tmp_path / "made")
    write_aside(link, "new")
    write_aside(dangling, b"bytes")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert dangling.is_symlink()
    assert (tmp_path / "made").read_bytes() == b"bytes"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dangling", "link", "made", "target"]


def test_what_is_no_regular_file_is_refused_and_left(tmp_path: Path) -> None:
    pipe, circle = tmp_path / "pipe", tmp_path / "circle"
    os.mkfifo(pipe)
    circle.symlink_to(circle)
    for path in (pipe, circle, tmp_path, Path(os.devnull)):
        with pytest.raises(InvalidInputError, match="give a regular file") as caught:
            write_aside(path, "text")
        assert (caught.value.argument, caught.value.value) == ("path", str(path))
    assert pipe.is_fifo()
    assert Path(os.devnull).is_char_device()


def test_a_missing_folder_is_refused_and_not_made(tmp_path: Path) -> None:
    table = PatternTable("toy")
    table.add((0,), Estimate(0.5, Exact()))
    with pytest.raises(InvalidInputError, match="make the folder first"):
        table.save(tmp_path / "missing" / "table.json")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_told_with_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def full(_: Path, __: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left") as caught:
        write_aside(path, "new")
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(path))
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o640)
    write_aside(path, "new")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)


def test_a_file_that_must_not_be_written_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # which root is never told
    with pytest.raises(PermissionError) as caught:
        write_aside(path, "new")
    assert caught.value.filename == str(path)
    assert path.read_text() == "old"


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    write_aside(tmp_path / ("n" * 255), "text")
    assert [p.name for p in tmp_path.iterdir()] == ["n" * 255]


def test_what_a_kill_left_is_removed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = [".mine.part", "b.part", f".b.{'0' * 32}.txt"]
    for name in mine:
        (tmp_path / name).write_text("mine")
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", lambda *_: None)
        write_aside(tmp_path / "file", "half")
    assert len(list(tmp_path.iterdir())) == 4
    remove_leftovers(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(mine)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_line_is_added_whole_or_not_at_all(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "lines"
    append_line(path, "a" * 98)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (105, limits[1]))
    try:
        with pytest.raises(OSError, match=r"No space left|too large") as caught:
            append_line(path, "b" * 20)
        with pytest.raises(OSError, match=r"too large"):
            write_aside(tmp_path / "other", "b" * 200)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.filename == str(path)
    assert path.read_text() == "a" * 98 + "\n"
    assert [p.name for p in tmp_path.iterdir()] == ["lines"]


def test_a_table_is_saved_while_others_add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = PatternTable("toy")
    table.add((0,), Estimate(0.5, Exact()))
    plain = contract_table._plain

    def meanwhile(key: object) -> object:
        table.add((len(table),), Estimate(0.5, Exact()))  # as another thread may
        return plain(key)

    monkeypatch.setattr(contract_table, "_plain", meanwhile)
    table.save(tmp_path / "table.json")
    read = PatternTable("toy")
    read.load(tmp_path / "table.json")
    assert (0,) in read
    assert len(table) > len(read)


def test_pictures_are_written_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figure, (axes,) = panels(1)
    axes.plot([0.0, 1.0])
    Gallery(tmp_path).save(figure, "one", ["x"], [[1.0]])
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".csv", ".png", ".svg"]
    before = (tmp_path / "one.svg").read_bytes()

    def interrupted(_: Path, __: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    axes.plot([0.0, 2.0])
    with pytest.raises(KeyboardInterrupt):
        Gallery(tmp_path).save(figure, "one", ["x"], [[2.0]])
    assert (tmp_path / "one.svg").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 3


def test_the_user_keeps_a_folder_of_tables(tmp_path: Path) -> None:
    mine = tmp_path / "tables" / "mine.json"
    mine.parent.mkdir()
    mine.write_text("mine")
    workspace = Workspace(tmp_path, Scale.QUICK)
    workspace.manifest.make_folder("tables")
    workspace.manifest.write("tables/ours.json", "ours")
    workspace.finish()
    assert [p.name for p in mine.parent.iterdir()] == ["mine.json"]
    mine.unlink()
    workspace.finish()
    assert mine.parent.is_dir(), "an empty folder of the user's is the user's too"


def test_our_folder_of_tables_goes_but_not_what_was_put_there(tmp_path: Path) -> None:
    for put in (True, False):
        workspace = Workspace(tmp_path, Scale.QUICK)
        tables = workspace.manifest.make_folder("tables")
        workspace.manifest.write("tables/ours.json", "ours")
        if put:
            (tables / "mine.json").write_text("mine")
        workspace.finish()
        assert tables.exists() is put
        if put:
            (tables / "mine.json").unlink()
    assert Manifest(tmp_path).names() == {"pictures/"}


def test_a_page_of_the_users_is_refused_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "index.html"
    page.write_text("mine")
    assert main(["reproduce", "--quick", "--jobs", "1", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("template-kernels: --out = ")
    assert "did not write" in said
    assert page.read_text() == "mine"
    assert not (tmp_path / "points").exists()


def test_a_list_that_is_none_is_refused(tmp_path: Path) -> None:
    Manifest(tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_text("a file of the user's\n")
    with pytest.raises(InvalidInputError, match=re.escape("no list of what")):
        Manifest(tmp_path)
    assert path.read_text() == "a file of the user's\n"


def test_many_runs_at_once_share_a_folder(tmp_path: Path) -> None:
    names = [f"file-{i}" for i in range(20)]

    def one_run(number: int) -> int:
        manifest = Manifest(tmp_path)
        manifest.make_folder("tables")
        for name in names:
            manifest.write(name, f"{number}")
        return number

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one_run, range(8))) == list(range(8))
    assert Manifest(tmp_path).names() == {*names, "tables/"}
    assert {(tmp_path / name).read_text() for name in names} <= {str(i) for i in range(8)}


def test_an_interruption_before_a_file_leaves_its_name_and_no_refusal(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path)
    manifest.claim("page.html")  # and then the power fails
    Manifest(tmp_path).write("page.html", "whole")
    assert (tmp_path / "page.html").read_text() == "whole"
