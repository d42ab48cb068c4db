"""What keeps a fault on one page from ending the build of all others.

Sphinx ends a build at the first exception of an event handler, transform, directive or role. So all
of ours are registered through ``Guarded``, which stands for the application: what fails becomes a
box where it would have been and a finding with its file, and the rest is built. Loops over
pictures or tables guard each of them, with ``on_element``: LaTeX has the whole book in one tree.

Interruptions pass, as do faults that are not the page's: a full disk, a setting, a missing package.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from functools import cache, wraps
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import DirectiveError
from sphinx import addnodes
from sphinx.errors import NoUri, SphinxError

from sphinx_mmbook.core.finding import Finding, Location, failed
from sphinx_mmbook.core.pages.stub import stub
from sphinx_mmbook.core.translations import word
from sphinx_mmbook.ext.positions import location_of, location_of_node
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: What no page is to blame for: nothing can be written any more, on no page.
NOT_OF_A_PAGE = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EFBIG})
#: Before there is an environment that a finding could be reported to.
EARLY = ("config-inited",)
#: Handlers of these events must return a list.
ASKING = ("env-get-outdated", "env-updated", "env-get-updated")


def cannot_write(folder: str | os.PathLike[str], reason: str) -> str:
    """Say that a folder cannot be written to, and what helps."""
    where = os.fspath(folder)
    return (
        f"mmbook: '{where}' cannot be written ({reason}); make room, or build into another folder"
    )


def stop_if_disk(app: Sphinx, error: Exception) -> None:
    """Stop the build if nothing can be written any more; Sphinx would print a traceback.

    :raises SystemExit: with one line, and status 1.
    """
    if isinstance(error, OSError) and error.errno in NOT_OF_A_PAGE:
        raise SystemExit(cannot_write(app.outdir, str(error.strerror))) from None


def passes(error: Exception) -> bool:
    """Return whether an exception is for somebody else to handle."""
    return isinstance(error, NoUri | DirectiveError) or (
        isinstance(error, OSError) and error.errno in NOT_OF_A_PAGE
    )


def unforeseen(at: Location, what: str, error: Exception) -> Finding:
    """Return what an exception means for the authors of the book.

    Called where it is handled; it passes on if no page is to blame.
    """
    if passes(error):
        raise error
    return failed(at, what, error, "the rest of the book is built")


def fault(env: BuildEnvironment, at: Location, what: str, error: Exception) -> Finding:
    """Report that something failed at a place; return the finding."""
    finding = unforeseen(at, what, error)
    report(env, finding)
    return finding


def box(env: BuildEnvironment, finding: Finding) -> nodes.error:
    """Return what a page shows in place of what cannot be shown."""
    message = word("no-part", env.config.language) + finding.message
    text = nodes.paragraph("", message, support_smartquotes=False)
    return nodes.error("", text, classes=["mmbook-fault"])


def page_of(env: BuildEnvironment, docname: str) -> Location:
    """Return the beginning of a page; of the book's first, for what is not one page's."""
    page = docname if docname in env.found_docs else env.config.root_doc
    return Location(env.doc2path(page, base=False).as_posix(), 1)


def _at_hand(error: Exception, kind: type[nodes.Element]) -> nodes.Element | None:
    """Return the element of a known line that was treated when something failed, of a kind."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    held = (value for frame in reversed(frames) for value in frame.f_locals.values())
    return next((one for one in held if isinstance(one, kind) and one.line), None)


@contextmanager
def on_page(
    env: BuildEnvironment, docname: str, what: str, tree: nodes.Element | None = None
) -> Iterator[None]:
    """Guard what is done for one page; ``tree`` gets a box under its title if it fails."""
    try:
        yield
    except Exception as error:
        node = _at_hand(error, nodes.Element)
        at = page_of(env, docname) if node is None else location_of_node(env, node)
        finding = fault(env, at, what, error)
        if tree is not None:
            title = next(tree.findall(nodes.title), None)
            parent = title.parent if title is not None else tree
            parent.insert(parent.index(title) + 1 if title is not None else 0, box(env, finding))


@contextmanager
def on_element(env: BuildEnvironment, node: nodes.Element, what: str) -> Iterator[None]:
    """Guard what is done for one element of a page; a box takes its place if it fails."""
    parent = node.parent
    try:
        yield
    except Exception as error:
        shown: nodes.Element = box(env, fault(env, location_of_node(env, node), what, error))
        if isinstance(parent, nodes.TextElement):
            shown = nodes.inline("", shown.astext(), classes=["mmbook-fault"])
        if node.parent is parent is not None:
            node.replace_self(shown)


