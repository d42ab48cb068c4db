"""Show which stored results are stale, and make them again.

A result is stale when its program, or a file that the program reads, has changed since. Programs
run in their chapter's folder, side by side where none reads what another makes; what they print
goes to _build/results/log/. If one fails, the old results stay.

In Python, results are stored with 'from sphinx_mmbook import store', which notes what the program
read. A program in R, or one that writes its files itself, names them in comments, with commas
between them. Of what it reads in R only that needs a comment whose name the program does not
spell out:

  # mmbook-results: results/fit.csv, results/fit.rds
  # mmbook-inputs: data/iris.csv
  # mmbook-arguments: --seed 1
  # mmbook-seed: 1

examples:
  mmbook results status                       all results of the book and their state
  mmbook results run                          run the programs whose results are stale
  mmbook results run chapters/my-chapter      only those of one chapter
  mmbook results run --all my-chapter         also those whose results are current, or were edited
  mmbook results run --scheduler tcp://cluster:8786   on the workers of a Dask cluster
  mmbook results record code/iris.R           I have just run this program myself: note that
"""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path, PurePosixPath
from threading import Event
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.cluster_options import add_cluster_options, scheduler_of
from sphinx_mmbook.cli.folders import CommandRefused, find_book, help_below, pages_named
from sphinx_mmbook.cli.results.rerun import (
    Job,
    LocalRunner,
    ProgramFailed,
    Runner,
    jobs_of,
    log_of,
    record_made,
    run_job,
)
from sphinx_mmbook.cli.results.side_by_side import ProgramRuns, RemoteRunner
from sphinx_mmbook.core.book.book import stored_results
from sphinx_mmbook.core.files.paths import book_above
from sphinx_mmbook.core.provenance.backup import RunInProgress, accept, locked, put_back_interrupted
from sphinx_mmbook.core.provenance.hashing import script_digest
from sphinx_mmbook.core.provenance.recovery import recover_results
from sphinx_mmbook.core.provenance.state import Results, Stored

