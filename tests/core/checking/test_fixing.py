"""Edits change what they name, and nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sphinx_mmbook.core.checking.fixing import EditedFile, accept, mended
from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.pages.notebook_text import cell_texts


def edit_text(text: str, edits: list[Edit]) -> str:
    """Return a text after edits that are findings of their own."""
    file = EditedFile(text)
    for one in edits:
        accept([one], {one.at.path: file})
    return file.result()


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
    assert edit_text("abcd", [edit(1, 1, "abc", "X"), edit(1, 3, "cd", "Y")]) == "Xd"


def test_all_places_of_a_file() -> None:
    assert edit_text("a\r\nb\r\n", [edit(0, 0, "\r\n", "\n")]) == "a\nb\n"


def test_edits_over_several_lines_keep_the_line_ends_of_windows() -> None:
    text = "a [b\r\nc] d\r\n"
    assert edit_text(text, [edit(1, 3, "[b\nc]", "X\nY")]) == "a X\r\nY d\r\n"
    assert edit_text(text, [edit(1, 3, "[b\nc]", "X")]) == "a X d\r\n"
    assert edit_text(text, [edit(1, 1, "a", "X\na")]) == "X\r\na [b\r\nc] d\r\n"


def test_only_the_mark_at_the_begin_of_a_file_goes() -> None:
    assert edit_text("\ufeffa\ufeffb\n", [edit(1, 1, "\ufeff", "")]) == "a\ufeffb\n"


def test_edits_of_a_finding_are_made_all_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("label ref\n")
    (tmp_path / "b.md").write_text("ref\n")
    (tmp_path / "c.md").symlink_to("b.md")
    label, here, there = edit(1, 1, "label", "new"), edit(1, 7, "ref", "new"), at("b.md", "ref")

    def fixed(*fixes: tuple[Edit, ...]) -> dict[str, str]:
        findings = [Finding(label.at, "rule", "", fix=fix) for fix in fixes]
        return {path: new for path, (_, new) in mended(tmp_path, findings).items()}

    assert fixed((label, here, there)) == {"a.md": "new new\n", "b.md": "new\n"}
    assert fixed((label, at("b.md", "other"))) == {}
    assert fixed((label, at("gone.md", "ref"))) == {}
    assert fixed((label, at("c.md", "ref"))) == {}
    assert fixed((edit(1, 1, "label ref", "x"),), (here, there)) == {"a.md": "x\n"}
    assert fixed((label, here, here), (here,)) == {"a.md": "new new\n"}


def at(path: str, old: str) -> Edit:
    return Edit(Location(path, 1, 1), old, "new")


def test_all_files_are_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one.md", tmp_path / "two.md"
    one.write_text("1")
    two.write_text("2")
    with pytest.raises(FileNotFoundError):
        write_whole({one: "new", tmp_path / "gone" / "three.md": "new"})
    real = Path.replace

    def fail_at_two(source: Path, target: Path) -> Path:
        if target == two and source.read_text() == "new":
            raise PermissionError
        return real(source, target)

    monkeypatch.setattr(Path, "replace", fail_at_two)
    with pytest.raises(PermissionError):
        write_whole({one: "new", tmp_path / "three.md": "new", two: "new"})
    monkeypatch.undo()
    assert sorted(tmp_path.iterdir()) == [one, two]
    assert (one.read_text(), two.read_text()) == ("1", "2")
    one.chmod(0o640)
    os.utime(two, (1, 1))
    write_whole({one: "new", two: "2"})
    assert two.stat().st_mtime == 1
    write_whole({one: "new", two: "new"})
    assert (one.read_text(), two.read_text(), one.stat().st_mode & 0o777) == ("new", "new", 0o640)


LAYOUTS = [
    {"indent": 1}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")},
    {"indent": 1, "ensure_ascii": True}, {"indent": 1, "sort_keys": True},
]  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_edit_in_a_notebook_changes_nothing_else_of_the_file(
    layout: dict[str, Any], end: str
) -> None:
    source = ["# Tïtle\n", 'a "\U0001f600" fig_a [b\n', "c] d"]
    cells = [
        {"cell_type": "code", "source": "fig_a", "outputs": [{"data": {"source": "fig_a"}}]},
        {"cell_type": "markdown", "metadata": {"source": ["fig_a"]}, "source": source},
    ]
    text = json.dumps({"metadata": {}, "cells": cells}, **{"ensure_ascii": False, **layout})
    text = "\ufeff" + text.replace("\n", end) + end
    place = Location("a.ipynb", 2, 7, 2)
    file = EditedFile(text)
    assert accept([Edit(place, "fig_a", 'fig-"ä"')], {"a.ipynb": file})
    assert accept([Edit(place.right(6), "[b\nc]", "[b, c]")], {"a.ipynb": file})
    assert accept([Edit(Location("a.ipynb", 1, 1, 2), "#", "\n\n#")], {"a.ipynb": file})
    assert not accept([Edit(Location("a.ipynb", 1, 1, 3), "x", "y")], {"a.ipynb": file})
    new = file.result()
    assert json.loads(new.removeprefix("\ufeff"))["cells"][1]["source"] == [
        "\n", "\n", "# Tïtle\n", 'a "\U0001f600" fig-"ä" [b, c] d',
    ]  # fmt: skip
    start, stop = text.index("# T"), text.index("c] d") + 4
    assert new.startswith(text[:start])
    assert new.endswith(text[stop:])


lines = st.lists(st.text(alphabet="ab_ \u00fc\U0001f600", max_size=8), min_size=1, max_size=5)


@given(lines, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.data())
def test_an_edit_changes_one_place(
    some: list[str], end: str, mark: bool, data: st.DataObject
) -> None:
    text = "\ufeff" * mark + end.join(some)
    number = data.draw(st.integers(0, len(some) - 1))
    start = data.draw(st.integers(0, len(some[number])))
    old = some[number][start : start + 2]
    assume(old)
    expected = some.copy()
    expected[number] = some[number][:start] + "NEW" + some[number][start + len(old) :]
    changed = edit_text(text, [edit(number + 1, start + 1, old, "NEW")])
    assert changed == "\ufeff" * mark + end.join(expected)


texts = st.text(max_size=12)
trap = st.recursive(
    st.one_of(texts, st.none(), st.floats(allow_nan=False), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["source", "cells", "cell_type", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


@given(
    st.lists(st.tuples(trap, st.one_of(texts, st.lists(texts, max_size=4)), trap), max_size=4),
    trap,
    st.booleans(),
    st.sampled_from([None, 0, 1, "\t"]),
)
def test_cells_are_found_in_any_notebook(
    cells: list[tuple[Any, str | list[str], Any]], more: Any, ascii_only: bool, indent: Any
) -> None:
    made = [{"metadata": one, "source": source, "outputs": two} for one, source, two in cells]
    notebook = {"metadata": more, "cells": made, "x": more}
    text = json.dumps(notebook, ensure_ascii=ascii_only, indent=indent)
    found = cell_texts(text)
    assert [cell.text for cell in found] == ["".join(source) for _, source, _ in cells]
    for cell in found:
        for character, start, width in zip(cell.text, cell.positions, cell.widths, strict=True):
            assert json.loads(f'"{text[start : start + width]}"', strict=False) == character
