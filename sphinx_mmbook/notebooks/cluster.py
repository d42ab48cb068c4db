"""A Dask cluster in place of this machine: chapters and programs run on its workers.

Where all workers see the book's folder on a shared disk they work in it. Else the book's files are
sent to them, and what the code made there comes back. What comes is taken from the cluster that the
user names, with the trust that Dask's protocol asks for.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.files.paths import folders_of, work_folder
from sphinx_mmbook.core.files.programs import find_program
from sphinx_mmbook.core.files.staging import replace_files
from sphinx_mmbook.notebooks.job import Failure, Job, Outcome
from sphinx_mmbook.notebooks.run import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: Files of a book by their paths in it.
Files = dict[str, bytes]
#: Set in the environment: send the book's files in any case.
SHIP = "MMBOOK_SHIP"
#: Seconds that a scheduler has to answer.
PATIENCE = 20
#: Of what a program prints, the end is kept.
MAX_OUTPUT = 1_000_000
#: A larger book is not for sending.
MAX_BYTES = 500_000_000


class ClusterError(Exception):
    """The cluster cannot be used; the message says why, and what to do."""


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit status (None: stopped, too late), output, and new files."""

    status: int | None
    output: bytes
    made: Files = field(default_factory=dict)

    def bring_back(self, book: Path) -> None:
        """Write what the program made into the book."""
        bring_back(book, self.made)


class Cluster:
    """A connection to a Dask scheduler, for one book; closed by the ``with`` block."""

    def __init__(self, address: str, book: Path, ship: bool = False) -> None:
        """Connect.

        ``ship``: send the book's files even to workers that see them.

        :raises ClusterError: if there is no scheduler, it has no workers, or Dask is not there.
        """
        try:
            from distributed import Client  # noqa: PLC0415 -- an extra
        except ImportError:
            raise ClusterError('Dask is missing: pip install "sphinx-mmbook[dask]"') from None
        try:
            self.client: Any = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            reason = str(error).partition("\n")[0]
            raise ClusterError(f"no Dask scheduler answers at '{address}' ({reason})") from None
        self.book = book
        self.workers = sum(self.client.nthreads().values())
        if not self.workers:
            self.client.close()
            raise ClusterError(f"the scheduler at '{address}' has no workers; start some")
        self.files: Any = None
        if ship or SHIP in os.environ or not self._is_shared():
            # A task, and no data: if the worker that has it dies, another one gets it.
            self.files = self.client.submit(_same, files_of_book(book), pure=False)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *error: object) -> None:
        """Let the cluster forget what it still has to do."""
        self.client.close()

    def _is_shared(self) -> bool:
        """Return whether all workers see the book's folder."""
        mark = work_folder(self.book) / f"seen-{token_hex(8)}"
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
        try:
            return all(self.client.run(os.path.isfile, str(mark)).values())
        finally:
            mark.unlink()

    def submit(
        self, function: Callable[..., Any], *given: object, resources: Mapping[str, float]
    ) -> Future[Any]:
        """Run a function on a worker that has the resources; it gets folder and files of the book.

        If the worker dies, the scheduler gives the work to another one.
        """
        executor = self.client.get_executor(pure=False, resources=dict(resources) or None)
        future: Future[Any] = executor.submit(function, *given, str(self.book), self.files)
        return future

    def run_command(
        self, command: list[str], chapter: str, timeout: float, resources: Mapping[str, float]
    ) -> Future[Ended]:
        """Run the command of a program in the folder of its chapter."""
        program = "python" if command[0] == sys.executable else Path(command[0]).stem
        words = (program, *command[1:])
        return self.submit(run_command, words, chapter, timeout, resources=resources)


class ClusterExecutor(Executor):
    """Runs chapters on a cluster; the pool has it in place of the threads of this process."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def submit(self, function: Any, /, *given: Any, **named: Any) -> Future[Any]:
        """Run a chapter; a worker that cannot is the chapter's failure."""
        (job,) = given
        outcome: Future[Outcome] = Future()
        outcome.set_running_or_notify_cancel()
        remote = self.cluster.submit(run_chapter, job, resources=job.resources)
        remote.add_done_callback(lambda done: outcome.set_result(self.outcome_of(done, job)))
        return outcome

    def outcome_of(self, done: Future[tuple[Outcome, Files]], job: Job) -> Outcome:
        """Return what came of a chapter; the results that it stored are put into the book."""
        try:
            outcome, made = done.result()
            bring_back(self.cluster.book, made)
        except BaseException as error:  # also what the cluster cancels
            message = f"no worker of the cluster could run this chapter: {error or 'it stopped'}"
            return Outcome(job.notebook, 0, Failure("kernel-died", message))
        return outcome


