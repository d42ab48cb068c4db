"""Numbers of a book from numbers of its parts."""

from __future__ import annotations

from sphinx_mmbook.core.references.numbering import count_figures, offsets, shift_sections

SECTIONS = {
    "a": {"": (1,), "#x": (1, 1)},
    "b": {"": (2,), "#deep": ()},
    "c": {"": (1,), "#y": (1, 1)},
    "c/sub": {"": (1, 2)},
    "d": {"": (1,)},
}
PARTS = [["a", "b"], ["c", "c/sub"], ["d", "a"]]


def test_each_part_goes_on_where_the_last_one_ended() -> None:
    before = offsets(PARTS, SECTIONS)
    assert before == {"a": 0, "b": 0, "c": 2, "c/sub": 2, "d": 3}
    shifted = shift_sections(SECTIONS, before)
    assert shifted["c"] == {"": (3,), "#y": (3, 1)}
    assert shifted["c/sub"] == {"": (3, 2)}
    assert shifted["d"] == {"": (4,)}


def test_a_heading_without_number_gets_none() -> None:
    assert shift_sections(SECTIONS, offsets(PARTS, SECTIONS))["b"] == {"": (2,), "#deep": ()}


def test_an_empty_part_counts_nothing() -> None:
    assert offsets([["a"], ["gone"], ["d"]], SECTIONS)["d"] == 1


def test_figures_of_two_first_chapters_are_counted_apart() -> None:
    figures = {
        "a": {"figure": {"one": (1, 1), "three": (1, 3)}, "table": {"t": (1, 1)}},
        "c": {"figure": {"two": (1, 2)}, "table": {"t": (1, 2)}},
    }
    assert count_figures(figures, offsets(PARTS, SECTIONS)) == {
        "a": {"figure": {"one": (1, 1), "three": (1, 2)}, "table": {"t": (1, 1)}},
        "c": {"figure": {"two": (3, 1)}, "table": {"t": (3, 1)}},
    }


def test_figures_counted_by_section_keep_their_section() -> None:
    figures = {"c": {"figure": {"one": (1, 1, 1), "two": (1, 2, 1)}}}
    shifted = count_figures(figures, {"c": 2})
    assert shifted["c"]["figure"] == {"one": (3, 1, 1), "two": (3, 2, 1)}


def test_figures_outside_of_chapters_keep_their_count() -> None:
    figures = {"preface": {"figure": {"x": (1,)}}, "epilogue": {"figure": {"y": (2,)}}}
    assert count_figures(figures, {"a": 0}) == figures


def test_a_part_that_goes_on_by_itself_is_not_shifted() -> None:
    sections = {"a": {"": (1,)}, "b": {"": (2,)}, "c": {"": (3,)}, "d": {"": (1,)}}
    assert offsets([["a", "b"], ["c"], ["d"]], sections) == {"a": 0, "b": 0, "c": 0, "d": 3}


def test_letters_and_roman_numbers_stay() -> None:
    sections = {"a": {"": (1,)}, "b": {"": ("A",)}, "c": {"": ("II", 1)}, "d": {"": (2,)}}
    before = offsets([["a"], ["b"], ["c"], ["d"]], sections)  # type: ignore[arg-type]
    assert shift_sections(sections, before) == sections  # type: ignore[arg-type]
    figures = {"a": {"figure": {"x": (1, 1)}}, "b": {"figure": {"y": ("A", 2), "z": ("A", 1)}}}
    assert count_figures(figures, before) == figures  # type: ignore[arg-type]
