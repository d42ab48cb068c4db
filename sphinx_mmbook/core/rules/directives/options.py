"""Rules on the options of directives: their names, their values, and comments among them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.book.vocabulary import misfit
from sphinx_mmbook.core.finding import Edit, Location
from sphinx_mmbook.core.pages.source import extensions_of
from sphinx_mmbook.core.references.shown_files import SHOW_RESULTS
from sphinx_mmbook.core.rules.directives.directives import known_directives, sure
from sphinx_mmbook.core.rules.directives.shown_lines import asked_in_vain
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.syntax.divisions import short
from sphinx_mmbook.core.rules.syntax.mistyped_blocks import ADMONITIONS
from sphinx_mmbook.core.suggestions import Nearest, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.book.vocabulary import Directive
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.elements import Element, Value
    from sphinx_mmbook.core.pages.page import Page

#: Directives whose options other rules judge, or nobody can.
_JUDGED = {*SHOW_RESULTS, "bibliography", "role", "raw-cell"}
#: In reStructuredText its options are what the page is to say.
_META = "meta"


def _name_at(page: Page, option: Value) -> Location:
    """Return where the name of an option stands."""
    line = page.line(option.at)
    column = line.find(option.name, line.find(":") + 1 if line.lstrip()[:1] == ":" else 0)
    return option.at._replace(column=column + 1) if column >= 0 else option.at


@rule("error")
def option_unknown(book: Book) -> Iterator[Finding]:
    """An option that a directive does not have.

    Bad: ``:lable: fig-loss`` in a ``{figure}``

    Good: ``:label: fig-loss``

    Why: the option is left out, and nobody sees that the figure has no label.
    """
    for page, element in book.elements("options"):
        if book.vocabulary.directive(element.name):
            yield from _unread(page, element)
    for page, element, one in known_directives(book):
        if element.restructured:
            yield from _no_options(page, element)
        elif element.name in _SHOW_TEXT:
            yield from _late(page, element, one)
        if element.name in _JUDGED - {"bibliography"} or (
            element.restructured and element.name == _META
        ):
            continue
        nearest: Nearest | None = None
        for option in element.options:
            of_other = element.restructured and option.name in _OF_MYST.get(element.name, ())
            if not option.name or (one.reads(option.name) is not None and not of_other):
                continue
            at = _name_at(page, option)
            # The versions of the build may have others, but the advice is to be the same.
            known = book.known_vocabulary.directive(element.name) or one
            names = {*known.options, *(("label", "name") if known.reads("name") else ())}
            nearest = nearest or Nearest(names)
            near = nearest.to(option.name)
            edits = (Edit(at, option.name, near),) if sure(option.name, near) else ()
            kept = edits if page.has_text(at, option.name) else ()
            where = _CAPTIONS.get(element.name, "") * (option.name == "caption")
            advice = _advice(known, near, where)
            yield found(at, f"{{{element.name}}} has no option '{option.name}'; {advice}", *kept)


#: Directives whose body is text, so that an option in it is printed.
_SHOW_TEXT = ADMONITIONS | {"figure", "subfigures", "table", "admonition", "sidebar"}
_LATE = re.compile(r"(:?)([a-z-]+):[ \t]+\S.*")
_FENCE = re.compile(r"\s*(`{3,}|~{3,}|:{3,})")


def _late(page: Page, element: Element, one: Directive) -> Iterator[Finding]:
    """Yield the options after an empty line or text, and those at the begin without a colon."""
    above, within = page.line(element.at._replace(line=element.level - 1)).strip(" >"), ""
    has_options = any(option.name for option in element.options)
    is_below = has_options and bool(re.match(r":[\w-]+:", above))
    begins, first = is_below or not has_options, element.body.partition("\n")[0]
    if is_below and re.match(r" {1,3}\S", first):
        at = element.at._replace(line=element.level, column=1)
        text = f"'{short(first)}' does not go on with the option above it, and is printed"
        yield found(at, f"{text}; write the option in one line")
    for number, line in enumerate(element.body.split("\n")):
        match, fence = _LATE.fullmatch(line.rstrip()), _FENCE.match(line)
        if fence:  # what stands in another block is that block's
            within = "" if within and fence[1].startswith(within) else within or fence[1]
        begins = begins and bool(match)
        if within or not match or not (match[1] or begins):
            continue
        at = element.at._replace(line=element.level + number, column=1)
        if one.reads(match[2]) is not None and page.has_text(at, line):
            fault = "lacks its colons" if not match[1] else "is below an empty line or text"
            advice = f"write ':{match[2]}:' and its value right below the first line"
            yield found(at, f"'{short(line)}' {fault}, so it is printed; {advice}")


#: What lacks a space after its name.
_NO_BLANK = re.compile(r":?([\w-]+):(?=\S)")
#: What a line of options looks like that MyST cannot read -> what to do.
_UNREAD = (
    (r".*\t", "write a space in place of the tab"),
    (r":?\s+\w|\s", "begin the line with the name of the option"),
    (r":?[\w-]+: +['\"]", "write the whole value in one pair of quotes: 'value'"),
    (r":?[\w-]+: +[|>]", "write the value in quotes: 'value'"),
)


def _unread(page: Page, element: Element) -> Iterator[Finding]:
    """Yield what is wrong with a line because of which MyST reads no option of the block."""
    from sphinx_mmbook.docutils_syntax.myst_options import line_at_fault  # noqa: PLC0415

    number = line_at_fault(element.body)
    if number is None:
        return
    at = element.at._replace(line=element.at.line + number, column=0)
    line = page.line(at)
    text = line.strip()
    lost = f"'{text}' is not an option, so no option of this block counts"
    if match := _NO_BLANK.match(text):
        at = at._replace(column=line.find(text) + 1)
        edit = Edit(at, match[0], f"{match[0]} ")
        yield found(at, f"{lost}; write a space after '{match[0]}'", edit)
        return
    form = "write ':name: value'" if text[:1] == ":" else "write 'name: value'"
    shown = line if text[:1] != ":" else text
    advice = next((told for pattern, told in _UNREAD if re.match(pattern, shown)), form)
    yield found(at, f"{lost}; {advice}")


def _no_options(page: Page, element: Element) -> Iterator[Finding]:
    """Yield what is wrong with the lines of options of a directive in reStructuredText."""
    yield from _askew(page, element)
    indent, first = -1, page.line(element.at)
    own = len(first) - len(first.lstrip())
    for number in range(element.at.line + 1, element.level + 1):
        at = element.at._replace(line=number, column=0)
        line = page.line(at)
        text = line.strip()
        indent, above = len(line) - len(line.lstrip()), indent
        if not text or indent <= own:
            return  # an empty line stands after the options, or what comes next
        if text[0] != ":":
            if above < 0 or indent > above >= 0:
                indent = above  # it goes on with the argument, or with the option above it
                continue
            yield found(at, f"there is no empty line between the options and '{text}'; write one")
            return
        is_read = any(one.at.line == number for one in element.options)
        is_begun = any(option.name for option in element.options)
        is_text = text.startswith(":::") or (_ROLE.match(text) and not is_begun)
        if not is_text and not is_read and not _OPTION.match(text):
            yield found(at, f"'{text}' is not an option, so no option of this block counts; "
                            "write ':name: value'")  # fmt: skip


#: Text that begins with a role.
_ROLE = re.compile(r":[\w:+.-]+:`")
#: A line of options as docutils reads it.
_OPTION = re.compile(r":(?! )[^:]+(?<! ):(?:[ \t]|$)")


def _askew(page: Page, element: Element) -> Iterator[Finding]:
    """Yield the options in reStructuredText that are indented more than those below them."""
    block = []
    for number in range(element.at.line + 1, element.level + 1):
        at = element.at._replace(line=number, column=0)
        line = page.line(at).expandtabs()
        if line.strip()[:1] != ":":
            break
        block.append((len(line) - len(line.lstrip()), at, line.strip()))
    least = min((indent for indent, _, _ in block), default=0)
    row = page.line(element.at._replace(line=element.level)) if element.body.strip() else ""
    below = len(row) - len(row.lstrip()) if row.strip() else least
    for indent, at, text in block:
        if indent > min(least, below):
            yield found(at, f"'{text}' is indented more than what follows; align the two")


#: Where a caption stands that is not an option.
_CAPTIONS = {"figure": "as text below the options"} | dict.fromkeys(
    ("table", "list-table", "csv-table"), "after the name of the directive"
)


def _advice(one: Directive, near: str, where: str) -> str:
    if where:
        return f"write the caption {where}"
    if near:
        return f"did you mean '{near}'?"
    named = [name for name in one.options if not name.startswith("no")]
    return f"it has {quoted_list(named)}" if named else "it has no options: leave it out"


#: What stands after a picture in Markdown, and what of it is a size or place.
_AFTER = re.compile(r"[^)\n]*\)\{([^{}\n]*)\}")
_BY_REFERENCE = re.compile(r"!\[[^(){}!\n]*\]\{([^{}\n]*)\}")
_ATTRIBUTE = re.compile(r"(?:^|\s)(w|h|a|width|height|align)=(\"[^\"]*\"|[^\s\"]+)")
_SIZES: dict[str, str | list[str]] = {
    "w": "length or percent",
    "h": "length or percent",
    "a": ["left", "center", "right"],
    "c": "class",
}
#: HTML of which MyST makes pictures, with ``html_image``, and the attributes in it.
_IMAGES = re.compile(r"(?:\s*<img\b[^<>]*>)+\s*", re.IGNORECASE)
_IN_HTML = re.compile(r"\s([\w:-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


def _attributes(page: Page, syntax: frozenset[str]) -> Iterator[tuple[Location, str, str]]:
    """Yield place, name and value of a picture's attributes, ``![…](…){width=50%}``."""
    for image in page.of("image") if "attrs_inline" in syntax else ():
        begin = image.at.column - 1 + len(image.name)
        line = page.line(image.at)
        after = _AFTER.match(line[begin:]) or _BY_REFERENCE.search(line)
        for name, value in _ATTRIBUTE.findall(after[1]) if after else ():
            yield image.at, name, value.strip('"')
    for html in page.of("html") if "html_image" in syntax else ():
        for one in _IN_HTML.finditer(html.text) if _IMAGES.fullmatch(html.text) else ():
            if (name := one[1].lower()) in ("width", "height", "align", "class"):
                yield html.at, name, (one[2] or one[3] or one[4] or "").strip()


