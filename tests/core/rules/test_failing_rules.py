"""A rule that fails on a page says so with the page's name, and judges all other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.book.facts import BookFacts, Facts
from sphinx_mmbook.core.checking.judge import judge_facts
from sphinx_mmbook.core.finding import Finding, Location, failed
from sphinx_mmbook.core.rules.registry import Rule, found, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = {name: Facts(f"{name}.md") for name in ("a", "b", "c")}


def each_page(book: BookFacts) -> Iterator[Finding]:
    for name, facts in book.pages.items():
        yield found(Location(facts.path, 3), f"{name} has {1 // (name != 'b')}")


def every_page(book: BookFacts) -> Iterator[Finding]:
    for facts in book.pages.values():
        yield found(Location(facts.path), str(1 // (facts.path != "b.md")))


def whole_book(book: BookFacts) -> Iterator[Finding]:
    raise ZeroDivisionError(f"{len(book.pages)} pages")


def rule_of(check: object) -> Rule:
    return Rule("odd", "info", "text", check, "Odd.", build=True)  # type: ignore[arg-type]


def test_a_rule_that_fails_on_one_page_names_it_and_judges_the_others() -> None:
    one, *others = run(rule_of(each_page), BookFacts(PAGES))
    assert (one.location, one.rule, one.level) == (Location("b.md", 1), "page-failed", "error")
    assert one.message.startswith("the rule 'odd' failed (ZeroDivisionError")
    assert "please report this" in one.message
    assert [(item.location.path, item.rule) for item in others] == [
        ("a.md", "odd"),
        ("c.md", "odd"),
    ]


def test_a_rule_that_fails_on_every_page_is_told_for_each() -> None:
    pages = {name: Facts("b.md") for name in "bc"}
    paths = [item.location.path for item in run(rule_of(every_page), BookFacts(pages))]
    assert paths == ["b.md", "b.md"]


def test_a_rule_that_fails_whatever_the_pages_is_told_once() -> None:
    for pages in (PAGES, {}):
        found_by_it = run(rule_of(whole_book), BookFacts(pages))
        assert [str(item.location) for item in found_by_it] == ["conf.py"]


def test_a_rule_of_the_check_alone_that_fails_names_the_page(tmp_path: Path) -> None:
    for name in ("conf.py", "index.md", "b.md"):
        (tmp_path / name).write_text("" if name == "conf.py" else "# Title\n", "utf-8")
    rule = Rule("odd", "info", "text", each_page, "Odd.")
    assert [str(item.location) for item in run(rule, load_book(tmp_path))] == [
        "b.md:1",
        "index.md:3",
    ]


def test_what_failed_while_a_page_was_read_is_a_finding_of_the_check() -> None:
    lost = failed(Location("a.md", 1), "the check of this page", ValueError("x"), "all else stands")
    assert judge_facts(BookFacts({}, (lost,))) == [lost]
