"""Kernels for chapters: those of the running environment, private, and quiet."""

from __future__ import annotations

import json
import os
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from logging import NullHandler, getLogger
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory, gettempdir
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from sphinx_mmbook.notebooks import kernel_process
from sphinx_mmbook.notebooks.warm import WarmParent, WarmProvisioner, shadows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

#: Seconds until a kernel that does not answer counts as one that never starts.
START_TIMEOUT = 60
_IDLE = {"execution_state": "idle"}
#: A Unix socket's path has at most 103 bytes (macOS; Linux: 107); zmq appends "-5" to ours.
MAX_SOCKET_PATH = 100


class BookKernelSpecs(KernelSpecManager):  # type: ignore[misc]
    """Kernels by name, where ``python3`` is always the interpreter that builds the book.

    Jupyter would take a ``python3`` that the user once installed from another environment.
    """

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel of that name.

        :raises jupyter_client.kernelspec.NoSuchKernel: if there is none.
        """
        if kernel_name != NATIVE_KERNEL_NAME:
            return super().get_kernel_spec(kernel_name)
        from ipykernel.kernelspec import RESOURCES, get_kernel_dict  # noqa: PLC0415 -- slow

        described = get_kernel_dict()
        own = {"ipykernel_launcher": kernel_process.__name__}
        described["argv"] = [own.get(word, word) for word in described["argv"]]
        return KernelSpec(resource_dir=RESOURCES, **described)


@dataclass(frozen=True)
class Kernel:
    """A running kernel: its manager, a client that is ready, and the files of what it says.

    ``reads`` is the log of the files that it uses, if it is ours (see ``core.provenance.opened``).
    """

    manager: Any
    client: Any
    log: Path
    reads: Path

    def last_words(self) -> str:
        """Return the last error line that the kernel's process wrote, if any."""
        return last_words(self.log)


@asynccontextmanager
async def running_kernel(
    name: str, cwd: Path, root: Path, warm: WarmParent | None = None
) -> AsyncIterator[Kernel]:
    """Start the kernel ``name`` in the folder ``cwd``; it ends with the block, however that ends.

    Files below ``root`` that it uses are noted. It is forked from ``warm``, if that may be.

    :raises jupyter_client.kernelspec.NoSuchKernel: if there is no such kernel.
    :raises KernelStartError: if its process cannot be started, dies or never answers.
    """
    with private_folder() as folder:
        log, reads = folder / "kernel.log", folder / "reads"
        manager = _manager(name, folder)
        if manager.ipykernel and warm and not shadows(cwd, warm.modules):
            manager.provisioner = _forking(manager, warm)
        try:
            client = await _start(manager, cwd, log, json.dumps([str(root), str(reads)]))
            yield Kernel(manager, client, log, reads)
        finally:
            # Also when starting was interrupted: no kernel may outlive the build.
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)


class KernelStartError(Exception):
    """A kernel whose process does not start or does not answer; the text says what is known."""


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder for sockets, for this user alone; its path is short, if there is a way."""
    places = [gettempdir(), os.environ.get("XDG_RUNTIME_DIR", ""), "/tmp"]  # noqa: S108 -- 0700
    fitting = [place for place in places if _fits(place) and os.access(place, os.W_OK)]
    parent = fitting[0] if fitting else None
    with TemporaryDirectory(prefix="mmbook-", dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def warm_parent(modules: Iterable[str]) -> Iterator[WarmParent]:
    """Start what kernels are forked from; it ends with the block, and its kernels with it."""
    with private_folder() as folder:
        warm = WarmParent(folder, modules, kernel_environment())
        try:
            yield warm
        finally:
            warm.close()


def _fits(parent: str) -> bool:
    """Return whether the path of a socket in a folder there is not too long."""
    return (
        bool(parent) and len(os.fsencode(parent)) + len("/mmbook-12345678/kernel") < MAX_SOCKET_PATH
    )


def _forking(manager: Any, warm: WarmParent) -> WarmProvisioner:
    provisioner = WarmProvisioner(
        kernel_id=str(uuid4()), kernel_spec=manager.kernel_spec, parent=manager
    )
    provisioner.warm = warm
    return provisioner


def _manager(name: str, folder: Path) -> Any:
    log = getLogger(__name__)
    log.addHandler(NullHandler())
    log.propagate = False  # failures become findings; Jupyter's own lines would be a second message
    manager = AsyncKernelManager(
        kernel_name=name,
        kernel_spec_manager=BookKernelSpecs(log=log),
        connection_file=str(folder / "kernel.json"),
        log=log,
    )
    # Sockets in a private folder: nobody else on the machine can listen, as with TCP.
    if os.name != "nt" and _fits(str(folder.parent)):
        manager.transport = "ipc"
        manager.ip = str(folder / "k")
    return manager


async def _start(manager: Any, cwd: Path, log: Path, observe: str) -> Any:
    """Start the process and wait until it answers; return the connected client."""
    # No history file: kernels would wait for each other's locks.
    options = ["--HistoryManager.hist_file=:memory:"] if manager.ipykernel else []
    environment = kernel_environment()
    if manager.ipykernel:
        environment[kernel_process.ORDER] = observe
    client = None
    with log.open("wb") as out:
        try:
            await manager.start_kernel(
                cwd=str(cwd), env=environment, stdout=out, stderr=out, extra_arguments=options
            )
            client = manager.client()
            client.start_channels()
            await (
                _answer(manager, client)
                if manager.ipykernel
                else client.wait_for_ready(START_TIMEOUT)
            )
        except (OSError, RuntimeError) as error:
            if client:
                client.stop_channels()
            reason = last_words(log) or getattr(error, "strerror", "") or str(error)
            raise KernelStartError(reason) from error
    client.allow_stdin = False
    return client


async def _answer(manager: Any, client: Any) -> None:
    """Wait until our kernel answers, and what it publishes arrives.

    ``wait_for_ready`` ends with waiting for 0.2 s, whether nothing more comes; but once the state
    that belongs to the question has come, nothing does.
    """
    end = monotonic() + START_TIMEOUT
    while monotonic() < end:
        asked = client.kernel_info()
        with suppress(Empty):
            await client.get_shell_msg(timeout=1)
            while True:
                told = await client.get_iopub_msg(timeout=0.2)
                if told["parent_header"].get("msg_id") == asked and told["content"] == _IDLE:
                    return
        if not await manager.is_alive():
            raise RuntimeError("it died before it answered")
    raise RuntimeError(f"it did not answer in {START_TIMEOUT} s")


def kernel_environment() -> dict[str, str]:
    """Return a kernel's environment: figures are shown, and sets print in the same order again."""
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    environment.setdefault("PYTHONHASHSEED", "0")
    return environment


def last_words(log: Path) -> str:
    """Return the last line of a log that tells of an error, else the last line."""
    try:
        lines = log.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    lines = [line.strip() for line in lines if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or [""])[-1][:200]
