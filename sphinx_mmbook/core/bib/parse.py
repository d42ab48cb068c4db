"""Read the text of a ``.bib`` file: what BibTeX and biber accept, and the sound part of the rest.

An entry never reaches beyond the next line that begins with ``@type{``, so that a brace too few
spoils one entry only and reading takes linear time whatever the text is.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.entry import BibEntry
from sphinx_mmbook.core.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: A line with which an entry begins, also one that forgot its brace.
_LINE_START = re.compile(
    r"^[ \t]*@[ \t]*(?=[A-Za-z]+\s*[{(]|(?:article|book|in\w+|misc|online|\w+thesis|string)\b)",
    re.MULTILINE | re.IGNORECASE,
)
_HEAD = re.compile(r"@[ \t]*([A-Za-z]+)\s*([{(]?)")
_BLANK = re.compile(r"(?:\s|%[^\n]*)*+")
_KEY = re.compile(r"[^\s,{}\"=]*")
_FIELD = re.compile(r"([A-Za-z_][A-Za-z0-9_:+.-]*)(?:\s|%[^\n]*)*+=(?:\s|%[^\n]*)*+")
_WORD = re.compile(r"[A-Za-z0-9_:+./-]+")
#: A field after an entry that a brace too many has ended.
_LOST = re.compile(r"[\s,]*([A-Za-z_-]+)\s*=\s*[{\"\d]")
#: A line that would begin an entry, but for its sign or its type.
_NO_TYPE = re.compile(
    r"^[ \t]*(@[ \t]*\{|(?:article|book|in(?:proceedings|collection|book)|misc|online|\w+thesis)"
    r"[ \t]*\{)([^\s,{}]+),[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_HASH = re.compile(r"\s*#\s*")
_IN_BRACES = re.compile(r"[{}]")
_IN_QUOTES = re.compile(r'[{}"]')
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


#: Signs that the names of one value, and of one file, may stand for: names of names multiply.
MOST_IN_VALUE, MOST_IN_FILE = 20_000, 4_000_000


class _Fault(Exception):
    """A part of an entry cannot be read: the message and where it is."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message, self.at = message, at


def parse_bib(text: str, path: str) -> tuple[tuple[BibEntry, ...], tuple[Finding, ...]]:
    """Return the entries of ``text`` in their order, and what is wrong with it.

    ``path`` is the file's path in the book, for locations. A key that comes twice is a finding
    (``bib-key-twice``) and its first entry counts. Broken entries (``bib-syntax``) are kept as far
    as they can be read, so that citing them is not a second fault. ``@string`` is resolved.
    """
    parser = _Parser(text, path)
    parser.run()
    return tuple(parser.entries.values()), tuple(parser.findings)


