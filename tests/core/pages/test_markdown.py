"""The checker's parser sees what MyST-Parser sees: the same tokens for any text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from sphinx_mmbook.core.pages.markdown import EXTENSIONS, parser, read_fence

if TYPE_CHECKING:
    from markdown_it.token import Token

BOOK = Path(__file__).parents[3] / "book"
MYST = create_md_parser(MdParserConfig(enable_extensions=set(EXTENSIONS)), RendererHTML)

#: What begins a block, and what looks nearly like it.
STARTS = st.sampled_from(
    ["", "", "", "a b", "Word", "ä", "a | b", "|---|---|", "| a | b |", "---", "===", "- a", "* a", "+ a",
     "+++", "1. a", "2) a", "1.", "-", ": a", "~ a", ":::{note}", ":::", "::::", "```", "````", "~~~",
     "```{figure} a.png", ":name: a", "> a", ">", "> - a", "# a", "#", "## a {#b}", "(a)=", "(a)= b",
     "% a", "$$", "$$ a $$", "$$ (a)", "\\begin{align}", "\\end{align}", "<div>", "</div>", "<!-- a",
     "-->", "[a]: b", "[a]:", "[^a]: b", "[^a]:", "{#a .b}", "{.a}", "{cite:t}`a` b", "*a* b", "`a` b",
     "[ ] a", "- [ ] a", "- [x] a", "* [X] a", "-\ta", "...", "<a>", "<https://a.b>", "\\", "5 a"]
)  # fmt: skip
#: What may stand within a line.
INNER = st.sampled_from(
    ["", "", " ", "  ", "a", "\r", "\r\n", "*", "**", "_", "`", "``", "$", "$$", "[", "]", "(", ")", "![", "](b)", "](<b c>)",
     "[^a]", "[a][a]", "{a}`b`", "{#a}", "{.a b=c}", "<b>", "<!--c-->", "&amp;", "&", "\\", "\\*", "!", "|",
     "https://a.b", "^", "~", "\u00a0", "\x00", "\t", "<", ">", "@", "'", '"', "$a$", "5", "\\$"]
)  # fmt: skip
INDENTS = st.sampled_from(
    ["", "", "", "", " ", "  ", "   ", "    ", "\t", "> ", ">", "- ", "  - ", "1. "]
)
LINES = st.tuples(INDENTS, INDENTS, STARTS, st.lists(INNER, max_size=5).map("".join)).map("".join)
TEXTS = st.lists(LINES, max_size=14).map("\n".join)


def tokens(text: str, md: object) -> tuple[list[dict[str, object]], object]:
    env: dict[str, object] = {}
    md.normalizeLink = lambda url: url  # type: ignore[attr-defined] # ours keeps targets as typed
    found: list[Token] = md.parse(text, env)  # type: ignore[attr-defined]
    return [token.as_dict() for token in found], env.get("references")


@given(TEXTS)
@example("a\n: b\n===")
@example("a\n\n: b")
@example("a | b\nc | d\n|---|---|\n")
@example("> a\nb\n- c\n> d\n===")
@example("- a\nb\n  c\n\n  d\n")
@example("- [ ] a\n- [x] b\n")
@example("a\n    - b\n===\n")
@example("> :::\n>")
@settings(max_examples=600)
def test_any_text_gives_the_same_tokens(text: str) -> None:
    assert tokens(text, parser()) == tokens(text, MYST)


#: What only some extensions read.
MORE = st.lists(
    st.sampled_from(
        [":a: b", ":a:", "  c", "{{ a }}", "{{a}} b", "~~a~~", "$a$", "$$", "a", "- [ ] a", "", ":::{note}",
         ":::", "T", ": d", "[a]{.b}", "{.c}", "\\begin{align}", "\\end{align}"]
    ),
    max_size=10,
).map("\n".join)  # fmt: skip
SETS = [
    {"fieldlist", "substitution", "strikethrough", *EXTENSIONS}, set(), {"dollarmath"},
    {"colon_fence", "deflist", "tasklist", "substitution"}, {"attrs_inline", "amsmath", "fieldlist"},
]  # fmt: skip


@pytest.mark.parametrize("extensions", SETS, ids=len)
@given(MORE)
@settings(max_examples=60, deadline=None)
def test_a_book_with_other_extensions_is_read_as_myst_reads_it(
    extensions: set[str], text: str
) -> None:
    theirs = create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)
    assert tokens(text, parser(frozenset(extensions))) == tokens(text, theirs)


PAGES = sorted(path for path in BOOK.rglob("*.md") if "_build" not in path.parts)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_a_page_gives_the_same_tokens(path: Path) -> None:
    text = path.read_text("utf-8")
    assert tokens(text, parser()) == tokens(text, MYST)


@pytest.mark.parametrize(
    ("info", "name", "argument"),
    [
        ("{figure} loss.png", "figure", "loss.png"),
        ("  {note}  A title ", "note", "A title"),
        ("{code-block}python", "", "{code-block}python"),
        ("{table}::: Losses", "", "{table}::: Losses"),
        ("{no{numref}`gone`te}", "no{numref}`gone`te", ""),
        ("python", "", "python"),
        ("", "", ""),
    ],
)
def test_a_directive_is_what_stands_in_braces_up_to_a_blank(
    info: str, name: str, argument: str
) -> None:
    fence = read_fence(info, "x\n")
    assert (fence.name, fence.argument) == (name, argument)
