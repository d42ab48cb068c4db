"""Each element of a page stands where the scanner says, in a page and in a cell."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.pages.positions import LineSearch, Positions
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import Block, source_from

PAGE = """\
---
title: A page
authors: [ann]
---

(sec-one)=
# One {ref}`sec-one`

Text with *strong {numref}`fig-a`* and
a [link](b.md#x) over
lines, $x$ and ![alt](a.png)

- item
  ```{figure} a.png
  :name: fig-a
  :alt: An {cite:p}`k`

  Caption {cite:t}`k,l`.
  ```

> quoted {eq}`eq-a`

$$
a = b
$$ (eq-a)

| a | b |
|---|---|
| 1 | {doc}`c` |

::::{note} Title {ref}`x`
:class: tip

Inner {term}`y`.

:::{table} Cap
:name: tbl-a

| x |
|---|
| [z](z.md) |
:::
::::

<img src="d.png" alt="d">

\\begin{align}
a &= b \\label{eq-b}
\\end{align}

[^n]: Note {ref}`n`.

Term
: Meaning {ref}`m`

{#lab .cls}
Para [span]{.x}.

```python
not {ref}`code`
```

% comment {ref}`c`

<!-- mmbook: ignore -->
Last[^n] <https://example.org> end.
"""
#: Kind, name, line, column; of each option its name, line and column.
FOUND = [
    ("target", "sec-one", 6, 2, ""),
    ("heading", "", 7, 1, ""),
    ("text", "", 7, 3, ""),
    ("role", "ref", 7, 7, ""),
    ("text", "", 9, 1, ""),
    ("text", "", 9, 12, ""),
    ("role", "numref", 9, 19, ""),
    ("text", "", 9, 35, ""),
    ("text", "", 10, 1, ""),
    ("link", "b.md#x", 10, 10, ""),
    ("text", "b.md#x", 10, 4, ""),
    ("text", "", 10, 17, ""),
    ("text", "", 11, 1, ""),
    ("math", "", 11, 9, ""),
    ("text", "", 11, 11, ""),
    ("image", "a.png", 11, 23, ""),
    ("text", "", 13, 3, ""),
    ("directive", "figure", 14, 7, "name@15:10 alt@16:9 -@14:15"),
    ("text", "", 18, 3, ""),
    ("role", "cite:t", 18, 11, ""),
    ("text", "", 18, 24, ""),
    ("text", "", 21, 3, ""),
    ("role", "eq", 21, 10, ""),
    ("math", "", 23, 1, "label@25:5"),
    ("table", "", 27, 1, ""),
    ("text", "", 27, 3, ""),
    ("text", "", 27, 7, ""),
    ("text", "", 29, 3, ""),
    ("role", "doc", 29, 7, ""),
    ("directive", "note", 31, 6, "class@32:9 -@31:12"),
    ("role", "ref", 31, 18, ""),
    ("text", "", 34, 1, ""),
    ("role", "term", 34, 7, ""),
    ("text", "", 34, 16, ""),
    ("directive", "table", 36, 5, "name@37:8 -@36:12"),
    ("table", "", 39, 1, ""),
    ("text", "", 39, 3, ""),
    ("link", "z.md", 41, 7, ""),
    ("text", "z.md", 41, 4, ""),
    ("html", "", 45, 1, ""),
    ("math", "", 47, 1, "label@48:15"),
    ("footnote-definition", "n", 51, 1, ""),
    ("text", "", 51, 7, ""),
    ("role", "ref", 51, 12, ""),
    ("text", "", 51, 20, ""),
    ("break", "definitions", 53, 1, ""),
    ("text", "", 53, 1, ""),
    ("text", "", 54, 3, ""),
    ("role", "ref", 54, 11, ""),
    ("anchor", "", 56, 3, "id@56:3"),
    ("text", "", 57, 1, ""),
    ("text", "", 57, 7, ""),
    ("text", "", 57, 13, ""),
    ("code", "python", 59, 1, ""),
    ("comment", "", 63, 1, ""),
    ("html", "", 65, 1, ""),
    ("text", "", 66, 1, ""),
    ("footnote", "n", 66, 5, ""),
    ("text", "", 66, 9, ""),
    ("link", "https://example.org", 66, 11, ""),
    ("text", "https://example.org", 66, 11, ""),
    ("text", "", 66, 31, ""),
]  # fmt: skip


def places(path: str, text: str, cell: int = 0) -> list[tuple[str, str, int, int, str]]:
    found = []
    for element in scan(source_from(path, text)).elements:
        options = [f"{o.name or '-'}@{o.at.line}:{o.at.column}" for o in element.options]
        at = element.at
        assert at.path == path
        if at.cell == cell:
            found.append((element.kind, element.name, at.line, at.column, " ".join(options)))
    return found


def test_elements_of_a_page_stand_where_they_are_said_to() -> None:
    assert places("a.md", PAGE) == FOUND


def test_in_a_cell_lines_count_from_its_begin() -> None:
    front = PAGE.index("(sec-one)=")
    cell = {
        "cell_type": "markdown",
        "metadata": {},
        "source": "\n" * PAGE.count("\n", 0, front) + PAGE[front:],
    }
    code = {
        "cell_type": "code",
        "metadata": {},
        "source": "1",
        "outputs": [],
        "execution_count": None,
    }
    cells = {"cells": [code, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    assert places("a.ipynb", json.dumps(cells), cell=2) == FOUND


def test_what_the_table_says_is_what_stands_there() -> None:
    lines = PAGE.split("\n")
    begins = {"role": "{", "math": ("$", "x$", "\\begin"), "table": "|", "heading": "#",
              "html": "<", "footnote": "[^", "footnote-definition": "[^", "code": "```"}  # fmt: skip
    for kind, name, line, column, _ in FOUND:
        rest = lines[line - 1][column - 1 :]
        assert rest.startswith(begins.get(kind, "")), (kind, name, rest)
        if kind in ("link", "image", "target", "directive"):
            assert rest.startswith(name)


# Positions


@given(st.text("ab \n", max_size=20), st.integers(1, 9), st.integers(0, 3))
def test_a_location_and_a_position_are_the_same(text: str, first: int, cell: int) -> None:
    positions = Positions("a.md", Block(text, first, cell=cell))
    for offset in range(len(text) + 1):
        line = text.count("\n", 0, offset)
        column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        assert positions.location(offset) == Location("a.md", first + line, column, cell)
        assert positions.offset(positions.location(offset)) == offset


def search(text: str, first: int = 1) -> LineSearch:
    return LineSearch("a.md", Block(text, first))


def test_a_location_without_a_column_is_the_lines_begin() -> None:
    assert Positions("a.md", Block("ab\ncd", 5)).offset(Location("a.md", 6)) == 3


@pytest.mark.parametrize(
    ("needle", "line", "last", "column", "at"),
    [
        ("b", 0, None, 0, (3, 2)),
        ("b", 0, None, 2, (3, 3)),  # not before it: the place itself
        ("b", 0, 1, 2, (4, 1)),
        ("b", 0, 1, 1, (3, 2)),
        ("c", 0, 1, 0, (3, 1)),  # in no line up to the last
        ("c", 0, 2, 9, (5, 1)),  # the column counts in the first line only
        ("c", 0, 99, 0, (5, 1)),
        ("a", 9, 9, 0, (5, 1)),  # a line beyond the end is the last
    ],
)
def test_text_is_found_from_a_place_on(
    needle: str, line: int, last: int | None, column: int, at: tuple[int, int]
) -> None:
    found = search("ab\nb\nc", 3).find(needle, line, last, column)
    assert (found.line, found.column) == at


@pytest.mark.parametrize(
    ("lines", "text", "begin", "end"),
    [
        ("x ab cd y", "ab cd", (1, 3), (1, 8)),
        ("x ab\ncd y", "ab\ncd", (1, 3), (2, 3)),
        ("x ab\ncd\nef y", "ab cd ef", (1, 3), (3, 3)),
        ("x a\nb", "a", (1, 3), (1, 4)),
        ("x ab\ncd", "ab  cd", (1, 1), (1, 4)),  # not there: up to the line's end
    ],
)
def test_text_may_go_over_line_ends(
    lines: str, text: str, begin: tuple[int, int], end: tuple[int, int]
) -> None:
    found = search(lines).over(text, 0, 9, 0)
    assert [(at.line, at.column) for at in found] == [begin, end]


def test_text_over_line_ends_is_looked_for_up_to_the_last_line_only() -> None:
    begin, end = search("a\nb c\nd").over("b c d", 0, 1, 0)
    assert (begin.line, begin.column, end.line, end.column) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("raw", "text", "column", "begin", "end"),
    [
        ("x a*b", "a*b", 0, 3, 6),
        (r"x a\*b", "a*b", 2, 3, 7),  # escaped
        ("x a&lt;b", "a<b", 2, 3, 9),  # an entity is one character
        (r"x **a\*b", "a*b", 2, 5, 9),  # behind markup
        (r"x ********a\*b", "a*b", 3, 11, 15),
        (r"\[a", "[a", 0, 1, 4),
        ("x abc", "nope", 2, 3, 7),  # not there: the place itself
        ("ab, cd *e*", "ab, cd e", 0, 1, 9),  # its first words
    ],
)
def test_prose_is_found_as_it_is_written(
    raw: str, text: str, column: int, begin: int, end: int
) -> None:
    found = search(raw).written(text, 0, 0, column)
    assert [at.column for at in found] == [begin, end]


def test_prose_is_looked_for_a_hundred_lines_on_and_no_further() -> None:
    lines = search("a\n" * 100 + "b\nc")
    assert lines.written("b", 0, 200, 0)[0] == Location("a.md", 101, 1)
    assert lines.written("c", 0, 200, 0)[0] == Location("a.md", 1, 1)


def test_a_backslash_before_a_location_escapes_it() -> None:
    lines = search("\\a\n[b")
    assert lines.is_escaped(Location("a.md", 1, 2))
    assert not lines.is_escaped(Location("a.md", 1, 1))
    assert not lines.is_escaped(Location("a.md", 2, 1))
    assert not lines.is_escaped(Location("a.md", 2, 2))


def test_behind_a_text_is_at_most_the_end_of_its_line() -> None:
    lines = search("abcd\n\ne", 3)
    assert lines.after(Location("a.md", 3, 2), 2).column == 4
    assert lines.after(Location("a.md", 3, 2), 9).column == 4
    assert lines.after(Location("a.md", 4, 1), 9).column == 1


def test_elements_of_several_kinds_come_in_the_order_of_the_page():
    page = scan(source_from("a.md", "{ref}`b` [a](b.md) {ref}`a` ![a](a.png)\n"))
    kinds = [(number, one.kind) for number, one in page.numbered("image", "link", "role")]
    assert [kind for _, kind in kinds] == ["role", "link", "role", "image"]
    assert kinds == sorted(kinds)


@pytest.mark.parametrize(
    ("quoted", "is_foreign"),
    [("Hund der Katze und Maus", True), ("Hund der Katze", False), ("die der und of the", True)],
)
def test_two_small_words_of_another_language_make_a_place_foreign(
    quoted: str, is_foreign: bool
) -> None:
    far = "x" * 120
    text = f"It is the loss of the model and the gain.\n{far} {quoted} {far}\n"
    prose = scan(source_from("a.md", text)).prose
    assert prose.is_english and prose.is_foreign(prose.text.index(quoted)) is is_foreign


@pytest.mark.parametrize("gap", [" ", "  ", "\u00a0", "&emsp;", "\n"])
def test_tokens_begin_where_the_prose_has_them(gap: str) -> None:
    prose = scan(source_from("a.md", f"# One,\n\ntwo{gap}(three).\n")).prose
    begins = [prose.text[start:][:3] for start in prose.token_starts]
    assert begins == ["One", "two", "(th"]
    assert [text[:3] for text in prose.texts_from([1, 2])] == begins[1:]
    assert " One,¶ " in prose.marked and "two " not in prose.marked
