"""Kernels for chapters: those of the running environment, private, and quiet."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from logging import NullHandler, getLogger
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

#: Seconds until a kernel that does not answer counts as one that never starts.
START_TIMEOUT = 60
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

        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())


@dataclass(frozen=True)
class Kernel:
    """A running kernel: its manager, a client that is ready, and the file of what it says."""

    manager: Any
    client: Any
    log: Path

    def last_words(self) -> str:
        """Return the last error line that the kernel's process wrote, if any."""
        return last_words(self.log)


@asynccontextmanager
async def running_kernel(name: str, cwd: Path) -> AsyncIterator[Kernel]:
    """Start the kernel ``name`` in the folder ``cwd``; it ends with the block, however that ends.

    :raises jupyter_client.kernelspec.NoSuchKernel: if there is no such kernel.
    :raises KernelStartError: if its process cannot be started, dies or never answers.
    """
    with TemporaryDirectory(prefix="mmbook-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "kernel.log"
        manager = _manager(name, folder)
        try:
            client = await _start(manager, cwd, log)
            yield Kernel(manager, client, log)
        finally:
            # Also when starting was interrupted: no kernel may outlive the build.
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)


class KernelStartError(Exception):
    """A kernel whose process does not start or does not answer; the text says what is known."""


def _manager(name: str, folder: str) -> Any:
    log = getLogger(__name__)
    log.addHandler(NullHandler())
    log.propagate = False  # failures become findings; Jupyter's own lines would be a second message
    manager = AsyncKernelManager(
        kernel_name=name,
        kernel_spec_manager=BookKernelSpecs(log=log),
        connection_file=str(Path(folder) / "kernel.json"),
        log=log,
    )
    socket = str(Path(folder) / "k")
    # Sockets in a private folder: nobody else on the machine can listen, as with TCP.
    if os.name != "nt" and len(os.fsencode(socket)) < MAX_SOCKET_PATH:
        manager.transport = "ipc"
        manager.ip = socket
    return manager


async def _start(manager: Any, cwd: Path, log: Path) -> Any:
    """Start the process and wait until it answers; return the connected client."""
    # No history file: kernels would wait for each other's locks.
    options = ["--HistoryManager.hist_file=:memory:"] if manager.ipykernel else []
    client = None
    with log.open("wb") as out:
        try:
            await manager.start_kernel(
                cwd=str(cwd), env=_environment(), stdout=out, stderr=out, extra_arguments=options
            )
            client = manager.client()
            client.start_channels()
            await client.wait_for_ready(timeout=START_TIMEOUT)
        except (OSError, RuntimeError) as error:
            if client:
                client.stop_channels()
            reason = last_words(log) or getattr(error, "strerror", "") or str(error)
            raise KernelStartError(reason) from error
    client.allow_stdin = False
    return client


def _environment() -> dict[str, str]:
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
