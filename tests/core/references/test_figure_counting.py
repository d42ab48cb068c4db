"""Figures are counted as Sphinx counts them: by section, through the pages in reading order."""

from __future__ import annotations

from sphinx_mmbook.core.references.figure_counting import Countable, count_as_sphinx

SECTIONS = {
    "a": {"": (1,), "#deep": (1, 1), "#none": ()},
    "a/sub": {"": (1, 2)},
    "b": {"": (2,)},
}


def figure(name: str, *sections: str) -> Countable:
    return Countable(sections, "figure", name)


def listed(page: str, *sections: str) -> Countable:
    return Countable(sections, "", page)


def test_figures_count_anew_in_each_chapter_and_go_on_in_pages_below() -> None:
    pages = {
        "index": [listed("a", "top"), listed("b", "top")],
        "a": [figure("one", "top"), listed("a/sub", "top"), figure("three", "deep", "top")],
        "a/sub": [figure("two", "top")],
        "b": [Countable(("top",), "table", "rows"), figure("four", "top")],
    }
    assert count_as_sphinx(pages, "index", SECTIONS, 1) == {
        "a": {"figure": {"one": (1, 1), "three": (1, 3)}},
        "a/sub": {"figure": {"two": (1, 2)}},
        "b": {"table": {"rows": (2, 1)}, "figure": {"four": (2, 1)}},
    }


def test_a_section_without_a_number_has_that_of_the_one_around_it() -> None:
    pages = {"a": [figure("x", "none", "deep", "top"), figure("y", "none", "top")]}
    assert count_as_sphinx(pages, "a", SECTIONS, 2) == {
        "a": {"figure": {"x": (1, 1, 1), "y": (1, 1)}}
    }


def test_a_page_below_counts_with_the_section_that_lists_it_if_it_has_none() -> None:
    pages = {"a": [listed("plain", "deep")], "plain": [figure("x", "top")]}
    assert count_as_sphinx(pages, "a", SECTIONS, 9) == {"plain": {"figure": {"x": (1, 1, 1)}}}


def test_pages_that_list_each_other_or_nothing_count_once() -> None:
    pages = {
        "a": [listed("a"), listed("b"), listed("b"), listed("gone"), figure("x")],
        "b": [listed("a"), figure("y")],
    }
    counted = count_as_sphinx(pages, "a", {}, 1)
    assert counted == {"b": {"figure": {"y": (1,)}}, "a": {"figure": {"x": (2,)}}}
    assert count_as_sphinx({}, "a", {}, 1) == {}


def test_two_thousand_pages_one_below_the_other_are_counted() -> None:
    pages = {str(n): [listed(str(n + 1)), figure("x")] for n in range(2000)}
    assert count_as_sphinx(pages, "0", {}, 1)["0"] == {"figure": {"x": (2000,)}}
