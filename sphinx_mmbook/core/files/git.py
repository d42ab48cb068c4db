"""Git, asked in one place and in one manner: nothing that a book or its repository says is run.

Where the repository is, is looked up here and not by Git. Git, started in a folder, takes the
folder itself for a repository if it has ``HEAD``, ``config``, ``objects`` and ``refs``: four names
that anybody can commit, and ``config`` may name programs. A ``.git`` nobody can commit: Git refuses
that name in every spelling (``.GIT``, ``git~1``). So the first ``.git`` from the book's folder
upwards is the repository of whoever cloned it; what lies deeper is the book's content and is never
looked at. A book that came as an archive may bring a ``.git`` along; for such, and since a clone's
configuration may be of any origin, everything is off by which a configuration starts a program.

The configuration of the machine and of the user still counts otherwise: it says how lines end
(``core.autocrlf``, in the machine's own on Windows) and what is ignored (``core.excludesFile``).
"""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING

from sphinx_mmbook.core.files.paths import real
from sphinx_mmbook.core.files.programs import environment, find_program

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

#: Settings by which Git would start a program, or trust a folder of somebody else.
OFF = {
    "core.fsmonitor": "",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
}
#: No lock for what only looks, no question to anybody, no other host (a partial clone would fetch).
QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}
SWITCHES = ("--no-pager", "--literal-pathspecs")
#: The mode of a symbolic link.
LINK = b"120000"


class GitError(ValueError):
    """Git could not say; the message is for the user."""


@dataclass(frozen=True)
class Repository:
    """The repository that a folder is in: its ``top``, and the folder's path below it."""

    program: str
    top: Path
    inner: str

    def run(self, *words: str) -> bytes:
        """Return what Git prints.

        :raises GitError: if it fails.
        """
        run = subprocess.run(  # noqa: S603
            self.command(*words), env=_environment(), cwd=self.top, capture_output=True, check=False
        )
        if run.returncode:
            text = run.stderr.decode("utf-8", "replace").strip().splitlines()
            fatal = next((line for line in text if line.startswith("fatal: ")), "")
            message = fatal.removeprefix("fatal: ") or "".join(text[-1:])
            raise GitError(message or f"git failed: {words}")
        return run.stdout

    def command(self, *words: str) -> list[str]:
        """Return the command line; ``words`` may begin with more settings."""
        where = [f"--git-dir={self.top / '.git'}", f"--work-tree={self.top}"]
        return [self.program, *where, *_settings(OFF), *SWITCHES, *words]

    def compare(self, *words: str) -> list[str]:
        """Return the names that a command prints which compares files with a commit.

        :raises GitError: if it fails.
        """
        words = (*self.no_filters, *words, "--ignore-submodules=all", "--no-renames", "-z")
        return _names(self.run(*words, "--", self.inner))

    @cached_property
    def no_filters(self) -> list[str]:
        """Settings without the programs through which Git passes a file to compare it.

        Who uses such (Git LFS) sees a file as changed if only its time has.

        :raises GitError: if one has a name that no setting on a command line can have.
        """
        names = _names(self.run("config", "--list", "--name-only", "-z"))
        drivers = sorted({n.rpartition(".")[0] for n in names if n.startswith("filter.")})
        if odd := [driver for driver in drivers if "=" in driver]:
            raise GitError(f"the setting '{odd[0]}' has a '=' in its name; rename the filter")
        off = {"clean": "", "smudge": "", "process": "", "required": "false"}
        return _settings({f"{one}.{key}": off[key] for one in drivers for key in off})

    def below(self, names: Iterable[str]) -> frozenset[str]:
        """Return those paths that lie in the folder, relative to it."""
        if self.inner == ".":
            return frozenset(names)
        start = f"{self.inner}/"
        return frozenset(name.removeprefix(start) for name in names if name.startswith(start))


def _settings(values: Mapping[str, str]) -> list[str]:
    return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]


