"""Running the programs that make stored results."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.cli.child import end_process
from sphinx_mmbook.core.files.paths import work_folder
from sphinx_mmbook.core.files.programs import find_program
from sphinx_mmbook.core.provenance.backup import back_up, discard, put_back
from sphinx_mmbook.core.provenance.hashing import digest, digest_of, script_digest, source_digest
from sphinx_mmbook.core.provenance.r_code import files_read, packages_of
from sphinx_mmbook.core.provenance.record import commit_of, now, record
from sphinx_mmbook.core.provenance.sidecar import Provenance, noted_path, sidecar_name
from sphinx_mmbook.core.provenance.state import Results, Stored, declaration

if TYPE_CHECKING:
    from threading import Event

#: Runs the command of a program of the book, or raises.
Runner = Callable[[Path, "Job", list[str]], None]
#: Seconds between two looks whether all is to be stopped.
PAUSE = 0.2
TOO_LONG = "stopped after {:g} s; allow more with --timeout"
R = (".R", ".r")
_LAST_LINES = 15


class ProgramFailed(Exception):
    """A program cannot be started, failed, or was stopped; the message is for the user."""


@dataclass(frozen=True)
class Job:
    """A program, the chapter in whose folder it runs, and the results that it makes.

    Paths are relative to the book.
    """

    script: str
    chapter: str
    results: tuple[Stored, ...]
    arguments: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is called: its path in the book, and its arguments."""
        return shlex.join([self.script, *self.arguments])

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What tells it from other ones."""
        return self.script, self.chapter, self.arguments

    def needs(self, other: Job) -> bool:
        """Whether it reads what the other one makes."""
        made = {file for stored in other.results for file in stored.files}
        return other != self and any(not made.isdisjoint(s.sources) for s in self.results)


def jobs_of(results: Iterable[Stored]) -> list[Job]:
    """Return the programs that made some results, those first whose results others read."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Stored]] = {}
    for stored in results:
        if stored.script:
            key = (stored.script, stored.chapter, stored.arguments)
            groups.setdefault(key, []).append(stored)
    todo = [
        Job(script, chapter, tuple(made), arguments)
        for (script, chapter, arguments), made in sorted(groups.items())
    ]
    ordered: list[Job] = []
    while todo:
        first = (job for job in todo if not any(job.needs(other) for other in todo))
        job = next(first, todo[0])  # where each waits for another, any is as good
        todo.remove(job)
        ordered.append(job)
    return ordered


def run_job(book: Path, job: Job, run: Runner) -> list[str]:
    """Run a program by ``run``; return the paths of the results that changed.

    The old results stay if it fails, or is interrupted.

    :raises ProgramFailed: if it fails.
    :raises OSError: if its results cannot be kept aside.
    """
    command = command_of(book, job)
    before = states(book, job)
    for stored in job.results:  # where R would not write
        (book / stored.main).parent.mkdir(parents=True, exist_ok=True)
    kept = back_up(book, {_whole(stored): _files(stored) for stored in job.results})
    try:
        hashed = script_digest(book, book / job.script)
        run(book, job, command)
        record_declared(book, job, hashed)
        check_stored(book, job)
    except BaseException:
        put_back(book, kept)
        raise
    discard(kept)
    after = states(book, job)
    return [path for path in after if after[path] != before[path]]


def command_of(book: Path, job: Job) -> list[str]:
    """Return the command that runs a program.

    :raises ProgramFailed: if there is none for it here.
    """
    file = book / job.script
    # With a dot first, so that no name is taken for an option.
    script = os.path.join(os.curdir, os.path.relpath(file, book / job.chapter))  # noqa: PTH118
    if not file.is_file():
        raise ProgramFailed(f"{job.script} is gone; delete its results, or store them from another")
    for word in job.arguments:
        value = word.rpartition("=")[2]
        if PurePosixPath(value).is_absolute() or PureWindowsPath(value).is_absolute():
            text = f"was run with the argument '{word}', a path of one computer; run it yourself"
            raise ProgramFailed(f"{text}, or with a path from the chapter's folder")
    if file.suffix == ".py":
        return [sys.executable, script, *job.arguments]
    if file.suffix in R:
        program = find_program("Rscript")
        if not program:
            raise ProgramFailed("Rscript is not installed; run this one on a computer that has R")
        if not job.arguments and "commandArgs" in file.read_text("utf-8", "replace"):
            text = (
                "reads arguments of its command, which nothing has noted; write them in a comment"
            )
            raise ProgramFailed(f"{text}: '# mmbook-arguments: --seed 1'")
        return [program, script, *job.arguments]
    if file.suffix in (".md", ".ipynb"):
        raise ProgramFailed("a page makes its results when the book is built: mmbook build --all")
    raise ProgramFailed(
        f"{file.suffix or 'such'} files cannot be run; write the program in Python or R"
    )