if TYPE_CHECKING:
    import argparse
    from types import FrameType

    from sphinx_mmbook.notebooks.cluster import Cluster


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the three subcommands."""
    todo = parser.add_subparsers(dest="todo", metavar="status|run|record", required=True)
    status, run_parser, record = (
        todo.add_parser(name, **help_below(__doc__, f"results {name}", summary))
        for name, summary in (
            ("status", "list all results and their state"),
            ("run", "run the programs whose results are stale"),
            ("record", "note that results are what a program just made"),
        )
    )
    for command in (status, run_parser):
        command.add_argument("chapters", nargs="*", metavar="CHAPTER", help="folder of a chapter")
    run_parser.add_argument("--all", action="store_true", help="run all programs, not only stale")
    run_parser.add_argument(
        "--timeout", type=float, default=3600, metavar="SECONDS",
        help="stop a program after this time (default: 3600; 0: never)",
    )  # fmt: skip
    run_parser.add_argument(
        "-j", "--jobs", type=int, default=0, metavar="N",
        help="programs that run at a time (default: one for each processor)",
    )  # fmt: skip
    add_cluster_options(run_parser)
    record.add_argument("scripts", nargs="+", type=Path, metavar="SCRIPT", help="the program")
    for command in (status, run_parser, record):
        command.add_argument("--book", type=Path, help="the book's folder (default: here, ./book)")


def run(args: argparse.Namespace) -> int:
    """Do what is asked for; return the exit status: 0 all well, 1 something is not, 2 usage."""
    try:
        if args.todo == "record":
            return write_sidecars(args)
        book = find_book(args.book).resolve()
        for sentence in recover_results(book):
            print(sentence)
        if args.todo == "status":
            return status(results_of(book, args.chapters))
        return refresh(book, args)
    except (ValueError, RunInProgress) as error:
        print(f"mmbook results: {error}", file=sys.stderr)
        return 2


def results_of(book: Path, chapters: list[str]) -> list[Stored]:
    """Return the results of some chapters, none named: of all.

    :raises CommandRefused: if a chapter is not there.
    """
    results = stored_results(book)
    if not chapters:
        return results
    wanted = [_chapter(book, name, {stored.chapter for stored in results}) for name in chapters]
    return [
        stored
        for stored in results
        if any(PurePosixPath(stored.path).is_relative_to(folder) for folder in wanted)
    ]


def _chapter(book: Path, name: str, known: set[str]) -> str:
    """Return a chapter's folder in the book: named from here, from the book, or by its last part.

    :raises CommandRefused: if there is none.
    """
    for folder in (Path(name).resolve(), (book / name).resolve()):
        if folder.is_dir() and folder.is_relative_to(book):
            return folder.relative_to(book).as_posix()
    last = sorted(path for path in known if PurePosixPath(path).name == name)
    if len(last) == 1:
        return last[0]
    return PurePosixPath(*pages_named(book, [name])).parent.as_posix()  # one without results


def status(results: list[Stored]) -> int:
    """Print all results, by chapter; 1 if one needs care."""
    width = max((len(_inner(stored)) for stored in results), default=0)
    chapter = ""
    for stored in results:
        if stored.chapter != chapter:
            chapter = stored.chapter
            print(chapter)
        print(f"  {_word(stored):13} {_inner(stored):{width}}  {_reason(stored)}".rstrip())
    counts = Counter(_word(stored) for stored in results)
    total = f"{len(results)} result{'s' * (len(results) != 1)}"
    print(f"{total}: {', '.join(f'{n} {word}' for word, n in counts.items())}" if counts else total)
    return int(any(stored.is_outdated for stored in results))


def _word(stored: Stored) -> str:
    return "no provenance" if stored.state == "unknown" else stored.state


def _inner(stored: Stored) -> str:
    path = PurePosixPath(stored.path)
    return str(path.relative_to(stored.chapter) if stored.chapter != "." else path)


def _reason(stored: Stored) -> str:
    """Return what is wrong, or which program made it."""
    if stored.state == "unknown":
        return ""
    if stored.faults:
        return "; ".join(fault.text.partition("; run 'mmbook")[0] for fault in stored.faults)
    return stored.script


def refresh(book: Path, args: argparse.Namespace) -> int:
    """Run programs until nothing is stale that they can mend; 1 if one failed.

    :raises RunInProgress: if another command does the same.
    """
    scheduler = scheduler_of(args)
    old = signal.signal(signal.SIGTERM, _interrupt)
    stop = Event()
    try:
        with locked(book) as lock, ExitStack() as stack:
            put_back_interrupted(book)
            run: Runner = LocalRunner(args.timeout, lock, stop)
            if scheduler:
                cluster = stack.enter_context(cluster_of(book, scheduler, args.ship))
                run = RemoteRunner(cluster, args.timeout, stop)
                workers = args.jobs or cluster.workers
            else:
                from sphinx_mmbook.notebooks.pool import default_workers  # noqa: PLC0415 -- Jupyter

                workers = args.jobs or default_workers()
            runs = ProgramRuns(lambda: results_of(book, args.chapters), args.all, stop)
            runs.run_all(partial(run_one, book, run, alone=workers == 1), workers)
    finally:
        signal.signal(signal.SIGTERM, old)
    results = results_of(book, args.chapters)
    for stored in results:
        if stored.state == "edited":
            print(f"left alone: {stored.path} {stored.faults[0].text}")
    if runs.failed:
        print(f"{len(runs.failed)} of {len(runs.done)} programs failed: {', '.join(runs.failed)}")
    elif not runs.done:
        print("Nothing to do: no result is stale.")
    return int(bool(runs.failed))


def cluster_of(book: Path, scheduler: str, ship: bool) -> Cluster:
    """Return the cluster that a scheduler has.

    :raises CommandRefused: if it cannot be used.
    """
    from sphinx_mmbook.notebooks.cluster import Cluster, ClusterError  # noqa: PLC0415 -- Jupyter

    try:
        return Cluster(scheduler, book, ship)
    except ClusterError as error:
        raise CommandRefused(str(error)) from None


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def run_one(book: Path, run: Runner, job: Job, *, alone: bool) -> bool:
    """Run one program and say how it went; return whether it did well.

    ``alone``: no other runs at the same time, so that what is said need not name it again.
    """
    start = "  " if alone else f"{job.title}: "
    print(f"{job.title} ...", flush=True)
    began = time.monotonic()
    try:
        changed = run_job(book, job, run)
    except (ProgramFailed, OSError) as error:
        more = ""
        if log_of(book, job).is_file():
            more = f"\n  the old results are kept; its output: {log_of(book, job)}"
        print(f"{start}{error}{more}", flush=True)
        return False
    except KeyboardInterrupt:
        print(f"{start}stopped; the old results are kept", flush=True)
        raise
    seconds = time.monotonic() - began
    what = f"changed: {', '.join(changed)}" if changed else "the results are the same as before"
    print(f"{start}done in {seconds:.1f} s; {what}", flush=True)
    return True


def write_sidecars(args: argparse.Namespace) -> int:
    """Write the sidecars of what programs declare, without running them."""
    status = 0
    for script in args.scripts:
        path = script.resolve()
        book = book_above(path)
        if not path.is_file() or book is None:
            print(f"mmbook results: there is no program '{script}' in a book", file=sys.stderr)
            return 2
        inner = path.relative_to(book).as_posix()
        known = [s for s in results_of(book, []) if s.script == inner]
        paths = {stored.path for stored in known}
        known += [s for s in Results(book).declared_by(inner) if s.path not in paths]
        if not known:
            print(f"{inner} declares nothing; add a comment '# mmbook-results: results/….csv'")
            status = 1
            continue
        try:
            changed = record_known(book, known)
        except ProgramFailed as error:
            print(f"{inner} {error}")
            status = 1
            continue
        print(f"{inner}: {', '.join(changed) if changed else 'nothing has changed'}")
    return status


def record_known(book: Path, known: list[Stored]) -> list[str]:
    """Write the sidecars of a program's results; return the paths of those that changed.

    :raises ProgramFailed: if one of them is not there.
    :raises RunInProgress: if programs are being run.
    """
    with locked(book):
        # The user says that what lies there is right; a run that was killed must not undo it.
        accept(book, {stored.path for stored in known})
        return [
            path
            for job in jobs_of(known)
            for path in record_made(book, job, script_digest(book, book / job.script))
        ]