def _names(output: bytes) -> list[str]:
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _environment() -> dict[str, str]:
    """Return an environment in which only the machine's and the user's files configure Git."""
    return {key: value for key, value in environment().items() if key[:4] != "GIT_"} | QUIET


def top_of(folder: Path) -> Path | None:
    """Return the top of the repository that a folder is in, free of symbolic links, if any."""
    here = real(folder)
    return next((above for above in (here, *here.parents) if (above / ".git").exists()), None)


def repository_of(folder: Path) -> Repository:
    """Return the repository that a folder is in.

    :raises GitError: if it is in none, or Git is not installed.
    """
    top = top_of(folder)
    if top is None:
        raise GitError("not a git repository (nor is any folder above)")
    program = find_program("git")
    if program is None:
        raise GitError("git is not installed")
    return Repository(program, top, real(folder).relative_to(top).as_posix())


def tracked_files(folder: Path) -> frozenset[str] | None:
    """Return the paths below ``folder``, relative to it, that Git tracks; None if unknown."""
    try:
        repository = repository_of(folder)
        return repository.below(_names(repository.run("ls-files", "-z", "--", repository.inner)))
    except (GitError, OSError):
        return None


def ignored_files(folder: Path) -> frozenset[str]:
    """Return the paths below ``folder``, relative to it, that Git ignores; none if unknown."""
    try:
        repository = repository_of(folder)
        words = ("ls-files", "--others", "--ignored", "--exclude-standard", "-z", "--")
        return repository.below(_names(repository.run(*words, repository.inner)))
    except (GitError, OSError):
        return frozenset()


def start_of(repository: Repository, revision: str) -> str:
    """Return the commit at which work left ``revision``: the last one that both have.

    :raises GitError: if there is no such revision.
    """
    commit = _commit(repository, revision)
    if not commit:
        repository.run("rev-parse", "--git-dir")
        remote = f"origin/{revision}"
        hint = f"; did you mean '{remote}'?" if _commit(repository, remote) else ""
        raise GitError(f"git knows no revision '{revision}'{hint or _shallow(repository)}")
    try:
        return repository.run("merge-base", commit, "HEAD").decode().strip()
    except GitError:
        message = f"'{revision}' and HEAD have no commit in common"
        raise GitError(message + _shallow(repository)) from None


def _commit(repository: Repository, revision: str) -> str:
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    with suppress(GitError):
        return repository.run(*words).decode().strip()
    return ""


def _shallow(repository: Repository) -> str:
    """Return what to do if this clone has no old commits."""
    if repository.run("rev-parse", "--is-shallow-repository").strip() != b"true":
        return ""
    fetch = "'git fetch --unshallow' (on GitHub: 'fetch-depth: 0' for actions/checkout)"
    return f"; this clone lacks old commits, get them with {fetch}"


def changed_paths(repository: Repository, commit: str) -> Set[str]:
    """Return the paths below the folder, relative to it, that differ from ``commit``.

    Files that git does not know yet count as changed.

    :raises GitError: if git fails.
    """
    words = ("diff", "--name-only", "--no-ext-diff", "--no-textconv", commit)
    new = ("ls-files", "--others", "--exclude-standard", "-z", "--", repository.inner)
    return repository.below([*repository.compare(*words), *_names(repository.run(*new))])


def head_and_changes(folder: Path, script: Path | None) -> tuple[str, list[Path]]:
    """Return the commit and the tracked files that differ from it, with ``script`` if it is new.

    :raises GitError: if git fails, or there is no commit.
    """
    whole = replace(repository_of(folder), inner=".")
    commit = whole.run("rev-parse", "HEAD").decode().strip()
    names = whole.compare("status", "--porcelain", "--untracked-files=no")
    if script and real(script).is_relative_to(whole.top):
        one = replace(whole, inner=real(script).relative_to(whole.top).as_posix())
        names += one.compare("status", "--porcelain")
    return commit, [whole.top / name[3:] for name in names]


