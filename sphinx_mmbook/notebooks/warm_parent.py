"""The parent of warm kernels: it has imported what chapters import, and forks a kernel on demand.

``python -m sphinx_mmbook.notebooks.warm_parent SOCKET MODULE …``, where SOCKET is the number of a
Unix socket that listens. Each connection is one kernel: it brings the order, as a line of JSON, and
gets the number of the process, and later what that ended with. Who closes it ends the kernel; who
closes the parent's standard input ends them all.

multiprocessing's forkserver, which the preview uses, is no such parent: it runs the main module
again in each child, and leaves it an exit handler and a name as a child of a pool.
"""

from __future__ import annotations

import builtins
import gc
import importlib
import io
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Any

from sphinx_mmbook.notebooks import kernel_process

#: What every kernel imports until it answers, and at its first cell. Not ``matplotlib_inline``:
#: its import looks for the shell that figures go to, and there is none yet.
OF_KERNELS = (
    "IPython.core.completer", "IPython.core.completerlib", "IPython.core.debugger",
    "IPython.core.logger", "IPython.core.magics", "IPython.core.oinspect",
    "IPython.core.pylabtools", "IPython.extensions.storemagic", "asyncio", "faulthandler",
    "ipykernel.comm", "ipykernel.debugger", "ipykernel.ipkernel", "ipykernel.kernelapp",
    "ipykernel.subshell_manager", "ipykernel.zmqshell", "sphinx_mmbook.core.provenance.opened",
    "sqlite3", "tornado.platform.asyncio", "traitlets.config.argcomplete_config",
)  # fmt: skip
#: What packages import when the first of their tables, or figures, is shown.
OF_OUTPUTS = {
    "pandas": ("pandas.io.formats.html", "pandas.io.formats.string", "pyarrow.pandas_compat"),
    "matplotlib.pyplot": (
        "PIL.BmpImagePlugin", "PIL.GifImagePlugin", "PIL.JpegImagePlugin",
        "PIL.PngImagePlugin", "PIL.PpmImagePlugin",
    ),
}  # fmt: skip
#: Seconds in which an order arrives whole.
PATIENCE = 10


class Shell:
    """Stands for the shell of a kernel while modules are imported."""

    kernel = True


def is_quiet(module: str) -> bool:
    """Import a module; tell whether it did so without a word, which a chapter would then miss."""
    said = io.StringIO()
    # Not catch_warnings: it would take back what modules set for warnings.
    shown: Any = warnings.showwarning
    warnings.showwarning = lambda *_, **__: print("warned", file=said)
    try:
        with redirect_stdout(said), redirect_stderr(said):
            importlib.import_module(module)
    except ModuleNotFoundError:
        return True  # not installed, or "from a import b", where b is not a module
    except Exception:
        return False
    finally:
        warnings.showwarning = shown
    return not said.getvalue()


def preload(number: str, modules: list[str]) -> dict[str, str]:
    """Import modules; those that say something are left out, by beginning anew.

    Return what they have set in the environment.
    """
    before = dict(os.environ)
    for module in OF_KERNELS:
        with suppress(ImportError):
            importlib.import_module(module)
    # Where nobody knows of a notebook, pandas takes itself to be in a terminal for good, and leaves
    # columns out that do not fit its width. IPython puts the real one there at the first cell.
    builtins.get_ipython = Shell  # type: ignore[attr-defined]
    for module in modules:
        if not all(is_quiet(name) for name in (module, *OF_OUTPUTS.get(module, ()))):
            rest = [name for name in modules if name != module]
            os.set_inheritable(int(number), True)
            command = [sys.executable, "-m", __spec__.name, number, *rest]
            os.execve(sys.executable, command, before)  # noqa: S606
    del builtins.get_ipython  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()
    return {name: said for name, said in os.environ.items() if before.get(name) != said}


class Parent:
    """The processes that were forked, each with the connection that asked for it."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.kernels: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.pipe = os.pipe()
        for end in self.pipe:
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.pipe[1])
        for source, meant in ((0, self.end), (self.pipe[0], self.reap), (listener, self.accept)):
            self.selector.register(source, selectors.EVENT_READ, meant)

    def order(self) -> Any:
        """Serve; return in each child, with its order."""
        while True:
            for key, _ in self.selector.select():
                if order := key.data():
                    return order

    def accept(self) -> Any:
        """Fork a kernel; the child gets its order."""
        connection, _ = self.listener.accept()
        connection.settimeout(PATIENCE)
        try:
            with connection.makefile("r", encoding="utf-8") as lines:
                order = json.loads(lines.readline())
        except (OSError, ValueError):
            connection.close()
            return None
        pid = os.fork()
        if not pid:
            self.leave(connection)
            return order
        self.kernels[pid] = connection
        self.selector.register(connection, selectors.EVENT_READ, lambda: self.kill(pid))
        with suppress(OSError):
            connection.sendall(f"{pid}\n".encode())
        return None

    def leave(self, connection: socket.socket) -> None:
        """Close in a child what is the parent's."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.selector.close()
        for end in self.pipe:
            os.close(end)
        for open_one in (self.listener, connection, *self.kernels.values()):
            open_one.close()

    def reap(self) -> None:
        """Tell what kernels ended with."""
        with suppress(BlockingIOError):
            os.read(self.pipe[0], 4096)
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                connection = self.kernels.pop(ended[0])
                with suppress(KeyError):  # its owner has gone
                    self.selector.unregister(connection)
                with suppress(OSError):
                    connection.sendall(f"{os.waitstatus_to_exitcode(ended[1])}\n".encode())
                connection.close()

    def kill(self, pid: int) -> None:
        """End a kernel whose owner has gone, and all its processes."""
        self.selector.unregister(self.kernels[pid])
        kill_group(pid)

    def end(self) -> None:
        """End all kernels, and this process."""
        for pid in self.kernels:
            kill_group(pid)
        os._exit(0)


def kill_group(pid: int) -> None:
    """Kill a kernel and all processes that it has started; it may not lead its group yet."""
    for kill in (os.killpg, os.kill):
        with suppress(OSError):
            kill(pid, signal.SIGKILL)


def become(order: Any, imported: dict[str, str]) -> None:
    """Make of a forked process what a new one would be; imports have set some of its variables."""
    for number, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT),
        (2, order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT),
    ):
        opened = os.open(name, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(imported | order["env"])
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    time.tzset()
    tempfile.tempdir = None
    # Python reseeds its own generator in a child.
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    sys.argv[:] = [kernel_process.__file__, *order["argv"]]


def main() -> None:
    """Import, then serve; a child goes on as a kernel."""
    kernel_process.leave_folder()
    number, *modules = sys.argv[1:]
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    imported = preload(number, modules)
    order = Parent(socket.socket(fileno=int(number))).order()
    become(order, imported)
    kernel_process.start(order["argv"])


if __name__ == "__main__":
    main()
