"""Edits change what they name, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.finding import Edit, Location
from sphinx_mmbook.core.fixing import edit_notebook, edit_text


def edit(line: int, column: int, old: str, new: str) -> Edit:
    return Edit(Location("a.md", line, column), old, new)


def test_edits_of_one_line_do_not_disturb_each_other() -> None:
    edits = [edit(1, 1, "aa", "b"), edit(1, 4, "aa", "ccc"), edit(2, 1, "x", "")]
    assert edit_text("aa aa\nx\n", edits) == "b ccc\n\n"


def test_an_edit_that_does_not_fit_is_left_out() -> None:
    assert (
        edit_text("abc\n", [edit(1, 1, "x", "y"), edit(9, 1, "", "y"), edit(1, 2, "b", "B")])
        == "aBc\n"
    )


def test_overlapping_edits_are_not_mixed() -> None:
    assert edit_text("abcd", [edit(1, 1, "abc", "X"), edit(1, 3, "cd", "Y")]) == "abY"


def test_all_places_of_a_file() -> None:
    assert edit_text("a\r\nb\r\n", [edit(0, 0, "\r\n", "\n")]) == "a\nb\n"


def test_a_notebook_in_an_unknown_layout_is_left_alone() -> None:
    text = '{"cells":   [{"cell_type": "markdown", "source": "a"}]}'
    assert edit_notebook(text, [Edit(Location("a.ipynb", 1, 1, 1), "a", "b")]) == text


lines = st.lists(st.text(alphabet="ab_ \u00fc\U0001f600", max_size=8), min_size=1, max_size=5)


@given(lines, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.data())
def test_an_edit_changes_one_place(
    some: list[str], end: str, mark: bool, data: st.DataObject
) -> None:
    text = "\ufeff" * mark + end.join(some)
    number = data.draw(st.integers(0, len(some) - 1))
    start = data.draw(st.integers(0, len(some[number])))
    old = some[number][start : start + 2]
    expected = some.copy()
    expected[number] = some[number][:start] + "NEW" + some[number][start + len(old) :]
    changed = edit_text(text, [edit(number + 1, start + 1, old, "NEW")])
    assert changed == "\ufeff" * mark + end.join(expected)
