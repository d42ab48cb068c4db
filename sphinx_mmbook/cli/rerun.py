"""Running the programs that make stored results."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.files.paths import work_folder
from sphinx_mmbook.core.files.programs import find_program
from sphinx_mmbook.core.provenance.backup import back_up, discard, put_back
from sphinx_mmbook.core.provenance.record import commit_of, now, record
from sphinx_mmbook.core.provenance.sidecar import (
    Provenance,
    digest,
    noted_path,
    script_digest,
    sidecar_name,
)
from sphinx_mmbook.core.provenance.state import Results, Stored, declaration

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Seconds that a program has to end by itself when it is stopped.
PATIENCE = 5
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

    @property
    def title(self) -> str:
        """What it is called: its path in the book."""
        return self.script

    def needs(self, other: Job) -> bool:
        """Whether it reads what the other one makes."""
        made = {file for stored in other.results for file in stored.files}
        return other != self and any(not made.isdisjoint(s.sources) for s in self.results)


def jobs_of(results: Iterable[Stored]) -> list[Job]:
    """Return the programs that made some results, those first whose results others read."""
    groups: dict[tuple[str, str], list[Stored]] = {}
    for stored in results:
        if stored.script:
            groups.setdefault((stored.script, stored.chapter), []).append(stored)
    todo = [Job(*key, tuple(made)) for key, made in sorted(groups.items())]
    ordered: list[Job] = []
    while todo:
        first = (job for job in todo if not any(job.needs(other) for other in todo))
        job = next(first, todo[0])  # where each waits for another, any is as good
        todo.remove(job)
        ordered.append(job)
    return ordered


def run_job(book: Path, job: Job, timeout: float, lock: int) -> list[str]:
    """Run a program; return the paths of the results that changed.

    The old results stay if it fails, or is interrupted.

    :raises ProgramFailed: if it fails.
    :raises OSError: if its results cannot be kept aside.
    """
    command = command_of(book, job)
    before = states(book, job)
    kept = back_up(book, {_whole(stored): _files(stored) for stored in job.results})
    try:
        hashed = script_digest(book, book / job.script)
        run_program(book, job, command, timeout, lock)
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
    if file.suffix == ".py":
        return [sys.executable, script]
    if file.suffix in (".R", ".r"):
        program = find_program("Rscript")
        if not program:
            raise ProgramFailed("Rscript is not installed; run this one on a computer that has R")
        return [program, script]
    if file.suffix in (".md", ".ipynb"):
        raise ProgramFailed("a page makes its results when the book is built: mmbook build --all")
    raise ProgramFailed(
        f"{file.suffix or 'such'} files cannot be run; write the program in Python or R"
    )


def run_program(book: Path, job: Job, command: list[str], timeout: float, lock: int) -> None:
    """Run a command in the chapter's folder, with a log of its own.

    :raises ProgramFailed: if it fails or takes too long.
    """
    log = log_of(book, job)
    log.parent.mkdir(parents=True, exist_ok=True)
    # No window may wait for somebody who is not there; the log grows while the program runs.
    env = {**os.environ, "MPLBACKEND": "Agg", "PYTHONUNBUFFERED": "1"}
    options: dict[str, Any] = {"start_new_session": True, "pass_fds": (lock,)}
    if os.name == "nt":
        options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined,unused-ignore]
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603
            command, cwd=book / job.chapter, env=env, stdin=subprocess.DEVNULL,
            stdout=stream, stderr=subprocess.STDOUT, **options,
        )  # fmt: skip
        try:
            status = process.wait(timeout or None)
        except subprocess.TimeoutExpired:
            raise ProgramFailed(f"stopped after {timeout:g} s; allow more with --timeout") from None
        finally:
            end_process(process)
    if status:
        why = f"signal {-status}" if status < 0 else f"exit status {status}"
        raise ProgramFailed(f"failed ({why}); the end of its output:\n{last_lines(log)}")


def end_process(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, and all that it started."""
    if process.poll() is not None:
        return
    if os.name == "nt":
        tree = [find_program("taskkill") or "taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True, check=False)  # noqa: S603
    else:
        os.killpg(process.pid, signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def log_of(book: Path, job: Job) -> Path:
    """Return the file with what a program printed."""
    return work_folder(book) / "log" / f"{job.script}.log"


def last_lines(log: Path) -> str:
    """Return the end of a log, indented."""
    lines = log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
    return "\n".join(f"    | {line}" for line in lines)


def record_declared(book: Path, job: Job, hashed: str) -> list[str]:
    """Write the sidecars of the results that a program declares; return those that changed.

    ``hashed`` is the hash of the program as it ran.

    :raises ProgramFailed: if it has not made one of them, or an input is not there.
    """
    chapter, script = book / job.chapter, book / job.script
    said = declaration(script)
    inputs = {}
    for name in said.inputs:
        try:
            inputs[noted_path(book, chapter, (chapter / name).resolve())] = digest(chapter / name)
        except (OSError, ValueError):
            text = f"declares the input '{name}', which is no file of the book; correct"
            raise ProgramFailed(f"{text} its comment 'mmbook-inputs'") from None
    origin = Provenance(
        files={}, script=noted_path(book, chapter, script), script_sha256=hashed,
        inputs=inputs, seed=said.seed or None,
    )  # fmt: skip
    changed = []
    for stored in job.results:
        target = book / stored.path
        if noted_path(book, chapter, target) not in said.results:
            continue
        if not target.is_file():
            raise ProgramFailed(f"ended well, but did not make {stored.path}, which it declares")
        one = replace(origin, files={target.name: digest(target)})
        if record(target, {}, one, lambda: circumstances(book, script)):
            changed.append(stored.path)
    return changed


def circumstances(book: Path, script: Path) -> dict[str, Any]:
    """Return commit, time and the version of the language, for a sidecar."""
    commit, dirty = commit_of(book, script)
    program = f"Python {'.'.join(map(str, sys.version_info[:3]))}"
    if script.suffix in (".R", ".r"):
        program = ""
        if rscript := find_program("Rscript"):
            expression = "cat(R.version$major, R.version$minor, sep = '.')"
            run = subprocess.run(  # noqa: S603
                [rscript, "-e", expression], capture_output=True, text=True, check=False
            )
            program = f"R {run.stdout.strip()}"
    return {"commit": commit, "dirty": dirty, "time": now(), "program": program}


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
