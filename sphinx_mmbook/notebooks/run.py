"""Run one notebook to its end or to its first failure."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output

from sphinx_mmbook.notebooks.bounded_client import PRINTED_SHARE, BoundedClient
from sphinx_mmbook.notebooks.job import Failure, Job, Outcome, Used
from sphinx_mmbook.notebooks.kernel import Kernel, KernelStartError, running_kernel
from sphinx_mmbook.notebooks.key import planned, used_by
from sphinx_mmbook.notebooks.watch import watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbformat import NotebookNode

    from sphinx_mmbook.notebooks.warm import WarmParent

#: Seconds until what a cell puts out is here; nbclient waits for 4, and leaves out the rest unsaid.
ARRIVAL_TIMEOUT = 120
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
#: IPython's name for a cell in a syntax error: a number that changes from run to run.
_SYNTAX = re.compile(r" \(\d+\.py, line \d+\)$")
_FRAME = re.compile(r"Cell In\[(\d+)\], line (\d+)")


@dataclass(eq=False)
class _Run:
    """A run in progress, on a thread with an event loop of its own."""

    job: Job
    on_cell: Callable[[int], object] | None = None
    warm: WarmParent | None = None
    notebook: NotebookNode = field(init=False)
    cell: int = -1
    loop: asyncio.AbstractEventLoop | None = None
    task: asyncio.Task[Any] | None = None
    is_stopped: bool = False
    used: Used = field(init=False)

    def __post_init__(self) -> None:
        self.used = planned(self.job)
        self.notebook = deepcopy(self.job.notebook)

    def stop(self) -> None:
        """End the kernel; called from another thread."""
        self.is_stopped = True
        if self.loop and self.task:
            with suppress(RuntimeError):  # it has just ended
                self.loop.call_soon_threadsafe(self.task.cancel)

    def entered(self, cell: NotebookNode, cell_index: int) -> None:
        self.cell = cell_index
        if self.on_cell and cell.cell_type == "code":
            self.on_cell(cell_index)

    async def to_the_end(self, again: bool = False) -> Failure | None:
        """Run all cells; return what stopped it."""
        self.loop, self.task = asyncio.get_running_loop(), asyncio.current_task()
        if self.is_stopped:
            raise asyncio.CancelledError
        name = self.job.kernel
        try:
            return await self.in_kernel(name)
        except NoSuchKernel:
            message = (
                f"the kernel '{name}' is not installed here; write 'name: python3' under "
                "'kernelspec', or install that kernel"
            )
            return Failure("kernel-missing", message)
        except KernelStartError as error:
            if not again:  # a machine that was busy, a file that was being replaced
                return await self.to_the_end(again=True)
            return Failure("kernel-start", f"the kernel '{name}' does not start: {error}")
        except Exception as error:  # one chapter's kernel stops nobody else's
            message = f"the kernel '{name}' failed: {type(error).__name__}: {error}"
            return Failure("kernel-died", message, self.cell)

    async def in_kernel(self, name: str) -> Failure | None:
        """Start a kernel and run all cells in it, within the limits."""
        async with running_kernel(name, self.job.folder, self.job.root, self.warm) as kernel:
            pid = getattr(kernel.manager.provisioner, "pid", None)
            try:
                failure = await watched(self.cells(kernel), pid, self.job.limits)
            finally:
                self.used = used_by(self.job, kernel.reads, self.used)
        if failure and failure.cell < 0:
            return replace(failure, cell=self.cell)
        return failure

    async def cells(self, kernel: Kernel) -> Failure | None:
        client = BoundedClient(
            self.notebook,
            most=self.job.limits.output_bytes,
            km=kernel.manager,
            log=kernel.manager.log,
            timeout=self.job.limits.cell_seconds or None,
            iopub_timeout=ARRIVAL_TIMEOUT,
            raise_on_iopub_timeout=True,
            allow_errors=self.job.allow_errors,
            record_timing=False,  # the times would become part of the cache's key
            on_cell_execute=self.entered,
        )
        client.kc = kernel.client
        try:
            await client.async_execute()
        except CellExecutionError as error:
            return self.cell_error(error)
        except CellTimeoutError as error:
            return self.timed_out(error)
        except DeadKernelError:
            said = kernel.last_words()
            message = (
                "the kernel died in this cell" + (f" ({said})" if said else "") + "; "
                "the code ended its own process, crashed it or ran out of memory"
            )
            return Failure("kernel-died", message, self.cell)
        finally:
            kernel.client.stop_channels()
        return self.cut(min(client.cut)) if client.cut else None

    def timed_out(self, error: CellTimeoutError) -> Failure:
        """Say which time ran out: nbclient has one class for both, and only its text tells."""
        if "IOPub" in str(error):
            message = (
                f"what this cell puts out was not here {ARRIVAL_TIMEOUT} s after it was done; "
                "build again when the machine is less busy, or print less"
            )
            return Failure("cell-output", message, self.cell)
        message = (
            f"this cell ran longer than {self.job.limits.cell_seconds} s; make it faster, store "
            "its result in a file, or set 'mmbook: {limits: {cell_seconds: …}}' in the front matter"
        )
        return Failure("cell-timeout", message, self.cell)

    def cut(self, cell: int) -> Failure:
        most = self.job.limits.output_bytes
        message = (
            f"this cell prints more than {most // PRINTED_SHARE:,} bytes, or shows more than "
            f"{most:,}; the rest is left out; print less, or raise "
            "'mmbook: {limits: {output_mb: …}}' in the front matter"
        )
        return Failure("cell-output", message, cell)

    def cell_error(self, error: CellExecutionError) -> Failure:
        cell = self.notebook.cells[self.cell]
        value = _SYNTAX.sub("", _ANSI.sub("", error.evalue).strip())
        message = f"{error.ename}: {(value.splitlines() or [''])[0][:300]}".rstrip(": ")
        return Failure("cell-error", message, self.cell, error_line(cell))


class Running:
    """The runs that go on at a time, to end them all from another thread."""

    def __init__(self) -> None:
        self.runs: set[_Run] = set()
        #: What to fork kernels from, if there is that.
        self.warm: WarmParent | None = None

    def stop(self) -> None:
        """End all kernels."""
        for this in tuple(self.runs):
            this.stop()


def run(
    job: Job, on_cell: Callable[[int], object] | None = None, running: Running | None = None
) -> Outcome:
    """Run a notebook; failures of whatever kind are part of the outcome.

    The notebook given is not changed. ``on_cell`` is told the index of each code cell as it begins.
    On ``KeyboardInterrupt``, and when ``running`` is stopped, the kernel ends first.
    """
    running = running or Running()
    started = monotonic()
    this = _Run(job, on_cell, running.warm)
    running.runs.add(this)
    # Not on the main thread: there nbclient takes Ctrl-C for the death of the kernel.
    with ThreadPoolExecutor(1, "notebook") as thread:
        future = thread.submit(lambda: asyncio.run(this.to_the_end()))
        try:
            failure = future.result()
        except BaseException:
            this.stop()
            raise
        finally:
            running.runs.discard(this)
    if failure:
        show_failure(this.notebook, failure)
    return Outcome(this.notebook, monotonic() - started, failure, this.used)


def error_line(cell: NotebookNode) -> int:
    """Return the line of a cell in which its error was raised or passed through, 0 if unknown."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            frames = _FRAME.findall(_ANSI.sub("", "\n".join(output.get("traceback", []))))
            own = [int(line) for count, line in frames if int(count) == cell.execution_count]
            return own[-1] if own else 0
    return 0


def show_failure(notebook: NotebookNode, failure: Failure) -> None:
    """Make sure that the failure is an output, and that the notebook names its language."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cell = notebook.cells[failure.cell] if failure.cell >= 0 else next(iter(code), None)
    if cell is not None and failure.rule != "cell-error":
        output = new_output("error", ename=failure.rule, evalue="", traceback=[failure.message])
        cell.outputs = [*cell.get("outputs", []), output]
    if "language_info" not in notebook.metadata:
        name = str(notebook.metadata.get("kernelspec", {}).get("name", "python3"))
        notebook.metadata["language_info"] = {"name": "python" if "py" in name else "text"}
