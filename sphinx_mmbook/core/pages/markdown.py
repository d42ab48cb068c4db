"""The MyST parser of the checker: the same rules as MyST-Parser's, without docutils.

It must see what MyST-Parser sees (``myst_parser.parsers.mdit.create_md_parser`` with our extensions
and those that a book adds); a test compares the two.
"""

from __future__ import annotations

from functools import cache
from textwrap import dedent
from typing import TYPE_CHECKING, Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import make_fence_rule
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.field_list import fieldlist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin
from mdit_py_plugins.substitution import substitution_plugin

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.pages.paragraphs import paragraphs_plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

#: The MyST extensions of a book.
EXTENSIONS = frozenset(
    {
        "amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath",
        "html_image", "tasklist",
    }
)  # fmt: skip

#: How formulas in dollars are read -> whether they are so where no setting ``dmath_…`` says it.
FORMULAS = {"double_inline": False, "allow_labels": True, "allow_space": True, "allow_digits": True}


def switches(values: Mapping[Any, Any], begin: str) -> frozenset[str]:
    """Return which of them settings have otherwise; they stand among the extensions, with "$"."""
    said = {name: values.get(f"{begin}{name}", usual) for name, usual in FORMULAS.items()}
    return frozenset(f"${name}" for name, usual in FORMULAS.items() if bool(said[name]) != usual)


#: Directives whose body is MyST. Of any other nobody knows what a colon or a bracket means in it;
#: those with a colon in their name are of a domain (``prf:theorem``, ``py:class``) and hold MyST.
MARKUP = frozenset(
    {
        "admonition", "attention", "caution", "danger", "error", "hint", "important", "note",
        "seealso", "tip", "warning", "todo", "aside", "centered", "class", "compound",
        "container", "deprecated", "div", "epigraph", "figure", "figure-md", "footer", "header",
        "hlist", "highlights", "list-table", "margin", "only", "pull-quote", "role",
        "line-block", "rst-class", "rubric", "sidebar", "stored-figure", "table", "topic",
        "versionadded", "versionchanged", "versionremoved", "button-link", "button-ref", "card",
        "card-carousel", "card-footer", "card-header", "dropdown", "grid", "grid-item",
        "grid-item-card", "tab", "tab-item", "tab-set", "tab-set-code", "steps", "step",
        "accordion", "group-tab", "tabs", "toggle",
        "glossary", "algorithm", "assumption", "axiom", "conjecture", "corollary", "criterion",
        "subfigures",
        "definition", "example", "exercise", "lemma", "observation", "proof", "property",
        "proposition", "remark", "solution", "theorem",
    }
)  # fmt: skip
#: Directives whose body is known not to be MyST: code, formulas, raw output, data.
LITERAL = frozenset(
    {
        "ask-first", "autosummary", "bibliography", "byline", "contents", "csv-table", "digraph",
        "doctest",
        "eval-rst", "footbibliography", "glue", "graph", "graphviz", "highlight", "image",
        "include", "index", "inheritance-diagram", "literalinclude", "math", "mermaid", "meta",
        "parsed-literal", "plantuml", "results", "sourcecode", "stored-models", "stored-table",
        "tableofcontents", "testcode", "testoutput", "toctree", "youtube", "iframe",
    }
)  # fmt: skip


def holds_markup(directive: str) -> bool:
    """Whether the body of a directive is MyST."""
    return directive in MARKUP or ":" in directive


#: Directives whose argument is a file, a name or a class, though their body is MyST.
_NAMED = frozenset(
    {
        "figure", "stored-figure", "figure-md", "class", "rst-class", "container", "div", "only",
        "role",
    }
)  # fmt: skip


def is_shown(directive: str, option: str) -> bool:
    """Whether an option of a directive, or its argument (the option without a name), is MyST."""
    if option:
        if option == "header":
            return directive == "csv-table"
        return option == "caption" and directive not in ("toctree", "code-cell")
    return directive == "csv-table" or (holds_markup(directive) and directive not in _NAMED)


