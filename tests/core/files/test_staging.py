"""Several files are replaced at once, whenever the process is killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dying import dying
from sphinx_mmbook.core.files.staging import pending, recover, recover_all, replace_files

OLD = {"a.csv": b"old a", "a-fit.csv": b"old fit", "a.csv.prov.json": b"old sidecar"}
NEW = {"a.csv": b"new a", "b.csv": b"new b", "a.csv.prov.json": b"new sidecar"}
GONE = ["a-fit.csv"]

KILLED = dying(
    f"NEW, GONE = {NEW!r}, {GONE!r}\n"
    "from sphinx_mmbook.core.files.staging import replace_files\n"
    "replace_files(pathlib.Path(sys.argv[2]), 'a.csv', NEW, GONE)\n",
    "os.fsync", "os.mkdir", "os.open", "pathlib.Path.open",
)  # fmt: skip


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def test_files_are_replaced_and_the_others_removed(tmp_path: Path) -> None:
    write(tmp_path, {**OLD, "other.csv": b"other"})
    replace_files(tmp_path, "a.csv", NEW, GONE)
    assert content(tmp_path) == {**NEW, "other.csv": b"other"}
    assert not list(pending(tmp_path))
    assert all(path.is_file() for path in tmp_path.iterdir())


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_killed_before_any_step_the_old_or_the_new_files_are_there(tmp_path: Path) -> None:
    seen = set()
    for step in range(100):
        folder = tmp_path / str(step)
        write(folder, OLD)
        run = subprocess.run([sys.executable, "-c", KILLED, str(step), str(folder)], check=False)
        recover(folder)
        found = content(folder)
        assert found in (OLD, NEW), f"a mix after step {step}"
        assert not list(pending(folder))
        seen.add(found == NEW)
        if run.returncode == 0:
            break
        assert run.returncode == -signal.SIGKILL
    assert seen == {True, False}
    assert step > 10  # there were that many steps


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_killed_at_random_moments_the_files_belong_together(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from sphinx_mmbook.core.files.staging import replace_files\n"
        "for n in range(10**9):\n"
        " data = str(n).encode() * 5000\n"
        " replace_files(pathlib.Path(sys.argv[1]), 'a', {'a': data, 'b': data, 'c': data})\n"
        " n or print('ready', flush=True)\n"
    )
    chance = random.Random(0)
    for _ in range(15):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.communicate()
        recover(tmp_path)
        assert len(set(content(tmp_path).values())) == 1
        assert set(content(tmp_path)) == {"a", "b", "c"}


@pytest.mark.long
def test_processes_that_replace_the_same_leave_one_of_theirs(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from sphinx_mmbook.core.files.staging import replace_files\n"
        "for n in range(80):\n"
        " data = (sys.argv[2] + str(n)).encode()\n"
        " replace_files(pathlib.Path(sys.argv[1]), 'a', {'a': data, 'b': data})\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), word]) for word in "wxyz"
    ]
    assert [process.wait() for process in running] == [0] * 4
    recover(tmp_path)
    assert len(set(content(tmp_path).values())) == 1


def test_a_folder_that_cannot_be_written_keeps_all(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    blocked = tmp_path / "a.csv" / "below"
    with pytest.raises(OSError):
        replace_files(blocked, "a.csv", NEW)
    assert content(tmp_path) == OLD


def test_a_folder_with_the_name_of_a_file_stops_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_files(tmp_path, "a.csv", NEW)
    write(tmp_path / ".x.csv.ready", {"a.csv": b"x", ".gone": b""})  # made before the folder was
    replace_files(tmp_path, "b", {"b": b"1"})
    recover(tmp_path)
    assert content(tmp_path) == {"b": b"1"}


def test_a_link_is_not_taken_for_new_files(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, {"secret": b"secret"})
    results = tmp_path / "results"
    results.mkdir()
    (results / ".a.csv.ready").symlink_to(outside)
    assert recover(results) == []
    assert content(outside) == {"secret": b"secret"}


def test_names_that_lead_out_of_the_folder_remove_nothing(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text("page")
    ready = tmp_path / "results" / ".a.csv.ready"
    ready.mkdir(parents=True)
    (ready / ".gone").write_text("../index.md\n..\n")
    assert recover_all(tmp_path) == [tmp_path / "results" / "a.csv"]
    assert (tmp_path / "index.md").exists()


def test_a_list_of_what_is_gone_that_is_a_link_or_no_text_stops_no_command(tmp_path: Path) -> None:
    (tmp_path / "names").write_text("a.csv")
    results = tmp_path / "results"
    write(results, {"a.csv": b"a", "b.csv": b"b"})
    linked, odd = results / ".a.csv.ready", results / ".b.csv.ready"
    write(linked, {"a.csv": b"new"})
    (linked / ".gone").symlink_to(tmp_path / "names")  # it could be a device, read without end
    write(odd, {"b.csv": b"new", ".gone": b"\xff\nb-fit.csv"})
    assert [name for name, _ in pending(results)] == ["b.csv"]
    assert recover(results) == ["b.csv"]
    assert content(results) == {"a.csv": b"a", "b.csv": b"new"}


def test_what_was_abandoned_is_removed_after_an_hour(tmp_path: Path) -> None:
    for name in (".a.csv.abcd1234.new", ".b.csv.abcd1234.new"):
        (tmp_path / name).mkdir()
    os.utime(tmp_path / ".a.csv.abcd1234.new", (0, 0))
    recover(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".b.csv.abcd1234.new"]
