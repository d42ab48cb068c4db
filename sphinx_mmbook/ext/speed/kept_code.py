"""Highlighted code is kept beside the tree of its page: 0.02 s of an edit.

Pygments compiles the expressions of a language in each process before it can set one line of it.
Only what its own lexers and formatter have made is kept, and nothing of which Sphinx had to warn:
there an unknown language leaves text as it is, and a fault in code is marked.
"""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pygments
from pygments.formatters import HtmlFormatter
from sphinx.highlighting import PygmentsBridge

from sphinx_mmbook.core.files.paths import plain_bytes
from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.ext.guard import guarded_handler
from sphinx_mmbook.ext.speed.kept_sidebars import MOST, state_of

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from sphinx.application import Sphinx

#: After the name of the page, in the folder of the doctrees.
SUFFIX = ".code.json"
#: After all who exchange the bridge.
LAST = 900
LEXERS = "pygments.lexers."
#: What a token looks like, and one that is a fault.
TOKEN, FAULT = '<span class="', '<span class="err"'


class KeptCode(PygmentsBridge):
    """Sphinx's bridge to Pygments, which looks for what is kept of a page."""

    def __init__(self, bridge: PygmentsBridge, app: Sphinx) -> None:
        self.__dict__.update(vars(bridge))
        self.app = app
        self.page = ""
        #: The blocks of the page by digest: kept by the last build, and asked for in this one.
        self.known: dict[str, str] = {}
        self.used: dict[str, str] = {}
        self.is_from_pygments = True

    def get_lexer(self, *given: Any, **named: Any) -> Lexer:
        """Return what reads a language; note whether it is part of Pygments."""
        lexer = super().get_lexer(*given, **named)
        self.is_from_pygments &= type(lexer).__module__.startswith(LEXERS)
        return lexer

    def highlight_block(
        self,
        source: str,
        lang: str,
        opts: dict[str, Any] | None = None,
        force: bool = False,
        location: Any = None,
        **kwargs: Any,
    ) -> str:
        """Return a block of code as HTML."""
        self.turn_to(self.app.builder.current_docname)  # type: ignore[attr-defined]
        asked = repr((source, lang, opts, force, sorted(kwargs.items()))).encode("utf-8", "replace")
        key = blake2b(asked, digest_size=16).hexdigest()
        if key in self.known:
            self.used[key] = self.known[key]
            return self.used[key]
        self.is_from_pygments = True
        html = super().highlight_block(source, lang, opts, force, location, **kwargs)
        is_right = TOKEN in html and FAULT not in html and not kwargs.get("linenos")
        if self.is_from_pygments and is_right:
            self.used[key] = html
        return html

    def turn_to(self, page: str) -> None:
        """Take over what is kept of a page, unless it is the one that is being written."""
        if page == self.page:
            return
        self.page, self.known, self.used = page, {}, {}
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            kept = json.loads(plain_bytes(self.file(), MOST))
            if kept["state"] == self.state():
                self.known = {str(key): str(html) for key, html in kept["blocks"].items()}

    def keep(self, app: Sphinx, pagename: str, *_: object) -> None:
        """Keep the blocks of a page whose text has been made."""
        if pagename == self.page and self.used != self.known:
            with suppress(OSError):  # a full disk is told elsewhere
                text = json.dumps({"state": self.state(), "blocks": self.used})
                write_whole({self.file(): text})
        self.page = ""

    def file(self) -> Path:
        """Return where the blocks of the page are kept."""
        return Path(self.app.doctreedir, self.page + SUFFIX)

    def state(self) -> str:
        """Return a digest of what decides how code looks."""
        return state_of(self.app, pygments.__version__)


def keep_code(app: Sphinx) -> None:
    """Put ours in the place of Sphinx's bridge; one of another extension is left alone."""
    bridge = getattr(app.builder, "highlighter", None)
    if not (app.config.mmbook_speedups and app.builder.name == "html"):
        return
    if type(bridge) is PygmentsBridge and bridge.formatter is HtmlFormatter:
        app.builder.highlighter = kept = KeptCode(bridge, app)  # type: ignore[attr-defined]
        app.connect("html-page-context", guarded_handler("html-page-context", kept.keep))


def setup_kept_code(app: Sphinx) -> None:
    """Register it."""
    app.connect("builder-inited", keep_code, priority=LAST)