@rule("error")
def option_value(book: Book) -> Iterator[Finding]:
    """An option of a directive has a value that does not fit.

    Bad: ``:width: wide``, ``:align: middle``

    Good: ``:width: 80%``, ``:align: center``

    Why: the option is left out.
    """
    for page in book.pages.values():
        syntax = extensions_of(page.source, book.settings.syntax)
        for at, name, value in _attributes(page, syntax):
            if not misfit(value.rstrip(","), _SIZES[name[0]]) and value[-1:] == ",":
                advice = f"write {name}={value[:-1]} without it"
                yield found(at, f"no comma belongs after '{name}={value[:-1]}'; {advice}")
            elif wanted := misfit(value, _SIZES[name[0]]):
                yield found(at, f"'{value}' is not a value of '{name}'; write {wanted}")
    for _, element, one in known_directives(book):
        if element.name in _JUDGED:
            continue
        for option in element.options:
            kind = one.reads(option.name) if option.name else None
            value = re.split(r"(?:^|[ \t])#", option.text, maxsplit=1)[0]  # see option_comment
            commented = value != option.text and not value
            kind = _BY_NAME.get(option.name, kind) if kind in ("any", "text") else kind
            if kind == "parser" and not element.restructured:
                kind = ["myst", "myst_parser.sphinx_", "myst_parser.docutils_"]  # MyST has no other
            if kind == "flag" and not element.restructured:
                continue  # MyST leaves the value out
            if kind is not None and not commented and (wanted := misfit(value, kind)):
                text = f"'{value}' is not a value of '{option.name}' in {{{element.name}}}"
                yield found(option.at, f"{text}; write {wanted}")
        if element.name in ("code-block", "sourcecode"):
            asked = {option.name: option for option in element.options}
            texts = {name: option.text for name, option in asked.items()}
            body = dedent(re.sub(r"^[ \t]*\n", "", element.body, count=1))
            for name, fault in asked_in_vain("this block", body, texts):
                yield found(asked[name].at, fault)