def is_literal(directive: str) -> bool:
    """Whether the body of a directive is known not to be MyST."""
    return directive in LITERAL or directive.startswith(("code", "raw"))


def is_known(directive: str) -> bool:
    """Whether it is known what the body of a directive is."""
    return is_literal(directive) or holds_markup(directive)


#: Directives of MyST-NB, which reads their options as YAML.
CELLS = ("code-cell", "raw-cell")


@cache
def parser(extensions: frozenset[str] = EXTENSIONS) -> MarkdownIt:
    """Return the parser for a book with such extensions; it keeps no state between texts.

    Not followed are those that only exchange letters or make links of addresses.
    """
    md = MarkdownIt("commonmark").enable("table")
    md.use(front_matter_plugin).use(myst_block_plugin).use(myst_role_plugin)
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    # Targets stay as they are typed, so that each is found in its line.
    md.normalizeLink = lambda url: url  # type: ignore[method-assign]
    md.options["tasklists"] = "tasklist" in extensions
    if "strikethrough" in extensions:
        md.enable("strikethrough")
    for name, (plugin, options) in _PLUGINS.items():
        of_formulas = {
            name: usual != (f"${name}" in extensions) for name, usual in FORMULAS.items()
        }
        if name in extensions:
            md.use(plugin, **(of_formulas if name == "dollarmath" else options))
    md.core.ruler.at("normalize", _normalize)
    if made := {name[3:] for name in extensions if name[:1] == "`"}:
        md.core.ruler.after("block", "directives", lambda state: _make_directives(state, made))
    if "html_admonition" in extensions:
        md.core.ruler.after("block", "boxes", _make_boxes)
    return md.use(paragraphs_plugin)


def _make_directives(state: StateCore, names: set[str]) -> None:
    """Make directives of the code in some languages, as ``fence_as_directive`` tells MyST."""
    for token in state.tokens:
        first = token.info.partition(" ")[0] if token.type.endswith("fence") else ""
        if first in names:
            token.info = f"{{{first}}}{token.info[len(first) :]}"


def _make_boxes(state: StateCore) -> None:
    """Make directives of the boxes in HTML, as ``html_admonition`` tells MyST."""
    tokens: list[Token] = []
    for token in state.tokens:
        boxes: list[tuple[str, str, int]] = []
        if token.type == "html_block" and "admonition" in token.content:
            from sphinx_mmbook.docutils_syntax.myst_html import boxes_of  # noqa: PLC0415

            boxes = boxes_of(token.content)
        made = (
            token.copy(
                type="fence" if one else token.type, info=one, content=text, meta={"above": n}
            )
            for one, text, n in boxes
        )
        tokens += [*made] or [token]
    state.tokens = tokens


def _normalize(state: StateCore) -> None:
    """Do what the rule of this name does, but look first: hardly any text needs it."""
    if "\r" in state.src:
        state.src = state.src.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in state.src:
        state.src = state.src.replace("\0", "\ufffd")


def _colon_fence_plugin(md: MarkdownIt) -> None:
    """Add ``:::`` as MyST-Parser does; the plugin of this name fails at one that never ends."""
    rule = make_fence_rule(markers=(":",), token_type="colon_fence")  # noqa: S106
    chains = ["paragraph", "reference", "blockquote", "list", "footnote_def"]
    md.block.ruler.before("fence", "colon_fence", rule, {"alt": chains})


#: Extension -> what adds it to the parser, in MyST-Parser's order.
_PLUGINS: dict[str, tuple[Callable[..., None], dict[str, Any]]] = {
    "dollarmath": (dollarmath_plugin, {}),
    "colon_fence": (_colon_fence_plugin, {}),
    "amsmath": (amsmath_plugin, {}),
    "deflist": (deflist_plugin, {}),
    "fieldlist": (fieldlist_plugin, {}),
    "substitution": (substitution_plugin, {}),
    "attrs_inline": (
        attrs_plugin,
        {
            "after": ("image", "code_inline", "link_close", "span_close"),
            "spans": True,
            "span_after": "footnote_ref",
        },
    ),
    "attrs_block": (attrs_block_plugin, {}),
}


