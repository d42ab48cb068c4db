"""What no public interface of Sphinx offers; each function says why it is here."""

from __future__ import annotations

import codecs
import logging
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sphinx
from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util.logging import NAMESPACE, WarningStreamHandler, get_node_location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from _typeshed import ReadableBuffer as Buffer
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.events import EventListener

_ENCODING = "mmbook-utf-8"
#: The modules that number a book.
NUMBERING = ("sphinx.environment.collectors", "sphinx_mmbook.")


def is_set(config: Config, name: str) -> bool:
    """Return whether ``conf.py`` or the command line (``-D``) sets a value, to whatever.

    Sphinx 9 has the values that conf.py leaves in its namespace in ``_raw_config`` alone. A value
    that equals its default was perhaps said all the same: MyST-NB's ``auto`` keeps outputs that
    nobody can compute again, and our ``cache`` would run the notebook.
    """
    return name in config.overrides or name in config._raw_config


def set_where_unset(config: Config, values: Mapping[str, Any]) -> None:
    """Set values of other extensions that neither the book nor another extension has set."""
    for name, value in values.items():
        if name not in config or is_set(config, name):
            continue
        default = config.values[name].default
        if config[name] == (default(config) if callable(default) else default):
            config[name] = value


def builder_of(env: BuildEnvironment) -> Builder:
    """Return what builds: transforms need it, and their ``app`` goes with Sphinx 11.

    Sphinx's own transforms ask the same attribute, which was ``app`` before Sphinx 9.
    """
    return (env._app if hasattr(env, "_app") else env.app).builder