@rule("error")
def option_comment(book: Book) -> Iterator[Finding]:
    """The value of a directive's option has a ``#`` that begins a comment.

    Bad: ``:columns: #1=Term``

    Good: ``:columns: '#1=Term'``

    Why: options are YAML, and what follows a ``#`` is left out.
    """
    for page, element, _ in known_directives(book):
        for option in element.options if not element.restructured else ():
            at = _name_at(page, option)
            line = page.line(at)
            form = _COMMENTED.match(line, at.column - 1)
            if option.name and form and page.has_text(at, option.name):
                value = form[1].strip()
                mended = f"'{value}'" if "'" not in value else f'"{value}"'
                start = at._replace(column=form.start(1) + 1)
                is_lost = value[0] == "#" and '"' not in value
                edits = (Edit(start, value, mended),) if is_lost else ()
                text = f"the '#' in '{option.name}' begins a comment, which is left out"
                advice = f"write {option.name}: {mended}, or delete the comment"
                yield found(start, f"{text}; {advice}", *edits)


#: A name of an option, then a value without quotes in which a word begins with ``#``.
_COMMENTED = re.compile(r"[\w.-]+:[ \t]+((?![ \t'\"|>\[{])(?:[^#\n]*?[ \t])?#[^\n]*)")
#: Options whose values directives read in ways of their own.
_BY_NAME = {"lines": "lines", "emphasize-lines": "lines"}
#: What MyST alone adds to a directive of docutils.
_OF_MYST = {"include": ("relative-images", "relative-docs", "heading-offset")}
