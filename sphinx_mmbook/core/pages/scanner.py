"""From text to elements: one walk over the MyST token stream, never over raw lines."""

from __future__ import annotations

from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.yaml_mapping import YamlMap
from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.pages.cell_options import given
from sphinx_mmbook.core.pages.elements import Element, Value, put_in
from sphinx_mmbook.core.pages.limits import check_complexity, check_form, check_replacements
from sphinx_mmbook.core.pages.markdown import (
    EXTENSIONS,
    holds_markup,
    is_closed,
    is_shown,
    parser,
    read_fence,
)
from sphinx_mmbook.core.pages.page import Page
from sphinx_mmbook.core.pages.positions import AHEAD, LineSearch
from sphinx_mmbook.core.pages.restructured import elements_in_markdown, elements_of
from sphinx_mmbook.core.pages.source import Block, Inclusions, Source, extensions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from markdown_it.token import Token

    from sphinx_mmbook.core.pages.markdown import Fence

#: Directives in directives in directives: deeper is an attack or a mistake.
MAX_DEPTH = 20
_HEADING_ID = re.compile(r"\{#([^\s{}]++)[^{}]*+\}\s*$")
_HTML_ID = re.compile(r"""<(img\b|[a-zA-Z])[^<>]*?\s(id|name)\s*=\s*["']?([^\s"'<>]+)""")
#: MyST-NB's own way to name the figure that a cell makes.
_MYSTNB_NAME = re.compile(r"\bname:\s*[\"']?([^\s\"']+)")
_MYSTNB_CAPTION = re.compile(r"\bcaption:\s*(\S.*)")
_ESCAPE = re.compile(r"[\\&]")
_MARKS = re.compile(r"[\[{`$]")
#: What of a title is judged.
_OF_TITLE = ("role", "image", "link", "footnote", "substitution")
#: Tokens that are one element each -> its kind and name.
_SIMPLE = {
    "myst_line_comment": ("comment", ""), "substitution_block": ("substitution", ""),
    "myst_block_break": ("break", ""), "hr": ("break", "line"),
    "dl_open": ("break", "definitions"), "field_list_open": ("break", "definitions"),
}  # fmt: skip
#: What MyST gives no id that is written with it; headings are looked at elsewhere.
_NO_ANCHOR = {"heading_open", "math_block", "math_block_label", "html_block", "html_inline"}
_CELL_CAPTION = re.compile(r"^#\|\s*(?:(?:fig-cap|tbl-cap|caption): +)?(?![\w-]+:\s)(\S.*)", re.M)
_CELL_LABEL = re.compile(r"^#\|\s*label:\s*[\"']?([^\s\"']+)", re.MULTILINE)


def scan(
    source: Source, extensions: frozenset[str] = EXTENSIONS, folder: Path | None = None
) -> Page:
    """Return the page that ``source`` holds, with what it includes of files of a book's folder.

    ``extensions`` are those of Markdown. Without a folder nothing that it includes is read.

    :raises BookError: if it asks too much of the parser.
    """
    docname = str(PurePosixPath(source.path).with_suffix(""))
    elements: list[Element] = []
    inclusions = Inclusions(folder, source.path) if folder else None
    if source.restructured:
        check_replacements(source.path, source.text)
        elements += elements_of(source.text, Location(source.path, 1), inclusions)
    else:
        check_complexity(source)
        parse = parser(extensions_of(source, extensions)).parse
        title = "" if source.front.findings else str(source.front.fields.get("title") or "")
        elements += _in_line(title, source.front.at("title:"), parse)
        for block in source.blocks:
            _Scanner(source.path, block, elements, parse, inclusions).run()
        check_form(source, elements)
        elements = [*put_in(source.front, elements, partial(_read, parse=parse))]
    if not inclusions or not (inclusions.parts or inclusions.faults):
        return Page(docname, source, tuple(elements))
    check_replacements(source.path, "\n\n".join([source.text, *inclusions.parts.values()]))
    return Page(docname, source, tuple(elements), inclusions.parts, tuple(inclusions.faults))


def _read(text: str, at: Location, parse: Callable[..., list[Token]]) -> list[Element]:
    """Return what is in a text of MyST that is elsewhere."""
    found: list[Element] = []
    _Scanner(at.path, Block(text, at.line, at.cell), found, parse).run()
    return found