class _Parser:
    """One pass over a file."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.expanded = 0  # signs that names stood for so far
        self.strings = {name[:3].lower(): name for name in MONTHS}
        self.entries: dict[str, BibEntry] = {}
        self.findings: list[Finding] = []
        self.end = 0  # no entry reads beyond this
        self.start = 0  # where the entry begins that is being read
        self.broken = False  # whether the entry that is being read has a finding

    def run(self) -> None:
        starts = [match.end() for match in _LINE_START.finditer(self.text)]
        at_signs = [self.text.rfind("@", 0, start) for start in starts]
        bounds = [*at_signs, len(self.text)]
        self.end = bounds[0]
        position = self.next_entry(0)
        for start, end in zip([-1, *at_signs], bounds, strict=True):
            self.end = end
            position = start if start >= 0 else position
            while position >= 0:
                position = self.next_entry(self.command(position))
        for match in _NO_TYPE.finditer(self.text):
            message = f"'{match[0].strip()}' begins no entry, so it is not read"
            right = "article{" if match[1][0] == "@" else match[1]
            self.broken = match[2] in self.entries
            self.fault(_Fault(f"{message}; write '@{right}{match[2]},'", match.start(1)))

    def next_entry(self, position: int) -> int:
        """Return where another entry begins after one, on the same line or after text, or -1."""
        while (position := self.text.find("@", position, self.end)) >= 0:
            head = _HEAD.match(self.text, position, self.end)
            if head and head[2] and not self.commented(position):
                return position
            position += 1
        return -1

    def commented(self, position: int) -> bool:
        """Whether a ``%`` is before ``position`` on its line (a bounded part of it is read)."""
        reach = max(0, position - 200)
        line = max(reach, self.text.rfind("\n", reach, position))
        return "%" in self.text[line:position]

    def command(self, start: int) -> int:
        """Read what begins at the ``@`` at ``start``; return where reading goes on."""
        head = _HEAD.match(self.text, start, self.end)
        if head is None:  # only if nothing follows within reach
            return self.end
        self.start, self.broken = start, False
        kind = head[1].lower()
        try:
            if not head[2]:
                raise _Fault(f"'@{head[1]}' has no '{{' after it; add it", start)
            if kind == "comment":
                return self.skip_comment(head)
            if kind == "string":
                return self.string(head)
            if kind == "preamble":
                return self.value(self.blank(head.end()))[1]
            return self.entry(head, kind)
        except _Fault as fault:
            self.fault(fault)
            return self.end

    def skip_comment(self, head: re.Match[str]) -> int:
        # A comment needs no balance: at worst it ends where the next entry begins.
        try:
            return self.closing(head.end() - 1) if head[2] == "{" else head.end()
        except _Fault:
            return self.end

    def string(self, head: re.Match[str]) -> int:
        field = _FIELD.match(self.text, self.blank(head.end()), self.end)
        if field is None:
            raise _Fault("this @string has no 'name = value'; add it", head.start())
        value, position = self.value(field.end())
        self.strings[field[1].lower()] = value
        return position

    def entry(self, head: re.Match[str], kind: str) -> int:
        start = head.start()
        key, position = self.key(head)
        fields: dict[str, str] = {}
        lines: dict[str, int] = {}
        columns: dict[str, int] = {}
        try:
            for name, value, at in self.fields(position, key, "}" if head[2] == "{" else ")"):
                if not name:
                    position = at
                elif name in fields:
                    message = f"entry '{key}' has the field '{name}' twice; keep one"
                    self.findings.append(Finding(self.at(at), "bib-field-twice", message))
                else:
                    location = self.at(at)
                    fields[name], lines[name], columns[name] = value, location.line, location.column
        except _Fault as fault:
            self.fault(fault)
            position = self.end
        if not self.broken and (lost := _LOST.match(self.text, position, self.end)):
            message = f"this brace ends '{key}', so '{lost[1]}' and what follows is lost; delete it"
            if again := lost[1].lower() in fields:
                message = (
                    f"no entry has this '{lost[1]}', and '{key}' has its own; delete this part"
                )
            self.fault(_Fault(message, lost.start(1) if again else position - 1))
        line = self.line(start)
        self.add(BibEntry(key, kind, fields, self.path, line, lines, self.broken, columns))
        return position

    def key(self, head: re.Match[str]) -> tuple[str, int]:
        start = self.blank(head.end())
        found = _KEY.match(self.text, start, self.end)
        key = found[0] if found else ""
        after = self.blank(start + len(key))
        follower = self.text[after : min(after + 1, self.end)]
        if not key or follower == "=":
            raise _Fault(f"this @{head[1]} has no key; write @{head[1]}{{name, …", head.start())
        if after >= self.end:
            raise _Fault(f"entry '{key}' is not closed before the next one; add '}}'", head.start())
        if follower in (",", "}", ")"):
            return key, after + (follower == ",")
        if _FIELD.match(self.text, after, self.end):
            self.fault(_Fault(f"the comma after the key '{key}' is missing", head.start()))
            return key, after
        message = f"the key that begins with '{key}' has a space, a quote or a brace in it"
        raise _Fault(f"{message}; use letters, digits and hyphens", head.start())

    def fields(self, position: int, key: str, close: str) -> Iterator[tuple[str, str, int]]:
        """Yield name, value and position of each field; finally ``("", "", end of the entry)``."""
        while True:
            position = self.blank(position)
            if self.text.startswith(close, position, self.end):
                yield "", "", position + 1
                return
            field = _FIELD.match(self.text, position, self.end)
            if field is None:
                raise self.no_field(position, key)
            value, after = self.value(field.end())
            yield field[1].lower(), value, position
            position = self.blank(after)
            if self.text.startswith(",", position, self.end):
                position += 1
            elif _FIELD.match(self.text, position, self.end):
                message = f"the comma after the field '{field[1]}' of '{key}' is missing; add it"
                self.fault(_Fault(message, position))

    def no_field(self, position: int, key: str) -> _Fault:
        if position >= self.end:
            return _Fault(f"entry '{key}' is not closed before the next one; add '}}'", self.start)
        shown = self.text[position : min(position + 20, self.end)].split("\n")[0]
        return _Fault(f"entry '{key}': '{shown}' is not 'field = value,'; mend it", position)

    def value(self, position: int) -> tuple[str, int]:
        """Read ``{…}``, ``"…"``, a number or a name, or several with ``#``, to its end."""
        parts, start, before = [], position, self.expanded
        while True:
            part, position = self.part(position)
            parts.append(part)
            if self.expanded - before > MOST_IN_VALUE or self.expanded > MOST_IN_FILE:
                message = "the names that @string defines stand for too much text here"
                raise _Fault(f"{message}; write the text itself, in braces", start)
            glue = _HASH.match(self.text, position, self.end)
            if glue is None:
                return " ".join("".join(parts).split()), position
            position = glue.end()

    def part(self, position: int) -> tuple[str, int]:
        opening = self.text[position : min(position + 1, self.end)]
        if opening and opening in '{"':
            end = self.closing(position)
            return self.text[position + 1 : end - 1], end
        word = _WORD.match(self.text, position, self.end)
        if word is None:
            raise _Fault("a field has no value; write it in braces", min(position, self.end - 1))
        if word[0][0].isdigit():
            return word[0], word.end()
        if word[0].lower() not in self.strings:
            message = f"'{word[0]}' is neither in braces nor a name that @string defines"
            self.fault(_Fault(f"{message}; put the whole value into braces", position))
        text = self.strings.get(word[0].lower(), word[0])
        self.expanded += len(text)
        return text, word.end()

    def closing(self, position: int) -> int:
        """Return the place after the brace or quote that closes the one at ``position``."""
        quoted = self.text[position] == '"'
        depth = 0 if quoted else 1
        for match in (_IN_QUOTES if quoted else _IN_BRACES).finditer(
            self.text, position + 1, self.end
        ):
            sign = match[0]
            depth += (sign == "{") - (sign == "}")
            if (sign == '"' and depth == 0) or (not quoted and depth == 0):
                return match.end()
        mark = "quote" if quoted else "brace"
        raise _Fault(f"the {mark} that opens here is not closed before the next entry", position)

    def blank(self, position: int) -> int:
        match = _BLANK.match(self.text, position, self.end)
        return match.end() if match else position

    def add(self, entry: BibEntry) -> None:
        first = self.entries.setdefault(entry.key, entry)
        if first is not entry:
            message = f"the key '{entry.key}' is used in line {first.line} too; remove one entry"
            self.findings.append(Finding(entry.at, "bib-key-twice", message))

    def fault(self, fault: _Fault) -> None:
        """Note the first fault of an entry; what follows it is mostly its echo."""
        if not self.broken:
            self.findings.append(Finding(self.at(fault.at), "bib-syntax", fault.message))
        self.broken = True

    def line(self, position: int) -> int:
        return bisect_right(self.newlines, position - 1) + 1

    def at(self, position: int) -> Location:
        line = self.line(position)
        start = self.newlines[line - 2] + 1 if line > 1 else 0
        return Location(self.path, line, position - start + 1)


def with_parents(entries: Mapping[str, BibEntry]) -> dict[str, BibEntry]:
    """Return the entries with what ``crossref`` inherits: every field that the child lacks."""
    return {key: _inherit(entry, entries) for key, entry in entries.items()}


def _inherit(entry: BibEntry, entries: Mapping[str, BibEntry]) -> BibEntry:
    parent = entries.get(entry.fields.get("crossref", ""))
    if parent is None or parent is entry:
        return entry
    given = {name: value for name, value in parent.fields.items() if name != "crossref"}
    if "title" in given:
        given["booktitle"] = given.get("booktitle") or given["title"]
        given.pop("title")
    fields = given | dict(entry.fields)
    return replace(entry, fields=fields)
