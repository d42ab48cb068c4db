"""The checker in the build: all pages are read and judged before anything is executed."""

from __future__ import annotations

import glob
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from sphinx.util.matching import Matcher

from sphinx_mmbook.core.book.conf_file import faults_of_settings, settings_of_conf
from sphinx_mmbook.core.book.facts import BookFacts, Facts, Ignore, facts_of
from sphinx_mmbook.core.book.ignore_comments import ignores_in_bibliographies
from sphinx_mmbook.core.book.unfit_pages import unfit_pages
from sphinx_mmbook.core.book.vocabulary import vocabulary_for
from sphinx_mmbook.core.checking.judge import judge_facts
from sphinx_mmbook.core.files.lookup import path_from
from sphinx_mmbook.core.files.paths import OUTSIDE, is_special
from sphinx_mmbook.core.finding import BookError, Finding
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import Source, read_source
from sphinx_mmbook.core.pages.stub import page_text, stub
from sphinx_mmbook.core.people.chapter_metadata import Chapter, chapter_from
from sphinx_mmbook.core.people.people import People, load_people
from sphinx_mmbook.core.provenance.frozen import frozen_page
from sphinx_mmbook.core.rules.book.setting_up import no_root
from sphinx_mmbook.core.rules.directives.named_files import code_outside
from sphinx_mmbook.core.rules.registry import failing_rules
from sphinx_mmbook.ext.adapters.sphinx import accept_any_encoding, set_where_unset
from sphinx_mmbook.ext.adapters.vocabulary import vocabulary_of
from sphinx_mmbook.ext.citations.citation_domain import citation_domain
from sphinx_mmbook.ext.config import book_settings
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.guard import on_page, page_of, unforeseen
from sphinx_mmbook.ext.pages.errors import BOOK_JUDGED, errors_of_check
from sphinx_mmbook.ext.pages.vocabulary_file import keep_vocabulary
from sphinx_mmbook.ext.report import level_of, report, report_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.pages.page import Page

#: Other parts of us name folders to leave out before.
AFTER_DEFAULTS = 900
#: Emitted with each page that will be read, once it has been read for the check.
PAGE_CHECKED = "mmbook-page-checked"
#: Emitted once all have been.
PAGES_CHECKED = "mmbook-pages-checked"


class Rejected(SystemExit):
    """Labels that would break the book; nothing has been executed yet.

    Exits with status 1. No ``SphinxError``: since version 9 Sphinx prints those with a traceback
    and asks for a bug report, and this is a user's mistake.
    """


