"""Warm kernels: forked from a process that has imported what the chapters import.

Starting Python, IPython and numpy, pandas and matplotlib takes a light chapter's whole time. A
forked kernel is a process of its own, in a session of its own, in the chapter's folder, with its
environment, without open files or threads of its parent, and with random numbers of its own.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from jupyter_client.provisioning import LocalProvisioner

from sphinx_mmbook.core.provenance.packages import imported
from sphinx_mmbook.notebooks import warm_parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from nbformat import NotebookNode

#: What is imported in advance if a chapter imports the package: it must start no thread, print
#: nothing, and not ask in what it is imported (as plotly and ipywidgets do).
PRELOADED: Mapping[str, tuple[str, ...]] = {
    "numpy": ("numpy",),
    "pandas": ("numpy", "pandas"),
    "matplotlib": ("numpy", "matplotlib.pyplot", "matplotlib.backends.backend_agg"),
    "scipy": ("numpy", "scipy"),
    "sklearn": ("numpy", "scipy", "sklearn"),
    "statsmodels": ("numpy", "scipy", "pandas", "statsmodels"),
    "seaborn": ("numpy", "pandas", "matplotlib.pyplot", "matplotlib.backends.backend_agg"),
}
#: Those of which a submodule that a chapter names is imported as well.
_WITH_SUBMODULES = {"numpy", "scipy", "sklearn", "statsmodels", "matplotlib"}
#: Seconds in which the parent has imported everything; else kernels start in the ordinary way.
PATIENCE = 60
#: Seconds in which a killed kernel has mostly ended.
END = 1


def modules_for(notebooks: Iterable[NotebookNode]) -> tuple[str, ...]:
    """Return what to import in advance for chapters, as their code says."""
    return modules_in(
        cell.source for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"
    )


def modules_in(sources: Iterable[str]) -> tuple[str, ...]:
    """Return what to import in advance for some code."""
    found: dict[str, None] = {}
    for name in (name for source in sources for name in imported(source)):
        package = name.partition(".")[0]
        found |= dict.fromkeys(PRELOADED.get(package, ()))
        if package in _WITH_SUBMODULES:
            found[name] = None
    return tuple(found)


def can_fork() -> bool:
    """Return whether kernels can be forked: on macOS system libraries do not survive it."""
    return sys.platform not in ("win32", "darwin") and hasattr(os, "fork")


class Forked:
    """A forked kernel, with what jupyter_client asks of a ``Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection

    def poll(self) -> int | None:
        """Return what the process has ended with, ``None`` if it has not."""
        if self.returncode is None:
            self._connection.setblocking(False)
            self._receive()
        return self.returncode

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait for the end of the process, or so long."""
        if self.returncode is None:
            self._connection.settimeout(seconds)
            self._receive()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the process."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)

    def _receive(self) -> None:
        try:
            said = _line(self._connection)
        except (BlockingIOError, TimeoutError):
            return
        except OSError:
            said = b""
        # Without a word, the parent has gone, and its kernels with it.
        self.returncode = int(said or -signal.SIGKILL)
        self._connection.close()


def _line(connection: socket.socket) -> bytes:
    """Return what comes up to the end of the line: a kernel may have ended right after."""
    line = b""
    while (sign := connection.recv(1)) not in (b"", b"\n"):
        line += sign
    return line


class WarmParent:
    """The process that forks kernels; it ends with this one."""

    def __init__(self, folder: Path, modules: Iterable[str], environment: dict[str, str]) -> None:
        self.address, self.modules = str(folder / "warm"), tuple(modules)
        self.has_forked = False
        # Its other end closes with this process, however that ends.
        inner, self.pipe = os.pipe()
        with socket.socket(socket.AF_UNIX) as listener, os.fdopen(inner) as stdin:
            listener.bind(self.address)
            listener.listen(64)
            number = listener.fileno()
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", warm_parent.__name__, str(number), *modules],
                cwd=folder, env=environment, pass_fds=[number], start_new_session=True,
                stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def fork(self, order: dict[str, Any]) -> Forked | None:
        """Return a new kernel; ``None`` if there is none to be had."""
        self.has_forked = True
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        try:
            connection.connect(self.address)
            connection.sendall(json.dumps(order).encode() + b"\n")
            return Forked(int(_line(connection)), connection)
        except (OSError, ValueError):
            connection.close()
            return None

    def has(self, modules: Iterable[str]) -> bool:
        """Return whether it imports the packages of all these modules."""
        packages = {name.partition(".")[0] for name in self.modules}
        return all(name.partition(".")[0] in packages for name in modules)

    def close(self) -> None:
        """End the process, and all its kernels."""
        with suppress(OSError):
            os.close(self.pipe)
        self.pipe = -1
        try:
            self.process.wait(1 if self.has_forked else 0)
        except subprocess.TimeoutExpired:  # it imports something
            self.process.kill()
            self.process.wait()


class WarmProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Starts kernels by forking them from ``warm``, or else in the ordinary way."""

    warm: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start a kernel's process; ``stdout`` is the open file of its log."""
        order = {
            "argv": cmd[cmd.index("-f") :],
            "cwd": kwargs["cwd"],
            "env": kwargs["env"],
            "log": kwargs["stdout"].name,
        }
        forked = self.warm.fork(order) if self.warm else None
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked
        self.pid = self.pgid = forked.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the process, and wait for that: the manager would look for it once in 0.1 s."""
        await super().kill(restart)
        if isinstance(self.process, Forked):
            self.process.wait(END)


def shadows(folder: Path, modules: Iterable[str]) -> bool:
    """Return whether a chapter has files that a fresh import in its folder would find first."""
    names = {name.partition(".")[0] for name in modules}
    own = [name for module in names for name in (module, f"{module}.py")]
    return any((folder / name).exists() for name in [*own, "matplotlibrc"])
