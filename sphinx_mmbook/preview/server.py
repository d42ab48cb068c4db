"""The server of a preview: builds at each save, serves the pages, and tells the browser.

With Starlette, uvicorn and watchfiles, which sphinx-autobuild 2025.8 is made of, too. It itself was
tried: it starts a Python for each build (2.5 s at one chapter, of which 2 are imports), sends no
word to the browser when a build stops, and a page asked for while it is written ends in 80 lines of
traceback.
"""

from __future__ import annotations

import asyncio
import mimetypes
import multiprocessing
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from watchfiles import Change, awatch

from sphinx_mmbook.preview.panel import EVENTS, panel, with_panel
from sphinx_mmbook.preview.worker import Message, Order, Report, build

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from multiprocessing.connection import Connection

    from starlette.requests import Request

#: Larger files are sent piece by piece; a smaller one is read whole, since it may be written anew.
WHOLE = 20_000_000
#: Milliseconds in which saves are one: an editor that saves all files takes about that long.
BURST, QUIET = 800, 60
#: Seconds before a watcher that has ended is begun again; one that ends sooner could not begin.
AGAIN, BEGUN = 1, 0.1
#: Seconds after which a silent connection is proved alive.
ALIVE = 15
#: A page elsewhere whose host gets the address of this machine may not read the book.
OWN_NAMES = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
#: Folders of tools; what is saved there changes no page.
TOOLS = frozenset({"_build", "node_modules", "venv", "__pycache__"})
MISSING = "<!doctype html><title>No such page</title><body><h1>No such page</h1></body>"


@dataclass
class State:
    """What the preview knows: the last build's number and report, all pages and their findings."""

    version: int = 0
    is_building: bool = False
    last: Report = field(default_factory=Report)
    pages: frozenset[str] = frozenset()
    found: dict[str, tuple[Message, ...]] = field(default_factory=dict)

    def take(self, report: Report) -> frozenset[str]:
        """Take over what a build reports; return the pages that the book has no longer.

        Pages that were not read keep their findings.
        """
        before = self.pages
        if not report.stopped:
            self.pages = frozenset(report.pages)
            kept = {*report.pages} - {*report.read}
            self.found = {page: found for page, found in self.found.items() if page in kept}
        for page in {message.page for message in report.messages}:
            self.found[page] = tuple(m for m in report.messages if m.page == page)
        self.last = report
        self.version += 1
        return before - self.pages

    def panel(self, page: str) -> str:
        """Return what is added to a page; where the build was stopped, all that it found."""
        messages = self.last.messages if self.last.stopped else self.found.get(page, ())
        return panel(messages, self.last.stopped, self.version)