def _in_line(text: str, at: Location, parse: Callable[..., list[Token]]) -> list[Element]:
    """Return the roles, pictures, links and notes in a line of MyST that is alone."""
    if not _MARKS.search(text):
        return []
    found: list[Element] = []
    line = " ".join(text.split("\n"))
    block = Block(f"{' ' * (at.column - 1)}{line}", at.line, at.cell)
    for token in parse(f"# {line}", {}):
        if token.type == "inline":
            _Scanner(at.path, block, found, parse).inline(token, 0, 0, False)
    return [item._replace(block=-1) for item in found if item.kind in _OF_TITLE]


class _Scanner(LineSearch):
    """Walks one block; lines count from 0 in it until ``at`` makes a location of them."""

    def __init__(
        self,
        path: str,
        block: Block,
        elements: list[Element],
        parse: Callable[..., list[Token]],
        inclusions: Inclusions | None = None,
    ) -> None:
        super().__init__(path, block)
        self.elements = elements
        self.inclusions = inclusions
        self.below = 0
        self.parse_text = parse
        self.inside: tuple[str, ...] = ()
        self.number = 0
        self.links: dict[str, Any] = {"references": {}, "duplicate_refs": []}

    def run(self) -> None:
        if self.block.is_code:
            options = given(self.block.options, self.block.cell).items()
            self.cell(0, self.block.text, tuple(Value(n, str(v), self.at(0)) for n, v in options))
        else:
            # What looks like a front matter here is a line across the page.
            self.walk(self.parse(re.sub(r"\A---(?=[ \t]*\n)", "***", self.block.text)), 0)
            for twice in self.links["duplicate_refs"]:
                self.add("twice", self.at(twice["map"][0]), name=twice["label"])

    def parse(self, text: str) -> list[Token]:
        """Parse; link definitions of the page hold in the bodies of its directives too."""
        return self.parse_text(text, {**self.links})

    def add(self, kind: str, at: Location, **values: object) -> None:
        self.elements.append(
            Element(kind, at, inside=self.inside, block=self.number, **values)  # type: ignore[arg-type]
        )

    def walk(self, tokens: list[Token], base: int) -> None:
        for number, token in enumerate(tokens):
            begin, end = token.map or (0, 1)  # what ends a block has no lines
            line, last = base + begin, base + end - 1
            if token.attrs:
                self.anchor(token, max(0, line - 3), line)
            match token.type:
                case "fence" | "colon_fence":
                    self.unclosed(token, line)
                    self.fence(token, line)
                case "heading_open":
                    self.heading(token, tokens[number + 1], line)
                case "inline":
                    self.inline(token, line, last, tokens[number - 1].type == "paragraph_open")
                case "table_open" | "footnote_reference_open":
                    kind = "table" if token.type == "table_open" else "footnote-definition"
                    self.add(kind, self.at(line), name=str(token.meta.get("label", "")))
                case "myst_target":
                    self.add("target", self.find(token.content, line), name=token.content)
                case "math_block" | "math_block_label" | "amsmath":
                    labels = [token.info] * (token.type == "math_block_label")
                    self.add_math(token.content, labels, line, last)
                case "html_block":
                    self.html(token.content, line, last)
                case "code_block":
                    self.add("code", self.at(line), body=token.content)
                case simple if simple in _SIMPLE:
                    kind, name = _SIMPLE[simple]
                    name = "inner" if simple == "hr" and token.level else name
                    self.add(kind, self.at(line), name=name, text=token.content)

    def heading(self, token: Token, inline: Token, line: int) -> None:
        options: tuple[Value, ...] = ()
        if label := token.attrs.get("id"):
            # An attribute block stands on a line of its own above the heading.
            first = max(0, line - 3)
            options = (Value("id", str(label), self.find(f"#{label}", first, line).right(1)),)
        elif match := _HEADING_ID.search(inline.content):
            options = (Value("id", match[1], self.find(f"#{match[1]}", line).right(1)),)
        level = int(token.tag[1]) + self.below
        self.add("heading", self.at(line), text=inline.content, level=level, options=options)

    def anchor(self, token: Token, first: int, last: int, column: int = 0) -> None:
        label = token.attrs.get("id")
        if label and token.type not in _NO_ANCHOR and token.info[:1] != "{":
            found = self.find(f"#{label}", first, last, column).right(1)
            self.add("anchor", found, options=(Value("id", str(label), found),))

    def add_math(self, body: str, labels: Iterable[str], line: int, last: int) -> None:
        """Add a display formula with its MyST label and the ``\\label`` of its lines."""
        options = [Value("label", label, self.find(label, line, last)) for label in labels]
        for match in re.finditer(r"\\label\{([^{}]+)\}", body):
            found = self.find(match[0], line, last).right(len(r"\label{"))
            options.append(Value("label", match[1], found))
        self.add("math", self.at(line), body=body, options=tuple(options), level=1)

    def html(self, text: str, line: int, last: int, column: int = 1) -> None:
        ids = [
            Value(one[2] if one[1] == "img" else "id", one[3], self.find(one[3], line, last))
            for one in _HTML_ID.finditer(text)
        ]
        self.add("html", self.at(line, column), text=text, options=tuple(ids))

    def unclosed(self, token: Token, line: int) -> None:
        """Note a block that nothing ends."""
        if not is_closed(token):
            text = token.info.strip()
            self.add("open", self.at(line), name=token.markup, text=text, level=token.level)

    def fence(self, token: Token, line: int) -> None:
        fence = read_fence(token.info, token.content)
        if not fence.name:
            self.add("code", self.at(line), name=fence.argument, body=fence.body)
            if token.type == "colon_fence":  # a block with a class
                self.within("div", fence.body, line + 1)
            return
        start = line + token.meta.get("above", 1 + fence.body_line)  # a box of HTML is on one line
        options = tuple(self.options_of(fence, line, bool(token.markup)))
        if fence.name == "code-cell":
            within = token.level or self.inside or (self.inclusions and self.inclusions.within)
            self.cell(line, fence.body, options, start, "nested" if within else "")
            return
        self.add(
            "math-directive" if fence.name == "math" else "directive",
            self.find(fence.name, line),
            name=fence.name,
            text=fence.argument,
            options=options,
            body=fence.body,
            level=self.block.first_line + start,
        )
        directive = self.elements[-1] = self.elements[-1]._replace(block=-2 * bool(token.level))
        if bad := fence.doubtful:
            self.add("options", self.at(line + 1 + bad.line), name=fence.name, body=bad.value)
        shown = [option for option in options if is_shown(fence.name, option.name)]
        if fence.name == "csv-table":
            rows = fence.body.split("\n")
            shown += (Value("", row, self.at(number)) for number, row in enumerate(rows, start))
        for value in shown:
            self.elements += _in_line(value.text, value.at, self.parse_text)
        if fence.name == "math":
            labels = [option.text for option in options if option.name in ("label", "name")]
            self.add_math(fence.body, labels, line, line + 1 + token.content.count("\n"))
        elif fence.name == "eval-rst":
            self.elements += elements_in_markdown(fence.body, self.at(start), self.inclusions)
        elif fence.name == "include" and self.inclusions:
            self.include(self.inclusions, directive)
        elif holds_markup(fence.name) and fence.body.strip():
            self.within(fence.name, fence.body, start)

    def include(self, inclusions: Inclusions, directive: Element) -> None:
        """Walk what a directive includes, in its place."""
        with inclusions.entered(directive) as entered:
            if entered:
                path, text = entered
                check_complexity(Source(path, text, YamlMap(path), (block := Block(text),)))
                part = _Scanner(path, block, self.elements, self.parse_text, inclusions)
                part.inside, part.links = self.inside, self.links
                offset = directive.option("heading-offset")
                part.below = int(offset.text) if offset and offset.text.isdecimal() else 0
                part.run()

    def options_of(self, fence: Fence, line: int, below: bool) -> Iterator[Value]:
        """Yield the options of a directive, and its argument."""
        for option in fence.options:
            number = line + (1 + option.line) * below
            found = self.find(option.value or option.name, number, column=0)
            yield self.after_name(Value(option.name, option.value, found))
        if fence.argument:
            first = fence.argument.split("\n")[0]
            start = self.find(fence.name, line).column + len(fence.name)
            yield Value("", fence.argument, self.find(first, line, column=start))

    def within(self, name: str, body: str, line: int) -> None:
        """Walk the body of a directive.

        :raises BookError: if it is in too many others.
        """
        if len(self.inside) == MAX_DEPTH:
            message = f"more than {MAX_DEPTH} directives are nested here; take some out"
            raise BookError(Finding(self.at(line - 1), "page-too-complex", message))
        self.inside = (*self.inside, name)
        self.walk(self.parse(body), line)
        self.inside = self.inside[:-1]

    def after_name(self, option: Value) -> Value:
        """Move the place of an option to its value, where the name itself contains the value."""
        line = option.at.line - self.block.first_line
        text = self.lines[line] if line < len(self.lines) else ""
        start = text.find(":", text.find(option.name) + len(option.name))
        column = text.find(option.text.split("\n")[0], start + 1) if option.text else -1
        return Value(option.name, option.text, self.at(line, column + 1)) if column >= 0 else option

    def cell(
        self, line: int, body: str, options: tuple[Value, ...], start: int = 0, name: str = ""
    ) -> None:
        labels = list(options)
        for match in _CELL_LABEL.finditer(body):
            number = start + body.count("\n", 0, match.start())
            labels.append(Value("label", match[1], self.find(match[1], number, column=8)))
        captions = [one for one in options if one.name in ("caption", "fig-cap", "tbl-cap")]
        top = re.match(r"\s*(?:#\|.*\n?)*", body)
        for match in _CELL_CAPTION.finditer(top[0] if top else ""):
            at = self.find(match[1], start + body.count("\n", 0, match.start()))
            captions.append(Value("", match[1], at))
        for option in (option for option in options if option.name == "mystnb"):
            if own := _MYSTNB_NAME.search(option.text):
                labels.append(Value("label", own[1], self.find(own[1], line, line + 20)))
            if own := _MYSTNB_CAPTION.search(option.text):
                captions.append(Value("", own[1], self.find(own[1], line, line + 20)))
        for caption in captions:
            self.elements += _in_line(caption.text, caption.at, self.parse_text)
        self.add("code-cell", self.at(line), name=name, body=body, options=(*labels,), level=start)

    def inline(self, token: Token, line: int, last: int, paragraph: bool) -> None:
        column = 0
        link = ""
        self.number = len(self.elements) + 1
        for child in token.children or ():
            match child.type:
                case "text":
                    if child.content:
                        line, column = self.text(child.content, line, last, column, link)
                    continue
                case "softbreak" | "hardbreak":
                    line, column = line + 1, 0
                    continue
                case "link_open":
                    link = str(child.attrs.get("href", "")) or "#"
                case "link_close":
                    near = min(last, line + AHEAD)
                    if link != "#" and (end := self.seek(f"]({link}", line, near, column)):
                        line, column = end.line - self.block.first_line, end.column + len(link) + 1
                    link = ""
            found = self.child(child, line, last, column, paragraph)
            if found:
                line, column = found.line - self.block.first_line, found.column
            self.anchor(child, line, min(last, line + AHEAD), column)
        self.number = 0

    def text(self, text: str, line: int, last: int, column: int, link: str) -> tuple[int, int]:
        """Add text; return the line and the column after it."""
        raw = self.lines[line] if line < len(self.lines) else ""
        start = raw.find(text, column)
        if start < 0 or (start > column and _ESCAPE.search(raw, column, start)):
            found, end = self.written(text, line, last, column)
            self.add("text", found, text=text, name=link)
            return end.line - self.block.first_line, end.column - 1
        # Nearly all texts stand as they are read: in a large book 40,000 of them.
        found = Location(self.path, self.block.first_line + line, start + 1, self.block.cell)
        self.elements.append(
            Element("text", found, link, text, "", 0, (), self.inside, self.number)
        )
        return line, start + len(text)

    def child(
        self, token: Token, line: int, last: int, column: int, paragraph: bool
    ) -> Location | None:
        """Add what an inline token stands for; return its end, or a place shortly before it."""
        last = min(last, line + AHEAD)
        match token.type:
            case "myst_role":
                name = token.meta["name"]
                found = self.find(f"{{{name}}}", line, last, column)
                self.add("role", found, name=name, text=token.content)
                first, start = found.line - self.block.first_line, found.column + len(name) + 1
                return self.over(token.content, first, last, start)[1]
            case "link_open":
                href = str(token.attrs.get("href", ""))
                end = token.markup != "autolink" and self.seek(f"]({href}", line, last, column)
                found = end.right(2) if end and href else self.find(href, line, last, column)
                self.add("link", found, name=href, text=token.markup)
                return None
            case "image":
                found = self.find(source := str(token.attrs.get("src", "")), line, last, column)
                self.add("image", found, name=source, text=token.content, level=int(paragraph))
            case "code_inline" | "math_inline" | "math_inline_double" | "math_single":
                found, end = self.over(token.content, line, last, column)
                is_code = token.type == "code_inline"
                text, body = (token.content, "") if is_code else ("", token.content)
                self.add("code" if is_code else "math", found, text=text, body=body)
                return end
            case "html_inline":
                found = self.find(token.content, line, last, column)
                self.html(token.content, found.line - self.block.first_line, last, found.column)
            case "substitution_inline":
                found = self.find("{{", line, last, column)
                self.add("substitution", found, text=token.content)
            case "footnote_ref":
                found = self.find("[^", line, last, column)
                self.add("footnote", found, name=str(token.meta.get("label", "")))
            case _:
                return None
        return found
