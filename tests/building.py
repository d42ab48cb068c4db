"""``sphinx-build`` in the tests' own process, which takes a fifth of the time of starting Python.

What a process would forget at its end is put back: modules and paths of the book's conf.py, the
environment, translations, the pace of the garbage collector (a build that stops early leaves it),
handlers of log messages; Sphinx itself puts back directives, roles and nodes. What a process would
print is caught where it arrives, so that child processes are heard as well.
"""

from __future__ import annotations

import functools
import gc
import importlib.metadata
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryFile
from types import CodeType
from typing import IO, Any

from jinja2.sandbox import SandboxedEnvironment
from sphinx import theming
from sphinx.cmd.build import main
from sphinx.config import Config
from sphinx.locale import translators

#: What Python does not show unless it is asked to.
SILENT = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


def remember_what_stays() -> None:
    """Look up once what no build of this process changes: installed packages, compiled templates.

    Of a tiny build, compiling the themes' templates is a quarter, and a thousand messages for
    debugging, which Sphinx makes and does not show, a tenth.
    """
    logging.disable(logging.DEBUG)
    remembered = functools.cache(importlib.metadata.entry_points)
    importlib.metadata.entry_points = theming.entry_points = remembered
    compile_text, compiled = SandboxedEnvironment.compile, dict[tuple[Any, ...], CodeType]()

    def compile_once(self: SandboxedEnvironment, *given: Any) -> CodeType:
        key = (self.lexer, *self.extensions, *self.filters, *given)
        if key not in compiled:
            compiled[key] = compile_text(self, *given)
        return compiled[key]

    SandboxedEnvironment.compile = compile_once  # type: ignore[method-assign, assignment]


remember_what_stays()


def build_here(folder: Path, words: list[str]) -> tuple[int, str, str]:
    """Run ``sphinx-build`` with ``words`` on the book in ``folder``: status, output, messages."""
    with ExitStack() as stack:
        out = stack.enter_context(caught(1))
        err = stack.enter_context(caught(2))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        stack.enter_context(alone(folder))
        return status_of(words), text_of(out), text_of(err)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Build the book in ``folder`` as if in a process of its own."""
    with forgotten(folder), own_defaults(), shown_warnings():
        yield


def status_of(words: list[str]) -> int:
    """Run ``sphinx-build`` and return what its process would end with."""
    try:
        return main(words)
    except SystemExit as stopped:
        if stopped.code is None or isinstance(stopped.code, int):
            return stopped.code or 0
        print(stopped.code, file=sys.stderr)
        return 1


@contextmanager
def caught(descriptor: int) -> Iterator[IO[str]]:
    """Catch what goes to a file descriptor, from here and from child processes."""
    saved = os.dup(descriptor)
    try:
        with TemporaryFile("w+", encoding="utf-8", errors="replace") as stream:
            os.dup2(stream.fileno(), descriptor)
            yield stream
    finally:
        os.dup2(saved, descriptor)
        os.close(saved)


def text_of(stream: IO[str]) -> str:
    """Return all that was written to a stream, also past it to its file."""
    stream.flush()
    stream.seek(0)
    return stream.read()


@contextmanager
def forgotten(folder: Path) -> Iterator[None]:
    """Put back afterwards what a book's conf.py and a build leave in a process."""
    path, modules, environment = sys.path[:], set(sys.modules), dict(os.environ)
    threshold = gc.get_threshold()
    translators.clear()  # else an English book has words of the German one before it
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        gc.unfreeze()
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).is_relative_to(folder):
                del sys.modules[name]
        os.environ.clear()
        os.environ.update(environment)
        logging.getLogger("sphinx").handlers.clear()


@contextmanager
def own_defaults() -> Iterator[None]:
    """Put back Sphinx's default lists: themes add their folders to the one of ``templates_path``."""
    lists = [option.default for option in Config.config_values.values()]
    before = [(shared, shared[:]) for shared in lists if isinstance(shared, list)]
    try:
        yield
    finally:
        for shared, content in before:
            shared[:] = content


@contextmanager
def shown_warnings() -> Iterator[None]:
    """Write Python's warnings to stderr, as outside of pytest."""
    with warnings.catch_warnings():
        warnings.resetwarnings()
        for category in SILENT:
            warnings.simplefilter("ignore", category)
        warnings.showwarning = lambda *given: sys.stderr.write(warnings.formatwarning(*given[:4]))
        yield