def _search(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != _ENCODING:
        return None
    utf8 = codecs.lookup("utf-8-sig")

    class Reader(codecs.StreamReader):
        decode = staticmethod(_decode)  # type: ignore[assignment]

    class Decoder(codecs.IncrementalDecoder):
        def __init__(self, errors: str = "strict") -> None:
            super().__init__(errors)
            self.decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")

        def decode(self, data: bytes, final: bool = False) -> str:  # type: ignore[override]
            return self.decoder.decode(data, final)

    return codecs.CodecInfo(
        utf8.encode, _decode, Reader, utf8.streamwriter, utf8.incrementalencoder, Decoder, _ENCODING
    )


def _decode(data: Buffer, errors: str = "strict", /) -> tuple[str, int]:
    return codecs.lookup("utf-8-sig").decode(data, "replace")


def accept_any_encoding(env: BuildEnvironment) -> None:
    """Let Sphinx read pages that are not UTF-8 instead of dying of the first one.

    Sphinx 9 reads a page with ``Path.read_text`` and no error handler: one chapter saved as Latin-1
    ends the build of twenty others with a traceback. Its only handle is the name of the encoding.
    The page is replaced by a stub in ``source-read``; the checker has reported it by then.
    """
    codecs.register(_search)
    env.settings["input_encoding"] = _ENCODING


def copy_notebook_style_first(app: Sphinx) -> None:
    """Copy MyST-NB's style sheet before pages are written.

    MyST-NB copies it at the end of a build. Sphinx adds a checksum to its address if the file is
    there, so pages of a first build differed from those of a second one.
    """
    if app.builder.format == "html":
        (Path(app.outdir) / "_static").mkdir(parents=True, exist_ok=True)
        add_global_html_resources(app, None)


def columns_that_wrap(columns: str, has_blanks: Sequence[bool]) -> str:
    """Return LaTeX's columns of a table such that cells with spaces may have several lines.

    Sphinx 9.0 sets each cell in a ``varwidth``; before, only columns of ``tabulary`` wrap.
    """
    if sphinx.version_info >= (9,) or len(columns) != len(has_blanks) or columns.strip("lrc"):
        return columns
    return "".join(
        one.upper() if wraps else one for one, wraps in zip(columns, has_blanks, strict=True)
    )


def forget_trees(env: BuildEnvironment) -> None:
    """Forget the trees of pages, which are on the disk, and what was loaded from there.

    Sphinx 8.2 to 9.0 keep the first until they are written, and the other for ever; there is no
    setting, and what reads and writes them cannot be overridden.
    """
    for kept in ("_write_doc_doctree_cache", "_pickled_doctree_cache"):
        getattr(env, kept, {}).clear()


def forget_lists(env: BuildEnvironment) -> None:
    """Forget which pages list which in their tables of contents.

    Sphinx writes a page again whenever one that it lists was read, whatever changed there. The
    table is in use until pages are chosen for writing, and what was pickled of it stays. Read in
    Sphinx 9.0; nothing promised tells it which pages need not be written.
    """
    env.files_to_rebuild.clear()


def _listeners(app: Sphinx, event: str, module: str, function: str) -> list[EventListener]:
    """Return the connections of a function to an event.

    ``app.disconnect`` wants an id that only ``app.events.listeners`` has. Read in Sphinx 9.0.
    """
    return [
        listener
        for listener in app.events.listeners.get(event, ())
        if (listener.handler.__module__, listener.handler.__qualname__) == (module, function)
    ]


def ask_earlier(app: Sphinx, event: str, module: str, function: str, priority: int) -> bool:
    """Give an extension's event handler another priority; return whether it is connected at all.

    Themes are set up long after extensions, and pydata-sphinx-theme connects what makes its
    functions and what calls them at one priority: nothing of ours could come between the two.
    """
    found = _listeners(app, event, module, function)
    for listener in found[:1]:
        app.disconnect(listener.id)
        app.connect(event, listener.handler, priority=priority)
    return bool(found)


def collect_numbers_with(
    app: Sphinx, count: Callable[[BuildEnvironment, Callable[[], list[str]]], list[str]]
) -> None:
    """Let ``count`` number the figures in the place of Sphinx's own collector.

    It gets the environment, and what Sphinx would have done. Collectors can be added and not
    exchanged; sections are numbered as before. A collector of another extension, or one that it has
    patched, is left alone. Read in Sphinx 9.0.
    """
    numbers, collects = TocTreeCollector.assign_figure_numbers, TocTreeCollector.get_updated_docs
    if numbers.__module__ != collects.__module__:
        return
    for listener in _listeners(app, "env-get-updated", collects.__module__, collects.__qualname__):
        collector = listener.handler.__self__  # type: ignore[attr-defined]
        if type(collector).assign_figure_numbers is not numbers:
            continue

        def collect(
            _app: Sphinx, env: BuildEnvironment, collector: TocTreeCollector = collector
        ) -> list[str]:
            sections = collector.assign_section_numbers(env)
            return [*sections, *count(env, lambda: collector.assign_figure_numbers(env))]

        app.disconnect(listener.id)
        app.connect("env-get-updated", collect, priority=listener.priority)


def ask_only_if(
    app: Sphinx, event: str, module: str, function: str, is_needed: Callable[[], bool]
) -> None:
    """Let an extension's event handler be called only when it is needed."""
    for listener in _listeners(app, event, module, function):
        _ask_only_if(app, event, listener, is_needed, None)


def _ask_only_if(
    app: Sphinx, event: str, listener: EventListener, is_needed: Callable[[], bool], otherwise: Any
) -> None:
    @wraps(listener.handler)
    def ask(*given: Any) -> Any:
        return listener.handler(*given) if is_needed() else otherwise

    app.disconnect(listener.id)
    app.connect(event, ask, priority=listener.priority)


def number_only_if(app: Sphinx, is_needed: Callable[[], bool]) -> None:
    """Let Sphinx's collectors and us number the book only when it is needed.

    If others do so as well, nothing is spared: what they make of numbers cannot be known. Who is
    connected to an event, Sphinx 9.0 tells nobody.
    """
    event = "env-get-updated"
    listeners = [*app.events.listeners.get(event, ())]
    if all(one.handler.__module__.startswith(NUMBERING) for one in listeners):
        for listener in listeners:
            _ask_only_if(app, event, listener, is_needed, [])


def is_sphinx_own(app: Sphinx, builder: type[Builder]) -> bool:
    """Return whether the builder of that name is Sphinx's: no other extension has exchanged it.

    ``app.add_builder`` can put one in the place of another, and tells nobody of which.
    """
    return app.registry.builders.get(builder.name) is builder


@contextmanager
def wrapped_directives(wrap: Callable[[Any], Any]) -> Iterator[None]:
    """Let each directive be used in the form that ``wrap`` gives its class, while a page is parsed.

    Both parsers look directives up by this function of docutils; Sphinx puts its own in its place
    for its domains, in the same way and for as long.
    """
    found = directives.directive

    def wrapped(*names: Any) -> tuple[Any, list[Any]]:
        directive, messages = found(*names)
        return wrap(directive) if isinstance(directive, type) else directive, messages

    directives.directive = wrapped  # type: ignore[assignment]
    try:
        yield
    finally:
        directives.directive = found


def wrap_transforms(document: nodes.document, wrap: Callable[[Any], Any]) -> None:
    """Let each transform be used in the form that ``wrap`` gives its class, while a page is read.

    Reader, parser, Sphinx, directives and other transforms add theirs to one list, before a page is
    parsed and after it; each is taken from there when its turn comes. Read in docutils 0.22.
    """

    class Wrapping(list[Any]):
        def pop(self, *at: Any) -> Any:
            priority, transform, *more = super().pop(*at)
            return (priority, wrap(transform), *more)

    document.transformer.transforms = Wrapping(document.transformer.transforms)


def wrap_post_transforms(app: Sphinx, wrap: Callable[[Any], Any]) -> None:
    """Let each post-transform be used in the form that ``wrap`` gives its class.

    Sphinx 9.0 takes them from this list for each page, and from nowhere else.
    """
    known = app.registry.get_post_transforms()
    known[:] = map(wrap, known)


def filter_warnings(one: logging.Filter) -> None:
    """Let a filter see all warnings before Sphinx counts them.

    Sphinx's handler of warnings is known by its class; its first filters count, or raise.
    """
    for handler in logging.getLogger(NAMESPACE).handlers:
        if isinstance(handler, WarningStreamHandler):
            handler.filters.insert(0, one)


def see_warnings(one: Callable[[logging.LogRecord], bool]) -> None:
    """Let a function see each warning that is printed: after Sphinx's filters."""
    for handler in logging.getLogger(NAMESPACE).handlers:
        if isinstance(handler, WarningStreamHandler):
            handler.addFilter(one)


def filter_progress(one: Callable[[logging.LogRecord], bool]) -> None:
    """Let a filter see what Sphinx says of its progress, before it is printed.

    The handler of such messages is the one that lets no warning pass; it has no name.
    """
    for handler in logging.getLogger(NAMESPACE).handlers:
        if not isinstance(handler, WarningStreamHandler):
            handler.addFilter(one)


def place_of(app: Sphinx, record: logging.LogRecord) -> str:
    """Return the file, and mostly the line, that a warning names in one of four ways."""
    at = getattr(record, "location", None)
    if isinstance(at, tuple):
        docname, line = at
        return f"{app.env.doc2path(docname)}:{line}" if docname and line else str(docname or "")
    if isinstance(at, nodes.Node):
        return get_node_location(at) or ""
    return str(app.env.doc2path(at)) if at and ":" not in at else str(at or "")
