"""YAML mappings that remember where their fields stand: front matter and people files.

Format: YAML 1.1 as PyYAML's safe loader reads it, of at most 64 KiB and without aliases
(an alias in a stranger's file can grow to gigabytes when it is printed).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.escapes import whole
from sphinx_mmbook.core.finding import Edit, Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_BYTES = 64 * 1024
_NO_LINES = "here is {} in place of lines 'name: value'; write for example '{}'"
#: A line as it may be, for mappings other than front matter.
_EXAMPLES = {"cell-option": "label: fig-loss", "person": "name: Ann Example"}


@dataclass(frozen=True)
class YamlMap:
    """The fields of a mapping and the places of its keys and list items.

    ``marks`` maps ``"authors"`` to the place of the key, ``"authors:"`` to that of its value and
    ``"authors.0"`` to that of its first item.
    """

    path: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, Location] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def at(self, name: str) -> Location:
        """Return the location of a field (``authors``) or item (``authors.0``), or the file."""
        while name and name not in self.marks:
            name = name.rpartition(".")[0]
        return self.marks.get(name, Location(self.path, 1))


def read_yaml_map(text: str, path: str, rule: str, first_line: int = 1, cell: int = 0) -> YamlMap:
    """Read a YAML mapping; a fault becomes the one finding, by ``rule``, of an empty map.

    ``first_line`` is the line of the file in which ``text`` begins.
    """

    def fault(message: str, line: int = 0, column: int = 0) -> YamlMap:
        at = Location(path, first_line + line, column, cell)
        return YamlMap(path, findings=(Finding(at, rule, message),))

    if len(text) > MAX_BYTES:
        return fault(f"this YAML has {len(text):,} characters; 64 KiB are allowed")
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        value: Any = loader.construct_document(node) if node else {}
        repr(value)  # fails for a number of more digits than Python prints
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or "cannot be read").replace("\n", " ")
        line, column = (mark.line, mark.column + 1) if mark else (0, 0)
        if mark and (finding := _colon(text, rule, Location(path, first_line, 0, cell), line)):
            return YamlMap(path, findings=(finding,))
        problem += "; check quotes, colons and indentation"
        return fault(f"this is not valid YAML: {problem}", line, column)
    except RecursionError:
        return fault("this has more levels, one in the other, than can be read; write fewer")
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        return fault(f"this is not valid YAML: {' '.join(str(error).split())[:120]}")
    except (LookupError, AttributeError):  # what PyYAML stumbles over
        problem = "a value does not fit its tag ('!!...'); leave tags out"
        return fault(f"this is not valid YAML: {problem}")
    if not isinstance(value, dict) or not isinstance(node, yaml.MappingNode | None):
        kind = "a list" if isinstance(value, list) else "plain text"
        return fault(_NO_LINES.format(kind, _EXAMPLES.get(rule, "title: My chapter")))
    marks = dict(_marks(node, path, first_line, cell)) if node else {}
    lost = tuple(Finding(marks[name], rule, what) for name, what in _lost(node, text))
    return YamlMap(path, {str(key): item for key, item in value.items()}, marks, lost)


#: Fields that are printed.
_PRINTED = {"title", "name", "affiliation", "caption", "fig-cap", "tbl-cap"}


def _lost(node: yaml.MappingNode | None, text: str) -> Iterator[tuple[str, str]]:
    """Yield what YAML leaves out in silence: a field's first value, and text that is a comment."""
    # YAML has other ends of lines, too, and counts them; the lines of a page do not.
    lines, seen = [] if _OTHER_ENDS.search(text) else text.split("\n"), set()
    for key, value in node.value if node else ():
        name = str(key.value)
        if name in seen:
            yield name, f"'{name}' appears twice, and the first is left out; delete one"
        seen.add(name)
        plain = isinstance(value, yaml.ScalarNode) and value.style is None and name in _PRINTED
        end = value.end_mark
        rest = lines[end.line][end.column :].strip() if plain and end.line < len(lines) else ""
        if rest[:1] == "#" and not rest[1:2].isspace():
            yield name, f"'{rest}' begins a comment, so it is not shown; write the value in quotes"


#: No title has so many characters; the expression takes the square of their number.
LONGEST = 500
#: A field whose value has another colon, which YAML takes for that of a field.
_COLON = re.compile(r"[ ]*([\w-]+):[ \t]+([^\s\"'\[{>|&*!%#@][^\n]*?:[ \t][^\n#]*[^\s#])[ \t]*")

_OTHER_ENDS = re.compile("[\r\x85\u2028\u2029]")


def _colon(text: str, rule: str, first: Location, line: int) -> Finding | None:
    """Return the finding for a value with a colon in it; ``line`` counts from ``first``."""
    lines = text.split("\n")
    # YAML has other ends of lines, too, and counts them; the lines of a page do not.
    written = lines[line] if line < len(lines) and not _OTHER_ENDS.search(text) else ""
    match = _COLON.fullmatch(written) if len(written) < LONGEST else None
    if not match:
        return None
    new = '"' + match[2].replace("\\", "\\\\").replace('"', '\\"') + '"'
    message = f"the value of '{match[1]}' has a colon and a space in it; write it in quotes: {new}"
    at = first._replace(line=first.line + line, column=match.start(2) + 1)
    return Finding(at, rule, message, fix=(Edit(at, match[2], new),))


class _Loader(yaml.SafeLoader):
    """The safe loader, without aliases, and without halves of letters."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="aliases ('*name') are not allowed here", problem_mark=event.start_mark
            )
        node = super().compose_node(parent, index)
        if isinstance(node, yaml.ScalarNode):
            node.value = whole(node.value)
        return node


def _marks(
    node: yaml.Node, path: str, first: int, cell: int, prefix: str = ""
) -> list[tuple[str, Location]]:
    """List the places of all keys and items below ``node``, with dotted names."""
    found: list[tuple[str, Location]] = []
    if isinstance(node, yaml.MappingNode):
        named = [(str(key.value), key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        named = [(str(index), item, item) for index, item in enumerate(node.value)]
    else:
        return found
    for name, mark, value in named:
        found.append((prefix + name, _location(mark, path, first, cell)))
        found.append((f"{prefix}{name}:", _location(value, path, first, cell)))
        found += _marks(value, path, first, cell, f"{prefix}{name}.")
    return found


def _location(node: yaml.Node, path: str, first: int, cell: int) -> Location:
    mark = node.start_mark
    return Location(path, first + mark.line, mark.column + 1, cell)
