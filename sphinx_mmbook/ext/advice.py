"""What others warn of: said once, and with our advice; not at all where a rule of ours has said it.

Sphinx gives no event for its messages, so this is a filter of its handler of warnings. What it
holds back does not count: a build with ``-W`` fails because of our own finding.
"""

from __future__ import annotations

import logging as python_logging
from typing import TYPE_CHECKING

from sphinx.util import logging

from sphinx_mmbook.core.checking.upstream import Upstream, is_said, kind_of, quoted
from sphinx_mmbook.ext.adapters.myst_nb import says_settings
from sphinx_mmbook.ext.adapters.sphinx import filter_progress, filter_warnings, place_of
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.positions import location_of
from sphinx_mmbook.ext.report import line_in_file

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)


class Advice(python_logging.Filter):
    """Looks at each warning before Sphinx counts it."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__()
        self.app = app
        self.seen: set[tuple[str, str]] = set()

    def filter(self, record: python_logging.LogRecord) -> bool:
        """Return whether the warning is to be printed; add what the author can do."""
        parts = (getattr(record, name, None) or "" for name in ("type", "subtype"))
        name = ".".join(parts).strip(".")
        # While extensions are set up, there is no page that could be at fault.
        is_early = getattr(self.app, "env", None) is None
        if record.levelno < python_logging.WARNING or name.startswith("mmbook") or is_early:
            return True
        message = record.getMessage()
        kind = kind_of(name or "sphinx", message)
        if kind is None:
            return True
        place = place_of(self.app, record)
        key = (place, message)
        if key in self.seen or self.is_ours(kind, message, place):
            return False
        self.seen.add(key)
        # Below an empty line docutils quotes the whole block, which begins at the place named.
        # MyST-NB ends with what Sphinx adds as well.
        said = " ".join(message.partition("\n\n")[0].split()).removesuffix(f"[{name}]")
        record.msg, record.args = f"{said.rstrip(' .')}; {self.advice_on(kind, message)}", ()
        if kind.is_note:
            logger.info(record.msg, location=getattr(record, "location", None))
        return not kind.is_note

    def advice_on(self, kind: Upstream, message: str) -> str:
        """Return what to do; of a label that a page has, where nothing was made of it."""
        names = quoted(message) if kind.is_of_label else ()
        labels = (one for page in book_domain(self.app.env).facts.values() for one in page.labels)
        at = next((one.at for one in labels if one.name in names), None)
        return f"what {at} names was not made; see what is said of it" if at else kind.advice

    def is_ours(self, kind: Upstream, message: str, place: str) -> bool:
        """Whether a finding of this build says the same."""
        # MyST-Parser calls some directives of a page those of "index.md.rst".
        place = place.replace(".md.rst:", ".md:")
        path, _, number = place.rpartition(":")
        at = location_of(self.app.env, path, int(number)) if number.isdecimal() else None
        at = at or location_of(self.app.env, place.rstrip(":"), 0)
        domain = book_domain(self.app.env)
        found = [*domain.reported.items(), *domain.silenced.items()]
        anywhere = kind.type == "toc.no_title" or not place
        # What a notebook includes has a line and no file.
        ours = ((line, rule, text) for (page, line, rule), text in found
                if page == at.path or anywhere or path == "<unknown>")  # fmt: skip
        return is_said(kind, message, 0 if anywhere else at.line and line_in_file(at), ours)


def setup_advice(app: Sphinx) -> None:
    """Put the filter before Sphinx's own; with ``-v`` all settings are printed."""
    filter_warnings(Advice(app))
    if not app.verbosity:
        filter_progress(lambda record: not says_settings(record))
