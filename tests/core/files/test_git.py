"""Git and other programs: what a pull request brings along is never run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_mmbook.core.files.git import (
    GitError,
    changed_paths,
    extract,
    head_and_changes,
    repository_of,
    start_of,
    stays_inside,
    tracked_files,
)
from sphinx_mmbook.core.files.programs import environment, find_program, search_path
from sphinx_mmbook.core.provenance.record import commit_of

ME = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")


def git(folder: Path, *words: str, data: bytes = b"") -> str:
    run = subprocess.run(["git", *ME, *words], cwd=folder, input=data, capture_output=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.decode().strip()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a book of two pages, committed, in a repository above it."""
    folder = tmp_path / "repository" / "book"
    folder.mkdir(parents=True)
    for name in ("conf.py", "index.md", "a.md"):
        (folder / name).write_text(f"# {name}\n")
    git(folder.parent, "init", "-q", "-b", "main")
    git(folder.parent, "add", ".")
    git(folder.parent, "commit", "-qm", "start")
    return folder


@pytest.fixture
def alarm(tmp_path: Path) -> Path:
    """Return a program that leaves a file ``alarm.ran`` beside it when it is run."""
    file = tmp_path / "alarm"
    file.write_text(f"#!/bin/sh\ntouch '{file}.ran'\nexec cat\n")
    file.chmod(0o755)
    return file


def ask_everything(book: Path) -> None:
    """Ask git all that a check or a stored result asks."""
    # Files with the content of the commit but another time: git has to look into them.
    for file in book.glob("*.md"):
        os.utime(file, (1, 1))
    assert tracked_files(book) is not None
    repository = repository_of(book)
    commit = start_of(repository, "main")
    changed_paths(repository, commit)
    extract(repository, commit, book.parent.parent / "old")
    commit_of(book, book / "a.md")


def ran(alarm: Path) -> bool:
    return alarm.with_name("alarm.ran").exists()


def test_a_bare_repository_that_is_committed_in_the_book_is_content(
    book: Path, alarm: Path
) -> None:
    for folder in (book, book / "chapters/a"):
        git(book, "clone", "-q", "--bare", "..", str(folder / "x"))
        for item in list((folder / "x").iterdir()):
            shutil.move(item, folder / item.name)
        (folder / "config").write_text(
            "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n"
            f"\tfsmonitor = \"'{alarm}' > PWNED; false\"\n"
        )
    # This is what it does to who starts git there and is of good faith.
    git(book / "chapters/a", "-c", "safe.bareRepository=all", "diff", "--name-only", "main")
    assert ran(alarm)
    alarm.with_name("alarm.ran").unlink()
    (book / "chapters/a/PWNED").unlink()
    assert repository_of(book / "chapters/a").top == book.parent
    ask_everything(book)
    assert not ran(alarm)
    assert not list(book.rglob("PWNED"))
    assert "HEAD" in changed_paths(repository_of(book), "HEAD")