# On the workers


def _same(files: Files) -> Files:
    return files


@contextmanager
def workplace(book: str, files: Files | None, inner: str = ".") -> Iterator[tuple[Path, Path]]:
    """Yield a folder and in it the book's: its own, or a copy made of its files at ``inner``."""
    if files is None:
        yield Path(book), Path(book)
        return
    with TemporaryDirectory(prefix="mmbook-book-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder).resolve() / inner
        for path, data in files.items():
            file = copy / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        yield Path(folder).resolve(), copy


def run_chapter(job: Job, book: str, files: Files | None) -> tuple[Outcome, Files]:
    """Run a chapter; return what came of it, and the files that it made."""
    if files is None:
        return run(job), {}
    # Where the book lies in its repository, so that paths which are noted are the same.
    inner = os.path.relpath(book, job.repository) if job.repository else "."
    with workplace(book, files, inner) as (top, folder):
        file = folder / job.file.relative_to(book)
        outcome = run(replace(job, file=file, repository=top if job.repository else None))
        return outcome, new_files(folder, files)


def run_command(
    words: tuple[str, ...], chapter: str, timeout: float, book: str, files: Files | None
) -> Ended:
    """Run a program to its end, or until it is too late, and end all that it started."""
    program = sys.executable if words[0] == "python" else find_program(words[0])
    if program is None:
        return Ended(127, f"{words[0]} is not installed on this worker".encode())
    environment = {**os.environ, "MPLBACKEND": "Agg", "PYTHONUNBUFFERED": "1"}
    with workplace(book, files) as (_, folder), TemporaryFile() as out:
        process = subprocess.Popen(  # noqa: S603
            [program, *words[1:]], cwd=folder / chapter, env=environment, stdout=out,
            stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        status: int | None = None
        try:
            status = process.wait(timeout or None)
        except subprocess.TimeoutExpired:
            pass
        finally:
            end_group(process)
        size = out.seek(0, os.SEEK_END)
        out.seek(max(size - MAX_OUTPUT, 0))
        made = new_files(folder, files) if status == 0 else {}
        return Ended(status, out.read(), made)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it has started."""
    if os.name == "nt":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


# Files of a book


def files_of_book(book: Path) -> Files:
    """Return the files of a book, without what builds make.

    :raises ClusterError: if they are too many to be sent.
    """
    found: Files = {}
    size = 0
    for path in _paths(book):
        file = book / path
        size += file.stat().st_size
        if size > MAX_BYTES:
            raise ClusterError(
                f"the book has more than {MAX_BYTES / 1e6:.0f} MB of files, too much to send; let "
                "the workers see its folder on a shared disk, at the same path"
            )
        found[path] = file.read_bytes()
    return found


def _paths(book: Path) -> Iterator[str]:
    for prefix, folders, names in folders_of(book):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            file = book / prefix / name
            if file.is_file() and not file.is_symlink() and name[0] != ".":
                yield prefix + name


def new_files(folder: Path, files: Files | None) -> Files:
    """Return the files that are not as they were sent; none if nothing was."""
    if files is None:
        return {}
    now = {path: (folder / path).read_bytes() for path in _paths(folder)}
    return {path: data for path, data in now.items() if files.get(path) != data}


def bring_back(book: Path, made: Files) -> None:
    """Write files into the book, those of each folder all or none."""
    folders: dict[Path, Files] = {}
    for path, data in made.items():
        file = (book / path).resolve()
        if not file.is_relative_to(book.resolve()):
            raise ValueError(f"'{path}' leads out of the book")
        folders.setdefault(file.parent, {})[file.name] = data
    for folder, files in folders.items():
        replace_files(folder, "cluster", files)
