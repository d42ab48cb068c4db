"""Pages in reStructuredText: labels, headings, directives and roles, line by line.

An existing project has such pages beside ours. What is judged there is what other pages depend on:
what they can refer to, what they refer to, which files they show. docutils' own parser needs all
directives and roles of a project registered to read as much, and a second to start.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.pages.elements import Element, Value
from sphinx_mmbook.core.pages.markdown import is_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.pages.source import Inclusions

_EXPLICIT = re.compile(r"(?P<indent>\s*(?:[-*+]\s+)?)\.\.[ \t]+(?=\S)")
_TARGET = re.compile(r"_(?:`(?P<quoted>[^`]+)`|(?P<name>(?:[^:\\`]|\\.|:(?=\S))+)):(?:\s|$)")
_DIRECTIVE = re.compile(
    r"(?:\|[^|]+\|\s+)?(?P<name>[a-zA-Z][\w:+.-]*?)::(?:[ \t]+(?P<argument>\S.*))?$"
)
#: docutils' own form of a field's name, which can be nearly anything.
_OPTION = re.compile(
    r"\s+:(?P<name>(?![: ])(?:[^:\\]|\\.|:(?![ `]|$))+(?<! )):(?:[ \t]+(?P<text>\S.*)?)?$"
)
#: A line of text that is not an option.
_GOES_ON = re.compile(r"\s+(?!:[^: ])\S")
#: Directives whose argument may begin below them.
_ARGUED = {
    "image", "figure", "code", "code-block", "sourcecode", "include", "literalinclude", "raw",
    "only", "admonition", "topic", "sidebar", "rubric", "table", "list-table", "csv-table", "index",
}  # fmt: skip
#: What stands between the lines of an argument or option; of an address or a path they are joined.
_JOINT = dict.fromkeys(("image", "figure", "include", "file"), "")
_JOINT |= dict.fromkeys(("index", "width", "height", "figwidth"), "\n")
#: Text ends at a mark that nothing stands after, or a space or a sign.
_END = r"(?=$|[\s\-/:.,;!?\\'\")\]}>]|(?!\w)[^\x00-\x7f])"
_QUOTED = re.compile(rf"``.*?``|`(?P<text>[^`\s](?:.*?[^\s])??)`(?:{_END}|__?)", re.DOTALL)
_ROLE = re.compile(r":(?P<name>[a-zA-Z][\w:+.-]*):$")
#: A role's name is not longer.
_NAME = 60
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def elements_of(
    text: str, start: Location, inclusions: Inclusions | None = None
) -> tuple[Element, ...]:
    """Return the elements of a page, or of the part of one that begins at ``start``."""
    return tuple(_Lines(text.split("\n"), start, inclusions).elements())


def elements_in_markdown(
    text: str, start: Location, inclusions: Inclusions | None = None
) -> Iterator[Element]:
    """Yield the elements of an ``{eval-rst}``: labels in its blocks are links' alone."""
    lines = text.split("\n")
    for item in elements_of(text, start, inclusions):
        within = item.at.path == start.path and lines[item.at.line - start.line][:1] == " "
        unnamed = tuple(option for option in item.options if option.name != "name")
        if item.kind != "target" or not (within or item.level):
            is_lost = within and item.name != "math"
            yield item._replace(options=unnamed) if is_lost else item
        elif not item.level:
            yield item._replace(kind="local")


