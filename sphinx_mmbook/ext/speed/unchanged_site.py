"""A build that reads and writes no page leaves the site as it is, and any other the static files.

Sphinx 9.0 writes the index, the page of the search, the search index, the inventory, and some style
sheets at the end of every build, whatever changed: 0.4 s of one that changes nothing. It copies the
140 static files of the theme each time, too: 0.06 s. After an edit of prose neither index nor
inventory have anything new to say, nor has the side bar on the page of the search: 0.02 s.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.builders.html import INVENTORY_FILENAME, StandaloneHTMLBuilder

from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.ext.adapters.sphinx import ask_only_if, is_sphinx_own
from sphinx_mmbook.ext.speed.first_pages import FirstPagesBuilder
from sphinx_mmbook.ext.speed.kept_sidebars import state_of
from sphinx_mmbook.ext.toctrees import chapter_outline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Set

    from sphinx.environment import BuildEnvironment

#: What the theme writes at the end of every build besides.
THEME_STYLE = ("pydata_sphinx_theme.pygments", "overwrite_pygments_css")
#: Settings that name files and folders which Sphinx copies as they are.
COPIED = (
    "html_static_path", "html_extra_path", "html_logo", "html_favicon", "html_search_scorer",
)  # fmt: skip
#: In the folder of the doctrees, what index, page of the search and inventory were last made of.
SUMMARIES = "mmbook-summaries"

#: Writes its redirects only if the builder's type is the very one of Sphinx.
ASKS_FOR_TYPE = "sphinxext.rediraffe"


class SiteBuilder(FirstPagesBuilder):
    """Sphinx's builder of a site, for which no change is no work."""

    #: Whether pages have gone since the last build; nothing but that event tells.
    has_lost_pages = False
    is_unchanged = False
    #: Whether the static files are as the last build left them.
    has_static_files = False
    #: Whether index, page of the search and inventory are as the last build left them, and of what
    #: they are made.
    has_summaries = False
    summarised = ""
    state: Callable[..., str]

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Look whether there is anything to write, and to copy."""
        super().prepare_writing(docnames)
        is_current = self.config.mmbook_speedups and self.is_current()
        # A new setting of the site has all pages written.
        self.has_static_files = is_current and len(docnames) < len(self.env.found_docs)
        is_same = not (docnames or self.has_lost_pages)
        self.is_unchanged = is_current and is_same and self.is_complete()
        if not self.is_unchanged:
            self.look_at_summaries()

    def look_at_summaries(self) -> None:
        """Look whether index, page of the search and inventory are those of the last build."""
        kept, domains = Path(self.doctreedir, SUMMARIES), self.env.domains
        objects = [(one.name, sorted(map(repr, one.get_objects()))) for one in domains.sorted()]
        index, date = domains.index_domain.entries, self.globalcontext["last_updated"]
        shown = (chapter_outline(self.env), objects, sorted(index.items()), date)
        self.summarised = self.state(self.outdir, *shown)
        others = self.domain_indices or self.config.html_additional_pages
        is_same = self.has_static_files and not others and all(map(Path.is_file, self.summaries()))
        with suppress(OSError):
            self.has_summaries = is_same and kept.read_text("utf-8") == self.summarised
        if not self.has_summaries:
            kept.unlink(missing_ok=True)  # in case this build does not come to its end

    def is_current(self) -> bool:
        """Return whether nothing that is copied is newer than the end of the last build."""
        try:
            copied = max((path.stat().st_ctime_ns for path in self.copied_files()), default=0)
        except OSError:
            return False
        has_style = Path(self.outdir, "_static/pygments.css").is_file()
        return has_style and self.last_end() >= copied

    def is_complete(self) -> bool:
        """Return whether the last build that changed something wrote all."""
        indices = [self.searchindex_filename] * bool(self.search)
        written = [
            *(Path(self.outdir, name) for name in (".buildinfo", *indices)),
            *self.summaries(),
        ]
        try:
            # Sphinx saves its environment before it writes.
            saved = Path(self.doctreedir, ENV_PICKLE_FILENAME).stat().st_mtime_ns
        except OSError:
            return False
        return all(path.is_file() for path in written) and self.last_end() >= saved

    def summaries(self) -> list[Path]:
        """Return the files of index, page of the search and inventory."""
        pages = ["genindex"] * bool(self.use_index) + ["search"] * bool(self.search)
        paths = (Path(self.get_output_path(page)) for page in pages)
        return [*paths, Path(self.outdir, INVENTORY_FILENAME)]

    def last_end(self) -> int:
        """Return when a build went to its end: Sphinx writes the inventory last. -1 if none has."""
        try:
            return Path(self.outdir, INVENTORY_FILENAME).stat().st_mtime_ns
        except OSError:
            return -1

    def copied_files(self) -> Iterator[Path]:
        """Yield what Sphinx copies to the site as it is, and what says how."""
        yield Path(self.confdir, "conf.py")
        themes = [Path(folder, "static") for folder in self.theme.get_theme_dirs()]
        named: list[Path] = []
        for name in COPIED:
            given = self.config[name] or ()
            paths: Iterable[str] = (given,) if isinstance(given, str) else given
            named += [Path(self.confdir, some) for some in paths if "://" not in some]
        for path in (*filter(Path.is_dir, themes), *named):
            yield path
            for folder, folders, files in os.walk(path):
                yield from (Path(folder, inner) for inner in (*folders, *files))

    def copy_assets(self) -> None:
        """Copy style sheets and the like, unless nothing has changed."""
        if not self.is_unchanged:
            super().copy_assets()

    def copy_static_files(self) -> None:
        """Copy static files, unless they are there."""
        if not self.has_static_files:
            super().copy_static_files()

    def finish(self) -> None:
        """Write indices and the rest, unless nothing has changed."""
        if not self.is_unchanged:
            super().finish()
            with suppress(OSError):  # a full disk is told elsewhere
                write_whole({Path(self.doctreedir, SUMMARIES): self.summarised})

    def gen_indices(self) -> None:
        """Write the index, unless it is there."""
        if not self.has_summaries:
            super().gen_indices()

    def gen_additional_pages(self) -> None:
        """Write the page of the search, unless it is there."""
        if not self.has_summaries:
            super().gen_additional_pages()

    def dump_inventory(self) -> None:
        """Write the inventory, or say with its time that the build is at its end."""
        if self.has_summaries:
            Path(self.outdir, INVENTORY_FILENAME).touch()
        else:
            super().dump_inventory()


def note_lost_pages(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> list[str]:
    """Tell the builder of pages that are gone."""
    if isinstance(app.builder, SiteBuilder):
        app.builder.has_lost_pages = bool(removed)
    return []


def spare_style(app: Sphinx) -> None:
    """Have the theme write its style only with the other static files."""
    builder = app.builder
    if isinstance(builder, SiteBuilder):
        builder.state = partial(state_of, app)
        ask_only_if(app, "build-finished", *THEME_STYLE, lambda: not builder.has_static_files)


def setup_unchanged_site(app: Sphinx) -> None:
    """Put our builder in the place of Sphinx's."""
    asks_for_type = ASKS_FOR_TYPE in app.config.extensions
    if is_sphinx_own(app, StandaloneHTMLBuilder) and not asks_for_type:
        app.add_builder(SiteBuilder, override=True)
    app.connect("env-get-outdated", note_lost_pages)
    app.connect("builder-inited", spare_style)