def extract(repository: Repository, commit: str, target: Path) -> None:
    """Write the folder as it was at ``commit`` into ``target``; nothing if it was not there.

    Not ``git archive``, which leaves out what ``.gitattributes`` says. No name leaves the folder,
    on whatever system; links are made last, so that nothing is written through one.

    :raises GitError: if git fails.
    """
    from tempfile import TemporaryFile  # noqa: PLC0415 -- a check seldom needs it

    listed = repository.run("ls-tree", "-r", "-z", commit, "--", repository.inner).split(b"\0")
    entries = [line.partition(b"\t")[::2] for line in listed if line]
    blobs = [
        (mode.split()[0] == LINK, mode.split()[2], name)
        for mode, path in entries
        for name in repository.below([os.fsdecode(path)])
        if mode.split()[1] == b"blob" and stays_inside(name)
    ]
    blobs.sort(key=itemgetter(0))
    with TemporaryFile() as wanted:
        wanted.write(b"".join(sha + b"\n" for _, sha, _ in blobs))
        wanted.seek(0)
        with subprocess.Popen(  # noqa: S603
            repository.command("cat-file", "--batch"),
            stdin=wanted, stdout=subprocess.PIPE, env=_environment(), cwd=repository.top,
        ) as process:  # fmt: skip
            for is_link, _, name in blobs:
                if process.stdout:
                    _write_blob(process.stdout, is_link, real(target), name)


def stays_inside(name: str) -> bool:
    """Whether a path of a commit stays in a folder, as Unix reads it and as Windows does."""
    paths = (PurePosixPath(name), PureWindowsPath(name))
    return not any(path.anchor or ".." in path.parts for path in paths)


def _write_blob(stream: IO[bytes], is_link: bool, target: Path, name: str) -> None:
    """Write the next blob of ``git cat-file --batch``: a line with its size, then the bytes."""
    *_, size = stream.readline().split() or [b""]
    if not size.isdigit():
        raise GitError(f"git does not have the old version of '{name}'")
    left = int(size)
    file = target / name
    if is_link:
        _link(target, file, os.fsdecode(stream.read(left)))
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            while left:
                part = stream.read(min(left, 1 << 20))
                if not part:
                    raise GitError("git ended too early")
                out.write(part)
                left -= len(part)
    stream.read(1)


def _link(target: Path, file: Path, to: str) -> None:
    """Make a symbolic link; a file with its text where the system makes none, as Git does."""
    # Where case does not count, "A/b" would be written through a link "a".
    if os.path.lexists(file) or not real(file.parent).is_relative_to(target):
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        file.symlink_to(to)
    except OSError:
        file.write_text(to, "utf-8", "surrogateescape")


def merge_texts(before: str, now: str, after: str, names: tuple[str, str, str]) -> tuple[str, int]:
    """Return what ``git merge-file`` makes of three versions, and the number of its conflicts.

    ``names`` stand beside the marks of conflicts: of what is now, was before, and comes. Nothing of
    a repository counts here.

    :raises GitError: if Git is not installed, or fails.
    """
    from tempfile import TemporaryDirectory  # noqa: PLC0415 -- a check never needs it

    program = find_program("git")
    if program is None:
        raise GitError("git is not installed")
    with TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("now", "before", "after")]
        for file, text in zip(files, (now, before, after), strict=True):
            file.write_bytes(text.encode("utf-8"))
        words = [word for name in names for word in ("-L", name)]
        run = subprocess.run(  # noqa: S603
            [program, *_settings(OFF), *SWITCHES, "merge-file", "-p", *words, *map(str, files)],
            env=_environment() | {"GIT_CEILING_DIRECTORIES": str(Path(folder).parent)},
            cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
    if run.returncode > 127:  # 255 is an error, else the number of conflicts
        raise GitError(run.stderr.decode("utf-8", "replace").strip() or "git merge-file failed")
    return run.stdout.decode("utf-8"), run.returncode