class _Lines:
    def __init__(
        self, lines: list[str], start: Location, inclusions: Inclusions | None = None
    ) -> None:
        self.lines, self.start, self.inclusions = lines, start, inclusions
        #: The styles of underlines in the order of their levels.
        self.styles: list[str] = []

    def at(self, number: int, column: int = 0) -> Location:
        return self.start._replace(line=self.start.line + number, column=column + 1)

    def elements(self) -> Iterator[Element]:
        number = 0
        while number < len(self.lines):
            line = self.lines[number]
            if match := _EXPLICIT.match(line):
                after, found = self.explicit(number, match.end(), len(match["indent"]))
                yield from found
                if self.inclusions and found and found[0].name == "include":
                    yield from self.included(self.inclusions, found[0])
            elif line.lstrip().startswith(">>> "):
                after = number + 1
                while after < len(self.lines) and self.lines[after].strip():
                    after += 1
            elif line.strip() == ".." and "".join(self.lines[number + 1 : number + 2]).strip():
                after = self.end_of(number, _indent(line))
            elif heading := self.heading(number):
                yield heading
                yield from self.roles(number)
                after = number + 2
            else:
                if line.strip() and not (self._rule(number) and self.heading(number + 1)):
                    # A label before text is the text's, not that of what comes after it.
                    yield Element("break", self.at(number), self.named(number))
                yield from self.roles(number)
                is_literal = line.rstrip().endswith("::")
                after = self.end_of(number, _indent(line)) if is_literal else number + 1
            number = after

    def included(self, inclusions: Inclusions, directive: Element) -> Iterator[Element]:
        """Yield what is in a file that a directive includes."""
        with inclusions.entered(directive) as entered:
            if entered:
                path, text = entered
                part = _Lines(text.split("\n"), Location(path, 1), inclusions)
                part.styles = self.styles
                yield from part.elements()

    def end_of(self, number: int, indent: int) -> int:
        """Return the line after the block that is indented more than the line ``number``."""
        number += 1
        while number < len(self.lines) and (
            not self.lines[number].strip() or _indent(self.lines[number]) > indent
        ):
            number += 1
        return number

    def named(self, number: int) -> str:
        """Return what a line is: a title in ``only``, a term with its meaning below it, a field."""
        line, below, last = (*self.lines[number : number + 3], "", "")[:3]
        text = line.strip()
        is_above = last == line and (len(text) > 3 or len(below.strip()) <= len(text))
        rule = (last if is_above else below).strip()
        is_rule = rule[:1] in _PUNCTUATION and {*rule} == {*rule[:1]}
        if line[:1] == " " and is_rule and len(rule) >= min(len(text), 4):
            return "section"
        is_defined = _indent(below) > _indent(line) or _OPTION.match(f" {line.lstrip()}")
        return "definitions" if is_defined else ""

    def heading(self, number: int) -> Element | None:
        """Return the heading that is on this line, with its underline on the next."""
        text, below = "".join(self.lines[number : number + 1]).strip(), self._rule(number + 1)
        if not text or not below or self._rule(number) or len(below) < min(len(text), 4):
            return None
        above = self._rule(number - 1)
        if number and self.lines[number - 1].strip() and above != below:
            return None
        style = below[0] + ("overline" if above == below else "")
        if style not in self.styles:
            self.styles.append(style)
        return Element("heading", self.at(number), text=text, level=self.styles.index(style) + 1)

    def _rule(self, number: int) -> str:
        line = self.lines[number].rstrip() if 0 <= number < len(self.lines) else ""
        is_rule = line and line[0] in _PUNCTUATION and line == line[0] * len(line)
        return line if is_rule else ""

    def explicit(self, number: int, column: int, indent: int) -> tuple[int, list[Element]]:
        """Return what begins with two dots, and the line to go on with."""
        line = self.lines[number]
        if match := _TARGET.match(line, column):
            name = match["quoted"] or match["name"]
            found = Element("target", self.at(number, line.find(name, column)), name=name)
            # With an address after it, it is a link's and no label.
            return number + 1, [] if line[match.end() :].strip() else [found]
        match = _DIRECTIVE.match(line, column)
        end = self.end_of(number, indent)
        if not match:
            is_comment = line[column] not in "[|"
            roles = [] if is_comment else self.roles(number)
            after = end if is_comment else number + 1
            return after, [Element("break", self.at(number)), *roles]
        found = self.directive(number, match, end)
        first = found.level - self.start.line
        if found.name == "parsed-literal":  # which has no blocks, but roles
            return end, [found, *(role for line in range(first, end) for role in self.roles(line))]
        has_no_text = is_literal(found.name) or found.kind == "math"
        lines = range(number, self.text_end(number, end)) if first > number + 1 else (number,)
        titled = [] if has_no_text else [role for line in lines for role in self.roles(line)]
        if found.kind == "math" and not found.options:
            return end, []
        return end if has_no_text else max(first, number + 1), [found, *titled]

    def text_end(self, number: int, end: int) -> int:
        """Return the line after the text that begins with a directive, above its options."""
        number += 1
        while number < end and _GOES_ON.match(self.lines[number]):
            number += 1
        return number

    def directive(self, number: int, match: re.Match[str], end: int) -> Element:
        """Return a directive with its options."""
        name, options = match["name"], []
        first = above = self.text_end(number, end)
        texts = [(match["argument"] or "").strip(), *map(str.strip, self.lines[number + 1 : first])]
        has_argument = texts[0] or name in _ARGUED
        argument = _JOINT.get(name, " ").join(texts).strip() if has_argument else ""
        # If all options are indented more than the text below them, they are a part of it.
        above_text = [*takewhile(str.strip, self.lines[first:end])]
        below = filter(str.strip, self.lines[first + len(above_text) : end])
        begin = min(map(_indent, above_text), default=0)
        is_body = begin > min(map(_indent, below), default=begin)
        while first < end and not is_body and (option := _OPTION.match(self.lines[first])):
            text, indent = option["text"] or "", _indent(self.lines[first])
            column = max(option.start("text"), option.start("name"))
            place, first = self.at(first, column), first + 1
            while first < end and self.lines[first].strip() and _indent(self.lines[first]) > indent:
                text += _JOINT.get(option["name"], " ") + self.lines[first].strip()
                first += 1
            options.append(Value(option["name"], text.strip(), place))
        if argument:
            place = self.at(number, match.start("argument")) if texts[0] else self.at(number + 1)
            options.append(Value("", argument, place))
        at = self.at(number, match.start("name"))
        lines = self.lines[first:end]
        if not has_argument and above > number + 1:  # text above the options is the body's
            lines = [*self.lines[number + 1 : above], *[""] * (first - above), *lines]
            first = number + 1
        body = "\n".join(lines).strip("\n")
        while first < end and not self.lines[first].strip():
            first += 1
        if name == "math":
            labels = tuple(option for option in options if option.name in ("label", "name"))
            # How its TeX is set is Sphinx's matter, so it is not looked at.
            return Element("math", at, name, options=labels, level=1)
        line = self.start.line + first
        given = tuple(options)
        return Element("directive", at, name, argument, body, line, given, restructured=True)

    def roles(self, number: int) -> Iterator[Element]:
        """Yield the roles of a line, and the labels within it."""
        line = text = self.lines[number]
        if line.count("`") % 2:  # it goes on below
            below = takewhile(str.strip, self.lines[number + 1 :])
            text = "\n".join([line, *below])
        for match in _QUOTED.finditer(text) if "`" in line else ():
            start = match.start()
            if start >= len(line):
                break
            before = line[max(start - _NAME, 0) : start]
            if match["text"] and (role := _ROLE.search(before)):
                at = self.at(number, start - len(role[0]))
                yield Element("role", at, role["name"], match["text"])
            elif match["text"] and before.endswith("_"):
                yield Element("target", self.at(number, start + 1), match["text"], level=1)


def _indent(line: str) -> int:
    line = line.expandtabs()
    return len(line) - len(line.lstrip(" \v\f"))