@dataclass(frozen=True)
class LocalRunner:
    """Runs programs on this machine, for ``timeout`` seconds (0: without end), or until ``stop``.

    ``lock`` is the handle of the lock of all runs, which the programs hold as well.
    """

    timeout: float
    lock: int
    stop: Event

    def __call__(self, book: Path, job: Job, command: list[str]) -> None:
        """Run a command in the chapter's folder, with a log of its own.

        :raises ProgramFailed: if it fails or takes too long.
        :raises KeyboardInterrupt: if all is stopped.
        """
        log = log_of(book, job)
        log.parent.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = {"start_new_session": True, "pass_fds": (self.lock,)}
        if os.name == "nt":
            options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined,unused-ignore]
        with log.open("wb") as stream:
            process = subprocess.Popen(  # noqa: S603
                command, cwd=book / job.chapter, env=program_environment(),
                stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, **options,
            )  # fmt: skip
            try:
                status = self.status_of(process)
            finally:
                end_process(process)
        judge_status(status, log, job.chapter)

    def status_of(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for a program; Ctrl-C reaches the main thread only, which then sets ``stop``."""
        end = time.monotonic() + self.timeout if self.timeout else inf
        while True:
            try:
                return process.wait(PAUSE)
            except subprocess.TimeoutExpired:
                if self.stop.is_set():
                    raise KeyboardInterrupt from None
                if time.monotonic() > end:
                    raise ProgramFailed(TOO_LONG.format(self.timeout)) from None


def program_environment() -> dict[str, str]:
    """Return a program's environment.

    No window may wait for somebody who is not there; the log grows while the program runs.
    """
    return {**os.environ, "MPLBACKEND": "Agg", "PYTHONUNBUFFERED": "1"}


def judge_status(status: int, log: Path, chapter: str) -> None:
    """Judge how a program ended that ran in a chapter's folder.

    :raises ProgramFailed: if that was not well.
    """
    if status:
        why = f"signal {-status}" if status < 0 else f"exit status {status}"
        where = f"in the folder '{chapter}'"
        if chapter == ".":
            where = "in the book's folder, since no folder above it has a page index.md or .ipynb"
        raise ProgramFailed(f"failed ({why}) {where}; the end of its output:\n{last_lines(log)}")


def log_of(book: Path, job: Job) -> Path:
    """Return the file with what a program printed."""
    # The same program may run with several arguments at a time.
    more = f"-{digest_of(repr(job.arguments).encode())[:8]}" if job.arguments else ""
    return work_folder(book) / "log" / f"{job.script}{more}.log"


def last_lines(log: Path) -> str:
    """Return the end of a log, indented."""
    lines = log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
    return "\n".join(f"    | {line}" for line in lines)


def record_declared(book: Path, job: Job, hashed: str) -> list[str]:
    """Write the sidecars of the results that a program declares; return those that changed.

    :raises ProgramFailed: if it has not made one of them, or an input is not there.
    """
    chapter, script = book / job.chapter, book / job.script
    said = declaration(script).results
    declared = [s for s in job.results if noted_path(book, chapter, book / s.path) in said]
    return record_made(book, replace(job, results=tuple(declared)), hashed)


def record_made(book: Path, job: Job, hashed: str) -> list[str]:
    """Write the sidecars of a program's results; return those that changed.

    ``hashed`` is the hash of the program as it ran. What the old sidecars knew is kept.

    :raises ProgramFailed: if one of them is not there, or an input is not.
    """
    script = book / job.script
    changed = []
    for stored in job.results:
        target = book / stored.main
        old = stored.provenance or Provenance({target.name: ""})
        files = {name: target.with_name(name) for name in old.files}
        if not target.is_file():
            raise ProgramFailed(f"ended well, but did not make {stored.path}, which it declares")
        said = declaration(script)
        one = Provenance(
            files={name: digest(file) for name, file in files.items() if file.is_file()},
            script=noted_path(book, book / job.chapter, script), script_sha256=hashed,
            inputs=_inputs(book, job, old), arguments=job.arguments, seed=said.seed or old.seed,
        )  # fmt: skip
        if record(target, {}, one, partial(_circumstances, book, script, old)):
            changed.append(stored.path)
    return changed


def _inputs(book: Path, job: Job, old: Provenance) -> dict[str, str]:
    """Return the inputs that a program names in its comments or, in R, in its calls; else the old.

    :raises ProgramFailed: if one that it names is not there.
    """
    chapter, script = book / job.chapter, book / job.script
    said = declaration(script)
    named = dict.fromkeys(noted_path(book, chapter, file) for file in _read_in_r(book, job))
    for name in said.inputs:
        try:
            source_digest(chapter / name)
            named[noted_path(book, chapter, (chapter / name).resolve())] = None
        except (OSError, ValueError):
            text = f"declares the input '{name}', which is not a file of the book; correct"
            raise ProgramFailed(f"{text} its comment 'mmbook-inputs'") from None
    if script.suffix == ".py" and not said.inputs:
        named |= dict.fromkeys(old.inputs)
    files = {name: book / name[1:] if name[0] == "/" else chapter / name for name in named}
    return {name: source_digest(file) for name, file in files.items() if file.exists()}


def _read_in_r(book: Path, job: Job) -> list[Path]:
    """Return the files of the book whose names a program in R spells out, but what it makes."""
    script, chapter = book / job.script, book / job.chapter
    if script.suffix not in R:
        return []
    made = {book / path for stored in job.results for path in stored.files}
    found = files_read(script, [chapter, book])
    return [file for file in found if file.is_relative_to(book) and file not in made]


def _circumstances(book: Path, script: Path, old: Provenance) -> dict[str, Any]:
    """Return commit, time and versions, for a sidecar."""
    commit, dirty = commit_of(book, script)
    program, packages = f"Python {'.'.join(map(str, sys.version_info[:3]))}", dict(old.packages)
    if script.suffix in R:
        names = packages_of(script.read_text("utf-8", "replace"))
        program, packages = _versions_in_r(names) or (old.program, packages)
    return {
        "commit": commit, "dirty": dirty, "time": now(), "program": program, "packages": packages
    }  # fmt: skip


def _versions_in_r(names: list[str]) -> tuple[str, dict[str, str]] | None:
    """Return the version of R, and those of packages; None if R is not installed."""
    rscript = find_program("Rscript")
    if rscript is None:
        return None
    ask = "cat(R.version$major, R.version$minor, sep = '.');" + "".join(
        f"cat('\\n{name}', tryCatch(as.character(packageVersion('{name}')), error = \\(e) ''));"
        for name in names
    )
    run = subprocess.run([rscript, "-e", ask], capture_output=True, text=True, check=False)  # noqa: S603
    version, *lines = run.stdout.strip().split("\n")
    packages = dict(line.split(" ", 1) for line in lines if line.strip().count(" "))
    return f"R {version}", packages


def check_stored(book: Path, job: Job) -> None:
    """Check that a program has made its results anew.

    :raises ProgramFailed: if one is still stale.
    """
    look = Results(book)
    for stored in job.results:
        new = look.of_file(stored.path)
        faults = [fault for fault in new.faults if not fault.is_upstream] if new else []
        if new is None or any(fault.state in ("stale", "missing") for fault in faults):
            raise ProgramFailed(
                f"ended well, but did not store {stored.path} again; if it no longer makes that, "
                f"delete the file and its {PurePosixPath(sidecar_name(stored.path)).name}"
            )


def states(book: Path, job: Job) -> dict[str, tuple[str, ...]]:
    """Return hashes of all files of the results, to see what changed."""
    found = {}
    for stored in job.results:
        files = [book / path for path in stored.files]
        found[stored.path] = tuple(digest(f) if f.is_file() else "" for f in files)
    return found


def _whole(stored: Stored) -> tuple[str, str]:
    """Return folder and name of a result."""
    main = PurePosixPath(stored.main)
    return str(main.parent), main.name


def _files(stored: Stored) -> list[str]:
    """Return the names of a result's files and its sidecar."""
    names = [PurePosixPath(path).name for path in stored.files]
    return [*names, sidecar_name(PurePosixPath(stored.main).name)]