HOSTILE = {
    "fsmonitor": (("core.fsmonitor", "{}"),),
    "hooks": (("core.hooksPath", "{hooks}"),),
    "diff driver": (("diff.x.command", "{}"), ("diff.x.textconv", "{}"), ("diff.external", "{}")),
    "filter": (("filter.x.clean", "{}"), ("filter.x.smudge", "{}"), ("filter.x.required", "true")),
    "filter process": (("filter.x.process", "{}"), ("filter.x.required", "true")),
    "filter with dots": (("filter.x.clean.process", "{}"), ("filter.x.clean.clean", "{}")),
    "pager": (("core.pager", "{}"), ("pager.diff", "{}"), ("pager.status", "{}")),
    "other": (
        ("core.editor", "{}"), ("core.askPass", "{}"), ("core.sshCommand", "{}"),
        ("gpg.program", "{}"), ("log.showSignature", "true"), ("alias.diff", "!{}"),
        ("core.worktree", "/"), ("uploadpack.packObjectsHook", "{}"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_that_the_repository_configures_is_run(book: Path, alarm: Path, kind: str) -> None:
    hooks = alarm.parent / "hooks"
    hooks.mkdir()
    for hook in (
        "post-index-change",
        "post-checkout",
        "fsmonitor-watchman",
        "reference-transaction",
    ):
        shutil.copy(alarm, hooks / hook)
        shutil.copy(alarm, book.parent / ".git/hooks" / hook)
    name = "x.clean" if kind == "filter with dots" else "x"
    (book / ".gitattributes").write_text(f"*.md filter={name} diff={name} working-tree-encoding=\n")
    (book / "a.md").write_text("changed")
    for key, value in HOSTILE[kind]:
        git(book, "config", key, value.format(alarm, hooks=hooks))
    ask_everything(book)
    assert not ran(alarm)
    assert "a.md" in changed_paths(repository_of(book), "HEAD")


def test_a_filter_would_be_run_by_a_plain_git(book: Path, alarm: Path) -> None:
    (book / ".gitattributes").write_text("*.md filter=x\n")
    git(book, "config", "filter.x.clean", str(alarm))
    os.utime(book / "a.md", (1, 1))
    git(book, "diff", "--name-only", "main")
    assert ran(alarm)


def test_a_filter_that_no_setting_can_name_is_refused(book: Path, alarm: Path) -> None:
    git(book, "config", "filter.a=b.clean", str(alarm))
    (book / ".gitattributes").write_text("*.md filter=a=b\n")
    with pytest.raises(GitError, match="rename the filter"):
        changed_paths(repository_of(book), "HEAD")
    assert commit_of(book, None) == ("", None)
    assert not ran(alarm)


def test_a_repository_inside_of_the_book_is_not_asked(book: Path, alarm: Path) -> None:
    inner = book / "chapters"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / "x.md").write_text("x")
    git(inner, "add", ".")
    git(inner, "commit", "-qm", "x")
    git(book, "-c", "advice.addEmbeddedRepo=false", "add", ".")
    git(book, "commit", "-qm", "a submodule")
    git(inner, "config", "core.fsmonitor", str(alarm))
    (inner / "x.md").write_text("y")
    ask_everything(book)
    assert not ran(alarm)


def test_variables_of_the_caller_do_not_say_where_the_repository_is(
    book: Path, alarm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere", "GIT_WORK_TREE": "/",
        "GIT_EXTERNAL_DIFF": str(alarm), "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": str(alarm),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert tracked_files(book) == {"conf.py", "index.md", "a.md"}
    assert not ran(alarm)


def test_no_other_host_is_asked_for_what_a_partial_clone_lacks(
    book: Path, alarm: Path, tmp_path: Path
) -> None:
    git(book, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    words = ("--no-checkout", "--filter=blob:none", f"file://{book.parent}", str(clone))
    git(tmp_path, "clone", "-q", *words)
    git(clone, "config", "remote.origin.uploadpack", str(alarm))
    (clone / "book").mkdir()
    with pytest.raises(GitError, match="does not have the old version of"):
        extract(repository_of(clone / "book"), "HEAD", tmp_path / "old")
    assert not ran(alarm)


def test_a_worktree_and_a_book_at_the_top_are_repositories(book: Path, tmp_path: Path) -> None:
    git(book, "worktree", "add", "-q", "--detach", str(tmp_path / "[tree]*"))
    tree = tmp_path / "[tree]*" / "book"
    assert tracked_files(tree) == {"conf.py", "index.md", "a.md"}
    (tree / "new ü.md").write_text("x")
    assert changed_paths(repository_of(tree), "HEAD") == {"new ü.md"}
    assert tracked_files(tree.parent) == {"book/conf.py", "book/index.md", "book/a.md"}
    commit, changed = head_and_changes(tree, tree / "new ü.md")
    assert len(commit) == 40
    assert changed == [tree / "new ü.md"]


def test_no_repository_and_a_broken_one_are_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        repository_of(tmp_path)
    (tmp_path / ".git").mkdir()
    assert tracked_files(tmp_path) is None
    with pytest.raises(GitError, match="not a git repository"):
        start_of(repository_of(tmp_path), "main")


@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "/x", "..\\x", "a\\..\\..\\x", "C:\\x", "c:x", "\\\\host\\x", "\\x"],
)
def test_no_name_in_a_commit_leaves_the_folder(name: str) -> None:
    assert not stays_inside(name)
    assert stays_inside("chapters/a b/..x.md")


def test_an_old_state_is_written_inside_its_folder_only(book: Path, tmp_path: Path) -> None:
    """A tree with names that only ``mktree`` makes: links that are folders, and steps upwards."""
    blob = git(book, "hash-object", "-w", "--stdin", data=b"pwned")
    out = git(book, "hash-object", "-w", "--stdin", data=str(tmp_path / "outside").encode())
    (tmp_path / "outside").mkdir()
    inner = git(book, "mktree", data=f"100644 blob {blob}\tx.md\n120000 blob {out}\tl\n".encode())
    entries = [f"120000 blob {out}\ta", f"040000 tree {inner}\ta", f"100644 blob {blob}\t..\\y.md"]
    top = git(book, "mktree", data="\n".join([*entries, ""]).encode())
    root = git(book, "mktree", data=f"040000 tree {top}\tbook\n".encode())
    commit = git(book, "commit-tree", "-m", "x", root)
    extract(repository_of(book), commit, tmp_path / "old")
    assert not list((tmp_path / "outside").iterdir())
    assert [p.name for p in sorted((tmp_path / "old").rglob("*"))] == ["a", "l", "x.md"]
    assert not list(tmp_path.rglob("*y.md"))


def test_programs_are_not_taken_from_the_book_nor_from_the_current_folder(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = tmp_path / "bin"
    for folder in (right, book / "bin", book):
        folder.mkdir(exist_ok=True)
        (folder / "tool").write_text("#!/bin/sh\n")
        (folder / "tool").chmod(0o755)
    (tmp_path / "link").symlink_to(book / "bin")
    monkeypatch.chdir(book)
    entries = ["", ".", "bin", str(book), str(book / "bin"), str(tmp_path / "link"), str(right)]
    monkeypatch.setenv("PATH", os.pathsep.join(entries))
    assert shutil.which("tool") != str(right / "tool")
    assert find_program("tool") == str(right / "tool")
    assert search_path() == [str(right)]
    assert environment(A="b")["PATH"] == str(right)
    # Python's own environment may lie in the book.
    monkeypatch.setattr(sys, "prefix", str(book))
    assert find_program("tool") == str(book / "tool")
    (right / "folder").mkdir()
    assert find_program("folder") is None


def test_a_script_counts_as_changed_if_it_is_new_and_of_this_repository(
    book: Path, tmp_path: Path
) -> None:
    commit = git(book, "rev-parse", "HEAD")
    new, elsewhere = book / "new.py", tmp_path / "elsewhere.py"
    for file in (new, elsewhere):
        file.touch()
    assert head_and_changes(book, None) == (commit, [])
    assert head_and_changes(book, elsewhere) == (commit, [])
    assert head_and_changes(book, new) == (commit, [new])
    (book / "a.md").write_text("other")
    assert head_and_changes(book, book / "index.md") == (commit, [book / "a.md"])


def test_what_git_says_of_a_failure_is_the_message(tmp_path: Path) -> None:
    git(tmp_path, "init")
    with pytest.raises(GitError, match="ambiguous argument 'nothing'"):
        repository_of(tmp_path).run("rev-parse", "nothing")