def guarded_handler(event: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return the handler of an event behind the guard that fits the event."""
    what = f"a step of the build ({getattr(handler, '__name__', handler)})"

    @wraps(handler)
    def run(app: Sphinx, *args: Any) -> Any:
        if event in EARLY:
            return _early(handler, app, *args)
        if event == "source-read":
            return _read(handler, what, app, *args)
        if event in PAGE_EVENTS:
            docname, tree = PAGE_EVENTS[event](app, *args)
            with on_page(app.env, docname, what, tree):
                return handler(app, *args)
            return None
        return _of_book(event, handler, what, app, *args)

    return run


#: What page an event is about, and its tree if that can take a box.
PAGE_EVENTS: dict[str, Callable[..., tuple[str, nodes.Element | None]]] = {
    "doctree-read": lambda app, tree: (app.env.current_document.docname, tree),
    "doctree-resolved": lambda _app, tree, docname: (docname, tree),
    "html-page-context": lambda _app, page, *_: (page, None),
    "missing-reference": lambda _app, _env, node, _content: (node.get("refdoc", ""), None),
}


def _early(handler: Callable[..., Any], app: Sphinx, *args: Any) -> Any:
    try:
        return handler(app, *args)
    except SphinxError:
        raise
    except Exception as error:
        stop_if_disk(app, error)
        text = (
            f"conf.py: a setting has a value that cannot be used ({type(error).__name__}: {error})"
        )
        raise SystemExit(text) from None


def _read(
    handler: Callable[..., Any], what: str, app: Sphinx, docname: str, content: list[str]
) -> None:
    try:
        handler(app, docname, content)
    except Exception as error:
        at = page_of(app.env, docname)
        content[0] = stub(at.path, fault(app.env, at, what, error), app.config.language)


def _of_book(event: str, handler: Callable[..., Any], what: str, app: Sphinx, *args: Any) -> Any:
    try:
        return handler(app, *args)
    except SphinxError:  # a package or setting is missing: no page is to blame
        raise
    except Exception as error:
        stop_if_disk(app, error)
        fault(app.env, page_of(app.env, ""), what, error)
        return [] if event in ASKING else None


class Guarded:
    """Stands for the application while our features register themselves, and guards all of it."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app

    def __getattr__(self, name: str) -> Any:
        """Return what needs no guard from the application itself."""
        return getattr(self.app, name)

    def connect(self, event: str, handler: Callable[..., Any], priority: int = 500) -> int:
        """Connect a guarded handler."""
        return self.app.connect(event, guarded_handler(event, handler), priority)

    def add_directive(self, name: str, directive: type[Any], override: bool = False) -> None:
        """Register a directive whose failure leaves a box where it stands."""
        self.app.add_directive(name, guarded_directive(directive), override)

    def add_role(self, name: str, role: Any, override: bool = False) -> None:
        """Register a role whose failure leaves its text where it stands."""
        self.app.add_role(name, GuardedRole(role), override)


@cache
def guarded_transform(transform: Any) -> Any:
    """Return a transform, also another extension's, that leaves a box on its page if it fails.

    A reference that makes it fail is taken out, and the others are resolved: no writer has a form
    for one that is not. What Sphinx raises, also of a failing handler of an event, passes.
    """
    if hasattr(transform, "guarded"):
        return transform
    inner, what = transform.apply, f"a step of the build ({transform.__name__})"

    @wraps(inner)
    def run(self: Any, **kwargs: Any) -> None:
        env: BuildEnvironment = self.document.settings.env
        try:
            inner(self, **kwargs)
        except SphinxError:
            raise
        except Exception as error:
            reference = _at_hand(error, addnodes.pending_xref)
            node = self.startnode if reference is None else reference
            if node is None or node.parent is None:
                with on_page(env, env.current_document.docname, what, self.document):
                    raise
            else:
                with on_element(env, node, what):
                    raise
                if node is reference:
                    run(self, **kwargs)

    return _subclass(transform, "apply", run)


def guarded_directive(
    directive: type[Any], refused: Callable[[Any], list[nodes.Node]] = lambda _: []
) -> type[Any]:
    """Return a directive class that shows a box if it fails, or that ``refused`` returns for it."""
    inner = directive.run

    @wraps(inner)
    def run(self: Any) -> list[nodes.Node]:
        env: BuildEnvironment = self.state.document.settings.env
        try:
            found: list[nodes.Node] = refused(self) or inner(self)
        except Exception as error:
            source, line = self.state_machine.get_source_and_line(self.lineno)
            at = location_of(env, source, line or 0) if source else page_of(env, env.docname)
            found = [box(env, fault(env, at, f"the directive '{self.name}'", error))]
        return found

    return _subclass(directive, "run", run)


def _subclass(base: type[Any], method: str, run: Callable[..., Any]) -> type[Any]:
    return type(
        base.__name__, (base,), {method: run, "__module__": base.__module__, "guarded": True}
    )


class GuardedRole:
    """A role that shows its text, marked, if it fails."""

    guarded: ClassVar[bool] = True

    def __init__(self, role: Any) -> None:
        self.role = role

    def __call__(
        self, name: str, rawtext: str, text: str, lineno: int, inliner: Any, *rest: Any, **more: Any
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return what the role makes of the text, or the text."""
        try:
            made: tuple[list[nodes.Node], list[nodes.system_message]]
            made = self.role(name, rawtext, text, lineno, inliner, *rest, **more)
        except Exception as error:
            document: nodes.document = inliner.document
            env: BuildEnvironment = document.settings.env
            at = location_of(env, str(document.current_source or document["source"]), lineno)
            fault(env, at, f"the role '{name}'", error)
            made = [nodes.inline(rawtext, text, classes=["mmbook-fault"])], []
        return made