class Checker:
    """One build's pages, from their check until Sphinx reads them.

    Of each, its text and what the domain will know are kept, its many elements only until all are
    judged.
    """

    def __init__(self) -> None:
        self.pages: dict[str, tuple[Source, Facts, Chapter]] = {}
        self.faults: dict[str, Finding] = {}
        self.scanned: dict[str, Page] = {}
        self.people = People()
        self.unfit: list[Finding] = []

    def leave_out(self, app: Sphinx, config: Config) -> None:
        """Leave pages out of the book that Sphinx must not read, and at once what is not a page."""
        ends = [f"**{glob.escape(suffix)}" for suffix in config.source_suffix]
        set_where_unset(config, {"include_patterns": ends})
        left_out = Matcher(config.exclude_patterns)
        found = unfit_pages(Path(app.srcdir), tuple(config.source_suffix), left_out)
        self.unfit = [fault for fault in found.values() if fault]
        patterns = (glob.escape(normalize("NFC", path)) for path in found)
        config.exclude_patterns = [*config.exclude_patterns, *patterns]

    def before_read(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Check all pages that will be read, and the book with them."""
        accept_any_encoding(env)
        refuse_without_root(env)
        self.people = load_people(env.srcdir)
        # What could not be read has no facts, and is told again until it is mended.
        again = [*docnames, *sorted(env.found_docs - set(book_domain(env).facts) - set(docnames))]
        facts = {docname: self.pages[docname][1] for docname in again if self.read(app, docname)}
        library = citation_domain(env).library
        words, settings = vocabulary_of(app), book_settings(app.config)
        known, conf = vocabulary_for(Path(app.srcdir), settings), Path(app.confdir)
        mistyped = faults_of_settings(settings_of_conf(conf).conf, conf, known, words["settings"])
        made = (
            *self.unfit, *self.people.findings, *library.findings, *self.faults.values(), *mistyped
        )  # fmt: skip
        with on_page(env, "", "the check of the book"):
            keep_vocabulary(app, words)
            silenced = ignores_in_bibliographies(env.srcdir, library)
            errors: list[Finding] = []
            if again or book_domain(env).is_changed or not is_judged(env, made, silenced):
                last = book_domain(env).facts
                kept = {page: last[page] for page in sorted(last.keys() - docnames)}
                errors = self.judge(app, BookFacts(kept | facts, made, library, silenced))
            findings = book_domain(env).judged[1]
            report_first(env, sorted([*findings, *errors]))
            reject(env, findings)
        self.scanned.clear()
        app.emit(PAGES_CHECKED)

    def judge(self, app: Sphinx, book: BookFacts) -> list[Finding]:
        """Judge the book, which the domain remembers; return the errors of pages that are read."""
        domain = book_domain(app.env)
        domain.note_judged("", ())  # in case anything fails
        found = judge_facts(book)
        errors = errors_of_check(app, self.scanned, book, self.people, partial(self.scan, app))
        domain.note_judged(state_of(app.env, book.findings, book.silenced), tuple(found))
        return errors

    def scan(self, app: Sphinx, docname: str) -> Page:
        """Return a page as the check sees it."""
        path = app.env.doc2path(docname, base=False).as_posix()
        folder = Path(app.srcdir)
        return scan(read_source(folder, path), book_settings(app.config).syntax, folder)

    def read(self, app: Sphinx, docname: str) -> bool:
        """Read a page; return whether that went well. Else the page will say why not."""
        env = app.env
        try:
            page = self.scan(app, docname)
            refuse_devices(env, page)
            chapter = chapter_from(page.source.front, self.people)[0]
            made = frozen_page(env.srcdir, page).findings
            self.scanned[docname] = page
            self.pages[docname] = (page.source, facts_of(page, self.people, made), chapter)
            app.emit(PAGE_CHECKED, page)
        except BookError as error:
            self.faults[docname] = error.finding
        except Exception as error:
            self.faults[docname] = unforeseen(
                page_of(env, docname), "the check of this page", error
            )
        return docname in self.pages

    def source_read(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """Note what the page is; give Sphinx a text that it can read."""
        env = app.env
        if docname not in env.found_docs:
            return
        domain = book_domain(env)
        path = env.doc2path(docname, base=False).as_posix()
        if fault := self.faults.get(docname):
            content[0] = stub(path, fault, app.config.language)
            return
        if docname not in self.pages:
            return
        source, facts, chapter = self.pages.pop(docname)
        domain.note_facts(docname, facts)
        domain.note_chapter(docname, chapter)
        # Readers of other formats, such as jupytext, know their own front matter.
        if not path.endswith(tuple(app.config.nb_custom_formats)):
            content[0] = page_text(source, content[0])

    def merged(
        self, app: Sphinx, env: BuildEnvironment, docnames: Set[str], other: BuildEnvironment
    ) -> None:
        """Forget the texts of pages that another process has read."""
        for docname in docnames:
            self.pages.pop(docname, None)


def refuse_without_root(env: BuildEnvironment) -> None:
    """Stop at once if there is no root page; Sphinx would print a traceback after reading all.

    :raises SystemExit: with status 1 and what to do.
    """
    if env.config.root_doc not in env.found_docs:
        raise SystemExit(f"mmbook: {no_root(env.config.root_doc)}")


def refuse_devices(env: BuildEnvironment, page: Page) -> None:
    """Refuse a page that reads a device, or loads code that is not the book's.

    MyST-NB does not ask us.

    :raises BookError: naming it.
    """
    for item in page.of("directive"):
        path = path_from(page.path, item.text) if item.name == "include" else ""
        if path and is_special(Path(env.srcdir, path)):
            message = f"'{path}', which this page includes, is a device or a pipe; take it out"
            refuse(env, Finding(item.at, OUTSIDE, message))
    # MyST-NB takes a cell's code from the file that its option ``load`` names.
    for fault in code_outside(Path(env.srcdir), page.source):
        refuse(env, replace(fault, rule=OUTSIDE))


def refuse(env: BuildEnvironment, finding: Finding) -> None:
    """Report a finding that only the build makes, and refuse the page.

    :raises BookError: with the finding.
    """
    report(env, finding)
    raise BookError(finding)


def state_of(env: BuildEnvironment, made: tuple[Finding, ...], silenced: tuple[Ignore, ...]) -> str:
    """Return what a book is judged by besides its pages; nothing if it is to be judged anew."""
    library = citation_domain(env).library_state
    return library and repr((library, made, silenced))


def is_judged(
    env: BuildEnvironment, made: tuple[Finding, ...], silenced: tuple[Ignore, ...]
) -> bool:
    """Return whether the last build has judged the book as it is; no page has changed."""
    return state_of(env, made, silenced) == book_domain(env).judged[0] != ""


def reject(env: BuildEnvironment, findings: Iterable[Finding]) -> None:
    """Stop the build if a label is rejected.

    :raises Rejected: with the number of labels and the setting that lets the build go on.
    """
    rejecting = {rule.slug for rule in failing_rules() if rule.rejects}
    bad = [item for item in findings if item.rule in rejecting and level_of(env, item) == "error"]
    if bad:
        slugs = sorted({item.rule for item in bad})
        rules = ", ".join(f"'{slug}': 'warning'" for slug in slugs)
        labels = f"{len(bad)} label{'s' * (len(bad) > 1)}"
        raise Rejected(
            f"\nBuild stopped: {labels} must be changed; {_ADVICE[slugs[-1]]}.\n"
            f"To build all the same, set in conf.py: mmbook_rules = {{{rules}}}"
        )


#: What helps against labels that are rejected; which of two equal ones is meant, nobody can tell.
_ADVICE = {
    "label-underscore": "'mmbook check --fix' renames those that have one right name",
    "label-collision": "of two that are equal, give one another name, also in the references to it",
}


def setup_check(app: Sphinx) -> None:
    """Check before reading; be the first that sees a page's text."""
    checker = Checker()
    app.add_event(PAGE_CHECKED)
    app.add_event(PAGES_CHECKED)
    app.add_event(BOOK_JUDGED)
    app.connect("config-inited", checker.leave_out, priority=AFTER_DEFAULTS)
    app.connect("env-before-read-docs", checker.before_read, priority=100)
    app.connect("source-read", checker.source_read, priority=100)
    app.connect("env-merge-info", checker.merged)
