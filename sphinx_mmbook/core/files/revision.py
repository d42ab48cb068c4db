"""An older state of a book, from git: what a pull request started from."""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set
    from pathlib import Path


class GitError(ValueError):
    """git could not say; the message is for the user."""


def git(folder: Path, *words: str) -> bytes:
    """Run git in a folder and return what it prints.

    :raises GitError: if git is missing or fails.
    """
    try:
        run = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *words],  # noqa: S607
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None
    if run.returncode:
        text = run.stderr.decode("utf-8", "replace").strip().splitlines()
        fatal = next((line for line in text if line.startswith("fatal: ")), "")
        message = fatal.removeprefix("fatal: ") or "".join(text[-1:])
        raise GitError(message or f"git {words[0]} failed")
    return run.stdout


def start_of(folder: Path, revision: str) -> str:
    """Return the commit at which work left ``revision``: the last one that both have.

    :raises GitError: if there is no such revision.
    """
    git(folder, "rev-parse", "--git-dir")
    if not _is_commit(folder, revision):
        hint = (
            f"; did you mean 'origin/{revision}'?"
            if _is_commit(folder, f"origin/{revision}")
            else ""
        )
        raise GitError(f"git knows no revision '{revision}'{hint or _shallow(folder)}")
    try:
        return git(folder, "merge-base", revision, "HEAD").decode().strip()
    except GitError:
        message = f"'{revision}' and HEAD have no commit in common"
        raise GitError(message + _shallow(folder)) from None


def _is_commit(folder: Path, revision: str) -> bool:
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    try:
        return bool(git(folder, *words))
    except GitError:
        return False


def _shallow(folder: Path) -> str:
    """Return what to do if this clone has no old commits."""
    if git(folder, "rev-parse", "--is-shallow-repository").strip() != b"true":
        return ""
    fetch = "'git fetch --unshallow' (on GitHub: 'fetch-depth: 0' for actions/checkout)"
    return f"; this clone lacks old commits, get them with {fetch}"


def changed_paths(folder: Path, commit: str) -> Set[str]:
    """Return the paths below ``folder``, relative to it, that differ from ``commit``.

    Files that git does not know yet count as changed.

    :raises GitError: if git fails.
    """
    changed = git(folder, "diff", "--name-only", "--relative", "-z", commit, "--", ".")
    added = git(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return {os.fsdecode(name) for name in (changed + added).split(b"\0") if name}


def extract(folder: Path, commit: str, target: Path) -> None:
    """Write ``folder`` as it was at ``commit`` into ``target``; nothing if it was not there.

    Not ``git archive``, which leaves out what ``.gitattributes`` says.

    :raises GitError: if git fails.
    """
    listed = git(folder, "ls-tree", "-r", "-z", commit, "--", ".").split(b"\0")
    entries = [line.partition(b"\t")[::2] for line in listed if line]
    blobs = [(mode.split()[0], mode.split()[2], name) for mode, name in entries
             if mode.split()[1] == b"blob"]  # fmt: skip
    with tempfile.TemporaryFile() as wanted:
        wanted.write(b"".join(sha + b"\n" for _, sha, _ in blobs))
        wanted.seek(0)
        command = ["git", "-C", str(folder), "cat-file", "--batch"]
        with subprocess.Popen(command, stdin=wanted, stdout=subprocess.PIPE) as process:  # noqa: S603
            for mode, _, name in blobs:
                if process.stdout:
                    _write_blob(process.stdout, mode, target / os.fsdecode(name))


def _write_blob(stream: IO[bytes], mode: bytes, file: Path) -> None:
    """Write the next blob of ``git cat-file --batch``: a line with its size, then the bytes."""
    *_, size = stream.readline().split() or [b""]
    if not size.isdigit():
        raise GitError(f"git does not have the old version of '{file.name}'")
    left = int(size)
    file.parent.mkdir(parents=True, exist_ok=True)
    if mode == b"120000":
        file.symlink_to(os.fsdecode(stream.read(left)))
    else:
        with file.open("wb") as out:
            while left:
                part = stream.read(min(left, 1 << 20))
                if not part:
                    raise GitError("git ended too early")
                out.write(part)
                left -= len(part)
    stream.read(1)
