"""The side bar of pydata-sphinx-theme and sphinx-book-theme, made once and marked on each page.

For every page the theme copies the tables of contents of all pages, turns them into HTML, parses
that and walks it (``pydata_sphinx_theme/toctree.py``, read in 0.20): the time grows with the square
of the pages, and is a fifth of a build at 100. But the bar is the same everywhere, apart from what
is marked as current and from where its links start. So the theme's own function makes it for the
first page; the others get that text with their own marks and links.

Whether ours is the theme's to the letter is compared on two pages that the bar leads to and on one
that it does not, by each build that has other chapters than the last. If it is not, or if the bar
has anything unusual, the theme goes on as ever.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from sphinx.util.osutil import relative_uri

from sphinx_mmbook.ext.adapters.sphinx import ask_earlier
from sphinx_mmbook.ext.speed.kept_contents import keep_contents
from sphinx_mmbook.ext.speed.kept_sidebars import Bar, read_bars, write_bars

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

#: The number of pages on which ours is compared with the theme's: of those that the bar leads to,
#: and of others, on which nothing is marked.
COMPARED = {True: 2, False: 1}
#: The theme adds its function and calls it, both at 500; ours has to come between.
THEME = ("pydata_sphinx_theme.toctree", "add_toctree_functions")
THEME_FIRST, THEN_OURS = 490, 495

_TAG = re.compile(
    r'<(?P<name>li|ul|a|details)(?: class="(?P<classes>[^"]*)")?(?: href="(?P<href>[^"]*)")?'
    r'(?P<open> open="open")?(?P<rest>[^<>]*)>|</(?P<end>li|ul)>'
)
_EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


@dataclass(frozen=True)
class Tag:
    """A tag that looks different on each page, and the text before it.

    ``above`` are the tags around it that are marked with it; ``target`` is where a link leads, from
    the top of the site, or what it says if that is not a page of it.
    """

    before: str
    name: str
    classes: tuple[str, ...]
    above: tuple[int, ...]
    target: str = ""
    is_open: bool = False
    rest: str = ""

    def text(self, is_current: bool, page: str) -> str:
        """Return the tag as it stands on the page with that address."""
        classes = self.classes
        if is_current and self.name == "li":
            classes = (*classes[:1], "current", "active", *classes[1:])
        elif is_current and self.name in ("a", "ul"):
            classes = ("current", *classes)
        parts = [f' class="{" ".join(classes)}"'] if classes else []
        if self.target:
            outside = _EXTERNAL.match(self.target)
            href = self.target if outside else relative_uri(page, self.target) or "#"
            parts.append(f' href="{href}"')
        if self.is_open or (is_current and self.name == "details"):
            parts.append(' open="open"')
        return f"{self.before}<{self.name}{''.join(parts)}{self.rest}>"


@dataclass(frozen=True)
class Outline:
    """A side bar without the marks of any page; ``end`` is the text after its last tag."""

    tags: tuple[Tag, ...]
    end: str

    @cached_property
    def targets(self) -> frozenset[str]:
        """Where the links lead."""
        return frozenset(tag.target for tag in self.tags if tag.target)

    def on(self, page: str) -> str:
        """Return the side bar of the page with that address."""
        current: set[int] = set()
        for index, tag in enumerate(self.tags):
            if tag.target == page:
                current |= {index, *tag.above}
        # A list that can be folded is open where its entry is current.
        return (
            "".join(
                tag.text(
                    index in current or (tag.name == "details" and tag.above[-1] in current), page
                )
                for index, tag in enumerate(self.tags)
            )
            + self.end
        )


def read_outline(html: str, page: str, open_levels: int) -> Outline | None:
    """Return the outline of a page's side bar; None if it is unusual, say one page twice.

    ``open_levels`` is the number of levels that are open on all pages.
    """
    tags: list[Tag] = []
    above: list[int] = []
    position = 0
    for match in _TAG.finditer(html):
        if match["end"]:
            if not above:
                return None
            above.pop()
            continue
        classes = tuple(
            c for c in (match["classes"] or "").split() if c not in ("current", "active")
        )
        level = sum(tags[index].name == "li" for index in above)
        target = _target(match["href"] or "", page)
        is_open = bool(match["open"]) and level < open_levels
        before = html[position : match.start()]
        tags.append(
            Tag(before, match["name"], classes, tuple(above), target, is_open, match["rest"])
        )
        position = match.end()
        if match["name"] in ("li", "ul"):
            above.append(len(tags) - 1)
    outline = Outline(tuple(tags), html[position:])
    links = sum(bool(tag.target) for tag in tags)
    return outline if links == len(outline.targets) else None


def _target(href: str, page: str) -> str:
    if not href or _EXTERNAL.match(href):
        return href
    return (
        page if href == "#" else posixpath.normpath(posixpath.join(posixpath.dirname(page), href))
    )


class Sidebars:
    """The side bars of one build."""

    def __init__(self) -> None:
        self.outlines: dict[str, Outline | None] = {}
        self.compared: dict[tuple[str, bool], set[str]] = {}
        #: What the theme made for the first page, and what an earlier build has compared.
        self.made: dict[str, Bar] = {}
        self.kept: dict[str, Bar] | None = None

    def take_over(self, kept: dict[str, Bar]) -> None:
        """Start with the side bars that an earlier build has compared."""
        self.kept = kept
        self.outlines |= {key: read_outline(*bar) for key, bar in kept.items()}

    def keep(self, app: Sphinx, error: Exception | None) -> None:
        """Leave them to the next build, if this one has made others."""
        sure = {
            key: bar
            for key, bar in self.made.items()
            if self.outlines[key]
            and all(
                len(self.compared.get((key, kind), ())) >= most for kind, most in COMPARED.items()
            )
        }
        if sure and not error:
            write_bars(app, {**(self.kept or {}), **sure})

    def add(
        self,
        app: Sphinx,
        pagename: str,
        templatename: str,
        context: dict[str, Any],
        doctree: object,
    ) -> None:
        """Replace the theme's function in the context of a page."""
        theme = context.get("generate_toctree_html")
        if app.config.mmbook_speedups and app.builder.name == "html" and theme:
            if self.kept is None:
                self.take_over(read_bars(app))
            page = app.builder.get_target_uri(pagename)
            context["generate_toctree_html"] = lru_cache(maxsize=None)(
                lambda kind, startdepth=1, **options: self.sidebar(
                    theme, page, kind=kind, startdepth=startdepth, **options
                )
            )

    def sidebar(self, theme: Callable[..., object], page: str, **options: Any) -> object:
        """Return what the theme's function would return, as text where it is the side bar."""
        levels = options.get("show_nav_level", 1)
        kind = (options["kind"], options["startdepth"], bool(options.get("collapse", True)))
        if kind != ("sidebar", 0, False) or not levels:
            return theme(**options)
        key = repr(sorted(options.items()))
        outline = self.outlines.get(key)
        if outline and self.is_sure(key, outline, page):
            return outline.on(page)
        html = str(theme(**options))
        if key not in self.outlines:
            self.made[key] = (html, page, levels)
            self.outlines[key] = outline = read_outline(html, page, levels)
        if outline:
            self.compared.setdefault((key, page in outline.targets), set()).add(page)
            if outline.on(page) != html:
                self.outlines[key] = None
        return html

    def is_sure(self, key: str, outline: Outline, page: str) -> bool:
        """Return whether ours was the theme's on enough pages like this one."""
        is_listed = page in outline.targets
        compared = self.compared.get((key, is_listed), ())
        return key in (self.kept or ()) or len(compared) >= COMPARED[is_listed]


def make_room(app: Sphinx) -> None:
    """Have the theme add its function before ours is asked for."""
    ask_earlier(app, "html-page-context", *THEME, priority=THEME_FIRST)


def setup_sidebar(app: Sphinx) -> None:
    """Register the function, and what to do once the theme is set up."""
    sidebars = Sidebars()
    app.connect("builder-inited", make_room)
    app.connect("html-page-context", sidebars.add, priority=THEN_OURS)
    app.connect("html-page-context", keep_contents, priority=THEN_OURS)
    app.connect("build-finished", sidebars.keep)