class Preview:
    """One preview of one book. ``tell`` prints a line for the author."""

    def __init__(self, order: Order, tell: Callable[[str], None]) -> None:
        self.order, self.tell, self.state = order, tell, State()
        self.out = Path(order.build) / "html"
        self.saved, self.news = asyncio.Event(), asyncio.Condition()
        self.names: set[str] = set()
        self.is_over = False
        fork = os.name != "nt"
        self.processes: Any = multiprocessing.get_context("forkserver" if fork else "spawn")
        if fork:
            self.processes.set_forkserver_preload(["sphinx_mmbook.preview.warm"])

    async def watch(self) -> None:
        """Note what is saved in the book; never ends by itself.

        The system's watcher does, of a name that is not UTF-8 each time somebody opens that file,
        or where nobody may watch more. From then on all files are looked at again and again.
        """
        told, polls = "", False
        while True:
            begun = time.monotonic()
            try:
                await self.watch_once(polls)
            except Exception as error:
                cause = str(error.exceptions[0] if isinstance(error, ExceptionGroup) else error)
                if cause != told:
                    self.tell(f"The system does not watch the book any more ({cause}); we do.")
                told, polls = cause, True
            began = time.monotonic() > begun + BEGUN
            await asyncio.sleep(AGAIN)
            if began:  # what was saved meanwhile is not known
                self.saved.set()

    async def watch_once(self, polls: bool) -> None:
        """Note what is saved until the watcher ends."""
        book = Path(self.order.book)

        def is_source(change: Change, name: str) -> bool:
            parts = Path(name).relative_to(book).parts if Path(name).is_relative_to(book) else ()
            hidden = any(part.startswith(".") or part in TOOLS for part in parts)
            return bool(parts) and not hidden and not name.endswith(("~", ".new", ".swp"))

        async for changes in awatch(
            book, watch_filter=is_source, debounce=BURST, step=QUIET, force_polling=polls or None
        ):
            self.names |= {Path(name).relative_to(book).as_posix() for _, name in changes}
            self.saved.set()

    async def build_again(self) -> None:
        """Build at once, then whenever something has been saved."""
        while True:
            self.saved.clear()
            names, self.names = sorted(self.names), set()
            await self.build_once(names)
            await self.saved.wait()

    async def build_once(self, names: list[str]) -> None:
        """Build in a process of its own; a save that comes before it writes pages cancels it."""
        start = time.monotonic()
        await self.tell_browsers(is_building=True)
        receiver, sender = self.processes.Pipe(duplex=False)
        process = self.processes.Process(target=build, args=(self.order, sender))
        await asyncio.to_thread(process.start)
        sender.close()
        cancel = asyncio.create_task(self.cancel_when_saved(process.terminate))
        try:
            report = await asyncio.to_thread(_receive, receiver)
        finally:
            cancel.cancel()
            if self.is_over:
                process.kill()
            await asyncio.to_thread(process.join)
        if report is None and self.saved.is_set():
            self.names |= {*names}
            return
        report = report or Report(
            stopped="The build ended without a word; save again to repeat it."
        )
        for page in self.state.take(report):  # Sphinx leaves it there
            (self.out / f"{page}.html").unlink(missing_ok=True)
        self.tell(summary(names, report, time.monotonic() - start))
        await self.tell_browsers(is_building=False)

    async def cancel_when_saved(self, cancel: Callable[[], None]) -> None:
        """Ask the running build to end once something is saved; it decides whether it can."""
        await self.saved.wait()
        if os.name != "nt":  # where no process can be asked, only killed
            cancel()

    async def tell_browsers(self, *, is_building: bool) -> None:
        """Tell all open pages of a new state."""
        self.state.is_building = is_building
        async with self.news:
            self.news.notify_all()

    async def events(self, request: Request) -> Response:
        """Send the number of the last build, now and whenever it changes (server-sent events)."""

        async def stream() -> AsyncIterator[str]:
            while not self.is_over:
                state = "building" if self.state.is_building else "ready"
                yield f"data: {self.state.version} {state}\n\n"
                async with self.news:
                    try:
                        await asyncio.wait_for(self.news.wait(), ALIVE)
                    except TimeoutError:
                        continue

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def page(self, request: Request) -> Response:
        """Return a file of the site, a page with its panel."""
        path = request.path_params["path"]
        try:
            file = (self.out / path).resolve()
            is_folder = file.is_dir()
        except (OSError, ValueError, RuntimeError):  # no system has such a name; links in a circle
            return Response(status_code=404)
        if not file.is_relative_to(self.out.resolve()):
            return Response(status_code=404)
        if is_folder:
            if path and not path.endswith("/"):
                return RedirectResponse(f"/{path}/")
            file /= "index.html"
        try:
            if file.stat().st_size > WHOLE:
                return FileResponse(file)
            content = file.read_bytes()
        except OSError:
            missing = with_panel(MISSING.encode(), self.state.panel(""))
            return Response(missing, 404, media_type="text/html")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        if kind == "text/html":
            name = file.relative_to(self.out.resolve()).with_suffix("").as_posix()
            content = with_panel(content, self.state.panel(name))
        return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})

    async def serve(self, port: int, ready: Callable[[], None]) -> None:
        """Serve until interrupted; ``ready`` is called once pages can be asked for."""
        routes = [Route(EVENTS, self.events), Route("/{path:path}", self.page)]
        config = uvicorn.Config(
            Starlette(routes=routes, middleware=[OWN_NAMES]), "127.0.0.1", port, log_level="error",
            timeout_graceful_shutdown=1, lifespan="off",
        )  # fmt: skip
        server = uvicorn.Server(config)
        tasks = [asyncio.create_task(job) for job in (self.watch(), self.build_again())]
        for task in tasks:  # without them nothing would be built, and nobody told
            task.add_done_callback(lambda _: setattr(server, "should_exit", True))
        try:
            ready()
            await server.serve()
        finally:
            self.is_over = True
            for task in tasks:
                task.cancel()
            for ended in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(ended, Exception):
                    raise ended


def _receive(receiver: Connection) -> Report | None:
    try:
        report: Report = receiver.recv()
    except EOFError:
        return None
    return report


def summary(names: list[str], report: Report, seconds: float) -> str:
    """Return the lines that the terminal shows of a build."""
    saved = ", ".join(names[:3]) + f" and {len(names) - 3} more" * (len(names) > 3)
    what = f"{saved} saved: " if saved else ""
    if report.stopped:
        line = f"{what}not built"
    else:
        count = len(report.read)
        line = f"{what}{count} page{'s' * (count != 1)} read, built in {seconds:.1f} s"
    messages = report.messages
    lines = [f"  {message.location or 'book'}: {message.text}" for message in messages[:10]]
    lines += [f"  and {len(messages) - 10} more; 'mmbook check' lists them"] * (len(messages) > 10)
    lines += [f"  {text}" for text in report.stopped.strip().splitlines()]
    return "\n".join([line, *lines])
