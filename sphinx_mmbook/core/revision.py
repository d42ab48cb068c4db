"""An older state of a book, from git: what a pull request started from."""

from __future__ import annotations

import io
import subprocess
import tarfile
from typing import TYPE_CHECKING

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
        raise GitError(text[-1] if text else f"git {words[0]} failed")
    return run.stdout


def start_of(folder: Path, revision: str) -> str:
    """Return the commit at which work left ``revision``: the last one that both have.

    :raises GitError: if there is no such revision.
    """
    if revision.startswith("-"):
        raise GitError(f"'{revision}' is no revision")
    return git(folder, "merge-base", revision, "HEAD").decode().strip()


def changed_paths(folder: Path, commit: str) -> Set[str]:
    """Return the paths below ``folder``, relative to it, that differ from ``commit``.

    Files that git does not know yet count as changed.

    :raises GitError: if git fails.
    """
    changed = git(folder, "diff", "--name-only", "--relative", "-z", commit, "--", ".")
    added = git(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return {name.decode("utf-8", "replace") for name in (changed + added).split(b"\0") if name}


def extract(folder: Path, commit: str, target: Path) -> None:
    """Write ``folder`` as it was at ``commit`` into ``target``.

    :raises GitError: if git fails.
    """
    data = git(folder, "archive", "--format=tar", commit, ".")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(target, filter="data")
