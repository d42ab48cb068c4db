"""``mmbook results``: programs are run where results are stale, and the old ones kept if they fail."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from seeds import seed_of_commit

from dying import dying
from patience import has_ended, wait_for
from sphinx_mmbook.cli import main
from sphinx_mmbook.core.provenance.backup import back_up, locked
from sphinx_mmbook.core.provenance.hashing import digest, source_digest
from sphinx_mmbook.core.provenance.recovery import recover_results

SCRIPT = """\
import sys
from sphinx_mmbook import store
print("working")
store({"a": %s}, "results/x.json", inputs=["data/in.txt"])
"""


@pytest.fixture(scope="module")
def two_chapters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with two chapters that have stored a result each; tests change copies of it."""
    folder = tmp_path_factory.mktemp("two") / "book"
    write(folder, "conf.py", "")
    write(folder, "index.md", "# Book")
    for name in "ab":
        write(folder, f"ch/{name}/index.md", "# Chapter")
        write(folder, f"ch/{name}/data/in.txt", "1")
        write(folder, f"ch/{name}/code/x.py", SCRIPT % 1)
        subprocess.run([sys.executable, f"ch/{name}/code/x.py"], cwd=folder, check=True)
    return folder


@pytest.fixture
def book(two_chapters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the book with two chapters."""
    folder = tmp_path / "book"
    shutil.copytree(two_chapters, folder)
    monkeypatch.chdir(tmp_path)
    return folder


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    # Else programs count as saved while they ran, by the clock of the file system.
    os.utime(folder / path, (time.time() - 5,) * 2)


def results(*words: str) -> int:
    return main(["results", *words])


def content(book: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(book)): path.read_bytes()
        for path in sorted(book.glob("ch/*/results/*"))
        if path.is_file()
    }


def test_status_lists_results_by_chapter(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert results("status") == 0
    assert capsys.readouterr().out == (
        "ch/a\n  current       results/x.json  ch/a/code/x.py\n"
        "ch/b\n  current       results/x.json  ch/b/code/x.py\n"
        "2 results: 2 current\n"
    )
    write(book, "ch/a/data/in.txt", "2")
    write(book, "ch/a/results/old.csv", "a\n")
    assert results("status") == 1
    out = capsys.readouterr().out
    assert "stale         results/x.json   is stale: data/in.txt, which code/x.py reads" in out
    assert "no provenance results/old.csv" in out
    assert out.endswith("3 results: 1 no provenance, 1 stale, 1 current\n")
    assert results("status", "ch/b") == 0


def test_run_mends_what_is_stale_and_the_second_run_does_nothing(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(book, "ch/a/code/x.py", SCRIPT % 2)
    assert results("run") == 0
    out = capsys.readouterr().out
    assert "ch/a/code/x.py ..." in out and "changed: ch/a/results/x.json" in out
    assert "ch/b" not in out
    assert json.loads((book / "ch/a/results/x.json").read_text()) == {"a": 2}
    assert (book / "_build/results/log/ch/a/code/x.py.log").read_text() == "working\n"
    before = content(book)
    assert results("run") == 0
    assert capsys.readouterr().out == "Nothing to do: no result is stale.\n"
    assert content(book) == before
    assert results("status") == 0


@pytest.mark.parametrize("name", ["ch/a", "book/ch/a", "a"])
def test_run_takes_one_chapter(book: Path, name: str) -> None:
    for chapter in "ab":
        write(book, f"ch/{chapter}/code/x.py", SCRIPT % 2)
    assert results("run", name) == 0
    assert results("status", "ch/a") == 0
    assert results("status", "ch/b") == 1


def test_an_unknown_chapter_is_named(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert results("run", "ch/c") == 2
    assert "there is no chapter 'ch/c'; did you mean 'ch/" in capsys.readouterr().err


def test_a_chapter_without_results_is_found_by_its_name(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(book, "ch/my-chapter/index.md", "# Mine\n")
    assert results("run", "--all", "my-chapter") == 0
    assert "Nothing to do" in capsys.readouterr().out


def test_in_the_chapters_folder_the_book_is_found(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(book / "ch/a")
    assert results("status", ".") == 0


def test_the_old_results_stay_when_the_program_fails(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = SCRIPT % 1 + 'store(1, "results/y.csv")\n'
    write(book, "ch/a/code/x.py", two)
    assert results("run") == 0
    before = content(book)
    # One result is stored already when the program fails, and must go back as well.
    write(book, "ch/a/code/x.py", SCRIPT % 2 + 'raise SystemExit("no data")\n')
    assert results("run") == 1
    assert content(book) == before
    out = capsys.readouterr().out
    assert "failed (exit status 1) in the folder 'ch/a'; the end" in out and "| no data" in out
    assert "1 of 1 programs failed: ch/a/code/x.py" in out
    assert results("status") == 1
    write(book, "ch/a/code/x.py", two)
    assert results("status") == 0


def test_the_folder_of_a_declared_result_is_made(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = "# mmbook-results: results/new/own.csv\nopen('results/new/own.csv', 'w').write('a')\n"
    write(book, "ch/b/code/own.py", program)
    assert results("run") == 0
    assert (book / "ch/b/results/new/own.csv").read_text() == "a"
    write(book, "odd/code/fails.py", "# mmbook-results: results/a.csv\nopen('data.csv')\n")
    assert results("run") == 1
    assert "in the book's folder, since no folder above it has a page" in capsys.readouterr().out


def test_a_program_that_no_longer_stores_is_named(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(book, "ch/a/code/x.py", "print('nothing')\n")
    assert results("run") == 1
    assert "did not store ch/a/results/x.json again" in capsys.readouterr().out


def test_one_failure_does_not_keep_others_from_running(book: Path) -> None:
    write(book, "ch/a/code/x.py", "1 / 0\n")
    write(book, "ch/b/code/x.py", SCRIPT % 3)
    assert results("run") == 1
    assert results("status", "ch/b") == 0


def test_a_time_limit_ends_the_program_and_its_children(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(book)
    write(
        book,
        "ch/a/code/x.py",
        "import pathlib, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "pathlib.Path('child').write_text(str(child.pid))\n" + SCRIPT % 2 + "child.wait()\n",
    )
    child = book / "ch/a/child"
    for limit in (1, 4, 16, 64):  # where a second is too short to start anything, it gets more
        assert results("run", "--timeout", str(limit)) == 1
        assert f"stopped after {limit} s" in capsys.readouterr().out
        assert content(book) == before
        if child.exists():
            break
    wait_for(lambda: has_ended(int(child.read_text())))


def test_what_others_read_is_made_first(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reader = (
        "import json, pathlib\nfrom sphinx_mmbook import store\n"
        'data = json.loads(pathlib.Path("results/x.json").read_text())\n'
        'store(data["a"] * 10, "results/ten.json", inputs="results/x.json")\n'
    )
    write(book, "ch/a/code/a_reader.py", reader)
    subprocess.run([sys.executable, "code/a_reader.py"], cwd=book / "ch/a", check=True)
    write(book, "ch/a/code/x.py", SCRIPT % 7)
    assert results("run") == 0
    assert json.loads((book / "ch/a/results/ten.json").read_text()) == {"value": 70}
    assert "Nothing" not in capsys.readouterr().out
    assert results("status") == 0


def test_an_edited_result_is_left_alone_unless_all_are_asked_for(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(book, "ch/a/results/x.json", '{"a": 99}')
    assert results("run") == 0
    assert "left alone: ch/a/results/x.json was changed by hand" in capsys.readouterr().out
    assert json.loads((book / "ch/a/results/x.json").read_text()) == {"a": 99}
    assert results("run", "--all", "ch/a") == 0
    assert json.loads((book / "ch/a/results/x.json").read_text()) == {"a": 1}


def test_a_missing_result_is_made_again(book: Path) -> None:
    (book / "ch/a/results/x.json").unlink()
    assert results("run") == 0
    assert (book / "ch/a/results/x.json").is_file()


def test_a_program_that_declares_its_results_gets_their_sidecars(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = (
        "# mmbook-results: results/own.csv\n# mmbook-inputs: data/in.txt\n# mmbook-seed: 5\n"
        "open('results/own.csv', 'w').write('a\\n1\\n')\n"
    )
    write(book, "ch/a/code/own.py", code)
    assert results("status") == 1
    assert "was not yet made by ch/a/code/own.py" in capsys.readouterr().out
    assert results("run") == 0
    said = json.loads((book / "ch/a/results/own.csv.prov.json").read_text())
    assert said["script"] == "code/own.py"
    assert said["files"] == {"own.csv": digest(book / "ch/a/results/own.csv")}
    assert said["inputs"] == {"data/in.txt": digest(book / "ch/a/data/in.txt")}
    assert said["seed"] == "5"
    before = content(book)
    assert results("run") == 0
    assert results("run", "--all") == 0
    assert content(book) == before


def test_what_a_program_made_by_hand_is_recorded(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(book, "ch/a/code/own.R", "# mmbook-results: results/own.csv\n")
    write(book, "ch/a/results/own.csv", "a\n1\n")
    assert results("record", "book/ch/a/code/own.R") == 0
    assert "ch/a/results/own.csv" in capsys.readouterr().out
    assert results("status") == 0
    write(book, "ch/a/code/other.py", "print(1)")
    assert results("record", "book/ch/a/code/other.py") == 1
    assert "declares nothing" in capsys.readouterr().out
    assert results("record", "book/ch/a/code/none.R") == 2


@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R")
def test_programs_in_r_are_run(book: Path) -> None:
    write(
        book,
        "ch/a/code/cars.R",
        "# mmbook-results: results/cars.csv, results/cars.rds\n"
        'write.csv(coef(summary(lm(dist ~ speed, cars))), "results/cars.csv")\n'
        'saveRDS(cars, "results/cars.rds", version = 2)\n',
    )
    assert results("run") == 0
    said = json.loads((book / "ch/a/results/cars.csv.prov.json").read_text())
    assert said["program"].startswith("R 4.")
    assert results("status") == 0
    before = content(book)
    write(book, "ch/a/code/cars.R", 'writeLines("x", "results/cars.csv"); stop("no")\n'
          "# mmbook-results: results/cars.csv, results/cars.rds\n")  # fmt: skip
    assert results("run") == 1
    assert content(book) == before


def test_without_r_the_message_says_so(
    book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(book, "ch/a/code/cars.R", "# mmbook-results: results/cars.csv\n")
    monkeypatch.setenv("PATH", str(book))
    assert results("run") == 1
    assert "Rscript is not installed" in capsys.readouterr().out


def test_a_page_is_not_run(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sidecar = book / "ch/a/results/x.json.prov.json"
    said = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**said, "script": "index.md", "script_sha256": "0"}))
    assert results("run") == 1
    assert "makes its results when the book is built" in capsys.readouterr().out


def test_two_runs_at_once_are_refused(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(book, "ch/a/code/x.py", SCRIPT % 2)
    with locked(book):
        assert results("run") == 2
    assert "another 'mmbook results run' is going on" in capsys.readouterr().err


SLOW = SCRIPT + "import time\nopen('started', 'w')\ntime.sleep(600)\n"


def started(book: Path) -> subprocess.Popen[bytes]:
    """Start a run that will take long, and wait until its program has stored one result."""
    write(book, "ch/a/code/x.py", SLOW % 2)
    process = subprocess.Popen(
        [sys.executable, "-m", "sphinx_mmbook.cli", "results", "run"],
        cwd=book, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    wait_for((book / "ch/a/started").exists, process)
    return process


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_keeps_the_old_results_and_ends_the_program(
    book: Path, number: signal.Signals
) -> None:
    before = content(book)
    process = started(book)
    assert content(book) != before
    process.send_signal(number)
    out, _ = process.communicate()
    assert process.returncode == 130
    assert b"stopped; the old results are kept" in out
    assert content(book) == before


@pytest.mark.skipif(not shutil.which("ps"), reason="needs SIGKILL and ps")
def test_killed_with_its_program_the_next_command_puts_the_old_results_back(book: Path) -> None:
    before = content(book)
    process = started(book)
    assert content(book) != before
    group = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True
    )
    process.kill()
    recover_results(book)  # the program goes on, so nothing is put back under its feet
    assert content(book) != before
    for pid in group.stdout.split():
        os.kill(int(pid), signal.SIGKILL)
    process.communicate()
    wait_for(lambda: all(has_ended(int(pid)) for pid in group.stdout.split()))
    assert results("status", "--book", str(book)) == 1
    assert content(book) == before


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs fork and /proc")
@pytest.mark.parametrize("kind", ["store", "run", "record"])
def test_killed_at_random_moments_each_result_is_whole(tmp_path: Path, kind: str) -> None:
    killing = Path(__file__).parents[1] / "killing.py"
    command = [sys.executable, str(killing), kind, "20", str(seed_of_commit())]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, (command, run.stderr)


DYING = dying("import runpy; runpy.run_path(sys.argv[2], run_name='__main__')")


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.parametrize("command", [["check"], ["results", "status"]])
def test_killed_at_any_step_the_next_command_finds_the_old_or_the_new_result(
    book: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = book / "ch/a/code/x.py"
    seen = set()
    for step in range(20):
        before = content(book)
        write(book, "ch/a/code/x.py", SCRIPT % (step + 2))
        command_line = [sys.executable, "-c", DYING, str(step), str(file)]
        run = subprocess.run(command_line, cwd=book / "ch/a", check=False)
        main(command)
        said = json.loads((book / "ch/a/results/x.json.prov.json").read_text())
        assert said["files"] == {"x.json": digest(book / "ch/a/results/x.json")}
        is_new = content(book) != before
        assert is_new == (said["script_sha256"] == source_digest(file))
        assert not list(book.glob("ch/*/results/.*.ready"))
        printed = capsys.readouterr()
        assert "edited" not in printed.out and "interrupted" not in printed.out
        seen.add((is_new, "put in place" in printed.out + printed.err))
        if run.returncode == 0:
            break
    assert seen == {(False, False), (True, True), (True, False)}


def killed_run(book: Path) -> None:
    """Leave what a run leaves that is killed with its program: copies, and a result half made."""
    back_up(book, {("ch/a/results", "x.json"): ["x.json", "x.json.prov.json"]})
    write(book, "ch/a/results/x.json", '{"a": ')


def test_after_a_killed_run_mmbook_check_sees_the_old_results(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(book)
    killed_run(book)
    main(["check", "--format", "json"])
    printed = capsys.readouterr()
    assert not [
        item for item in json.loads(printed.out)["findings"] if item["rule"] == "result-edited"
    ]
    assert content(book) == before
    left = "_build/results/interrupted/ch/a/results"
    assert f"what the run left is in {left}" in printed.err
    assert (book / left / "x.json").read_text() == '{"a": '


def test_what_a_killed_run_made_for_the_first_time_is_gone_after_it(book: Path) -> None:
    before = content(book)
    back_up(book, {("ch/a/results", "new.json"): ["new.json", "new.json.prov.json"]})
    write(book, "ch/a/results/new.json", '{"a": ')
    (done,) = recover_results(book)
    assert done.startswith("ch/a/results/new.json: put back")
    assert content(book) == before


def test_what_was_recorded_by_hand_is_not_undone_after_a_killed_run(book: Path) -> None:
    write(book, "ch/a/code/own.R", "# mmbook-results: results/own.csv\n")
    back_up(book, {("ch/a/results", "own.csv"): ["own.csv", "own.csv.prov.json"]})
    write(book, "ch/a/results/own.csv", "a\n1\n")
    assert results("record", "book/ch/a/code/own.R") == 0
    recover_results(book)
    assert results("status") == 0
    assert (book / "ch/a/results/own.csv").read_text() == "a\n1\n"


def test_while_programs_run_nothing_is_recorded(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(book, "ch/a/code/own.R", "# mmbook-results: results/own.csv\n")
    write(book, "ch/a/results/own.csv", "a\n1\n")
    with locked(book):
        assert results("record", "book/ch/a/code/own.R") == 2
    assert "another 'mmbook results run' is going on" in capsys.readouterr().err


@pytest.mark.parametrize(
    "entry",
    [
        {"folder": "../outside", "name": "a", "copies": {"a": "1"}},
        {"folder": "ch/a/results", "name": "a", "copies": {"../../../outside/a": "1"}},
        {"folder": "ch/a/results", "name": "a", "copies": {"a": "../../../../outside/secret"}},
        {"folder": "link", "name": "a", "copies": {"a": "1"}},
        {"folder": 5, "name": "a", "copies": {"a": "1"}},
        {"folder": "ch/a/results", "name": "a", "copies": {"a": "secret"}},
        {"folder": "ch/a/results", "name": "a", "copies": ["a"]},
        "text",
    ],
)
def test_copies_that_a_stranger_committed_write_nothing_elsewhere(
    book: Path, tmp_path: Path, entry: object
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (book / "link").symlink_to(outside)
    kept = book / "_build/results/before/x.kept"
    write(book, "_build/results/before/x.kept/1", "hostile")
    (kept / "manifest.json").write_text(json.dumps([entry]))
    (kept / "secret").symlink_to(outside / "secret")
    before = content(book)
    assert recover_results(book) == []
    assert [file.name for file in outside.iterdir()] == ["secret"]
    assert content(book) == before


def test_a_list_of_copies_that_is_a_link_or_nested_without_end_is_not_read(book: Path) -> None:
    write(book, "list", "[]")
    for name in ("a", "b"):
        write(book, f"_build/results/before/{name}.kept/1", "old")
    (book / "_build/results/before/a.kept/manifest.json").symlink_to(book / "list")
    write(book, "_build/results/before/b.kept/manifest.json", "[" * 100_000)
    assert recover_results(book) == []
    assert len(list((book / "_build/results/before").glob("*.kept"))) == 2


def test_what_reads_a_stale_result_is_made_again_only_if_that_comes_out_differently(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(book, "ch/a/code/y.py", "from sphinx_mmbook import store\n"
          'print(open("results/x.json").read())\nstore({"b": 1}, "results/y.json", inputs="results/x.json")\n')  # fmt: skip
    subprocess.run([sys.executable, "code/y.py"], cwd=book / "ch/a", check=True)
    write(book, "ch/a/data/in.txt", "2")
    assert results("status", "--book", str(book)) == 1
    assert "results/x.json, which code/y.py reads, is itself stale" in capsys.readouterr().out
    assert results("run", "--book", str(book)) == 0
    out = capsys.readouterr().out
    assert "x.py" in out and "y.py" not in out  # the same came out
    assert results("status", "--book", str(book)) == 0