class Option(NamedTuple):
    """An option of a directive; ``line`` counts from 0 at the line after the opening fence."""

    name: str
    value: str
    line: int


class Fence(NamedTuple):
    """A fenced block taken apart; ``name`` is empty for code, ``body_line`` counts as in Option.

    ``doubtful`` are its options if MyST-Parser alone can say whether it can read them.
    """

    name: str
    argument: str
    options: tuple[Option, ...]
    body: str
    body_line: int
    doubtful: Option | None = None


def read_fence(info: str, content: str) -> Fence:
    """Take a fence apart as ``myst_parser.parsers.directives`` does: options, then body."""
    first, argument = (*info.split(maxsplit=1), "", "")[:2]
    name = first[1:-1] if first.startswith("{") and first.endswith("}") else ""
    if not name:
        return Fence("", info.strip(), (), content, 0)
    if name == "eval-rst":  # whose first lines are fields of the page, not options
        return Fence(name, argument.strip(), (), content, 0)
    lines = content.splitlines()
    if content.startswith("---"):
        end = next((n for n, line in enumerate(lines[1:], 1) if line.startswith("---")), len(lines))
        given, first_line = dedent("\n".join(lines[1:end])).splitlines(), 1
        start = end + 1
    else:
        start = 0
        # As MyST-Parser does, blank lines are allowed before the first option only.
        if content.lstrip().startswith(":"):
            while start < len(lines) and _is_option(lines[start]):
                start += 1
        given, first_line = [line.lstrip()[1:] for line in lines[:start]], 0
    body = "\n".join(lines[start:])
    options = _options(given, first_line)
    text = "\n".join(given)
    is_plain = not given or name in CELLS or _PLAIN.fullmatch(f"{text}\n")
    doubtful = None if is_plain else Option("", text, first_line)
    return Fence(name, argument.strip(), options, body, start, doubtful)


def is_closed(fence: Token) -> bool:
    """Whether a fenced block has a line that ends it, besides its first line and its content.

    A box of HTML has no fence.
    """
    begin, end = fence.map or (0, 0)
    lines = fence.content.count("\n") + (fence.content[-1:] not in ("", "\n"))
    return end - begin > lines + 1 or not fence.markup


def _is_option(line: str) -> bool:
    stripped = line.lstrip()
    return stripped.startswith(":") and not stripped.startswith(":::")


#: Options that need no look: names, and values that begin with nothing that means more.
_PLAIN = re.compile(r"(?:[\w.-]+:(?: +[^\s'\"|>#][^#\t\n\r\x85\u2028\u2029]*| *)\n)*")


#: What ends the name of an option: none that a letter comes after.
_COLON = re.compile(r":(?=\s|$)")


def _bare(text: str) -> str:
    """Return a name or value without its quotes."""
    text = text.strip()
    return text[1:-1] if text[:1] in ("'", '"') and text[1:].endswith(text[0]) else text


def _options(lines: list[str], first: int) -> tuple[Option, ...]:
    """Read ``name: value`` lines; an indented line goes on with the value before it."""
    found: list[Option] = []
    for number, line in enumerate(lines, first):
        begin = len(line) - len(line.lstrip(":"))  # a surplus colon is the name's
        ends = _COLON.search(line, begin)
        at = ends.start() if ends else line.find(":", begin) % (len(line) + 1)
        name, colon, value = line[begin:at], line[at : at + 1], line[at + 1 :]
        if found and line[:1].isspace():
            last = found.pop()
            found.append(Option(last.name, f"{last.value}\n{line.strip()}".strip(), last.line))
        elif colon:
            found.append(Option(line[:begin] + _bare(name), _bare(value), number))
    return tuple(found)
