"""Code chunks of R Markdown and Quarto: their header, and the figure that most of them only show.

Of 215 chunks of two books 192 do nothing but show a file, so a machine can write them as figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map
from sphinx_mmbook.core.finding import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

ENGINES = "r|R|python|julia|bash|sql|stan|ojs|rcpp|Rcpp"
_HEADER = re.compile(rf"\{{(?:{ENGINES})(?=[\s,}}])[ ,]*+([^\n]*?)\}}\s*", re.DOTALL)
_VALUE = (
    r"\"(?>(?:[^\"\\]++|\\.)*)\"|'(?>(?:[^'\\]++|\\.)*)'|\([^()]*\)|[^\s,\"'()]+(?:\([^()]*\))?"
)
_OPTION = re.compile(rf"(?<![\w.-])([\w.-]++)\s*+=\s*+({_VALUE})")
_LABEL = re.compile(r"(?:label\s*=\s*[\"']?)?([\w:./+-]+)[\"']?\s*(?:,|$)")
_OF_YAML = re.compile(r"^ ?([\w.-]{1,40}):([^\n]*)$", re.MULTILINE)
_FILE = r"\"[^\"\n]+\"|'[^'\n]+'"
_SHOWN = re.compile(
    rf"(?:knitr::)?include_graphics\(\s*(?:c\(\s*)?({_FILE})\s*((?:,\s*(?:{_FILE})\s*)*)\)?\s*"
    r"(?:,\s*[\w.]+\s*=\s*[\w.]+\s*)*\)"
)
#: A remark after the code of a line, or a line of its own.
_REMARK = re.compile(r"(?:^|(?<=\)))[ \t]*#[^\n\"']*$\n?", re.MULTILINE)
_END = re.compile(r"^ {0,3}[`~]{3,}[ \t]*$", re.MULTILINE)
#: A path from the project's top folder, whose files come along with the page.
_HERE = re.compile(
    rf"\b(?:here::here|here|file\.path)\(\s*((?:{_FILE})(?:\s*,\s*(?:{_FILE}))*)\s*\)"
)


def _joined(match: re.Match[str]) -> str:
    """Return the path of ``here("images", "loss.png")``, in quotes."""
    return '"' + "/".join(name[1:-1] for name in re.findall(_FILE, match[1])) + '"'


@dataclass(frozen=True)
class Chunk:
    """A chunk as written: ``text`` stands at ``at`` and holds both fences.

    ``shows`` are the files that it shows if it does nothing else; ``closed`` whether it ends.
    """

    at: Location
    text: str
    label: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    shows: tuple[str, ...] = ()
    closed: bool = True

    @property
    def header(self) -> str:
        """The first line without its backticks."""
        return self.text.partition("\n")[0].lstrip(" `~").strip()


def chunks_of(page: Page) -> Iterator[Chunk]:
    """Iterate over the chunks of a page that begin a line, outside of directives."""
    for element in page.of("code", "directive"):
        written = element.kind == "code" and _HEADER.fullmatch(element.name)
        if element.inside or not (written or re.fullmatch(ENGINES, element.name.partition(",")[0])):
            continue
        if chunk := _chunk(page, element):
            yield chunk


def _chunk(page: Page, element: Element) -> Chunk | None:
    at = Location(element.at.path, element.at.line, 1, element.at.cell)
    positions = page.positions_at(at)
    start = positions.offset(at)
    first, _, rest = positions.text[start:].partition("\n")
    header = _HEADER.fullmatch(first.lstrip(" `~").strip())
    if not header or first.lstrip(" ")[:3] not in ("```", "~~~"):
        return None
    end = _END.search(rest)
    body = rest[: end.start()] if end else rest
    lines = body.split("\n")
    options = {name: _plain(value) for name, value in _OPTION.findall(header[1])}
    options |= _cell_options([line[2:] for line in lines if line.startswith("#|")])
    label = _LABEL.match(header[1].strip())
    code = "\n".join(line for line in lines if not line.startswith("#|")).strip()
    shown = _SHOWN.fullmatch(_HERE.sub(_joined, _REMARK.sub("", code)))
    text = f"{first}\n{rest[: end.end()] if end else rest}"
    name = options.get("label", "") or (label[1] if label else "")
    files = re.findall(_FILE, f"{shown[1]}{shown[2]}") if shown else []
    return Chunk(at, text, name, options, code, tuple(map(_plain, files)), bool(end))


def _cell_options(lines: list[str]) -> dict[str, str]:
    """Return the options at the top of a chunk: YAML, also over several lines, or those of R."""
    text = "\n".join(lines)
    if read := read_yaml_map(text, "", "").fields:
        return {
            str(name): str(value) for name, value in read.items() if isinstance(value, str | int)
        }
    written = _OPTION.findall(text) or _OF_YAML.findall(text)
    return {name: _plain(value.strip()) for name, value in written}


def _plain(value: str) -> str:
    """Return the text of a value of R or YAML."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return re.sub(r"\\(.)", lambda m: " " if m[1] in "nt" else m[1], value[1:-1])
    return value


def figure_of(chunk: Chunk, caption: str, name: str) -> str:
    """Return the ``{figure}`` that shows what a chunk shows."""
    options = [("name", name)]
    if re.fullmatch(r"\d+(?:\.\d+)?(?:%|px|cm|in|em)", width := chunk.options.get("out.width", "")):
        options.append(("width", width))
    if (align := chunk.options.get("fig.align", "")) in ("center", "left", "right"):
        options.append(("align", align))
    alt = chunk.options.get("fig.alt", chunk.options.get("fig-alt", ""))
    options.append(("alt", " ".join(alt.split())))
    head, *more = chunk.shows
    start, text = f"```{{figure}} {head}", ["", caption] if caption else []
    if more:
        # Files side by side are parts of one figure.
        start, options = "```{subfigures}", options[:1]
        text = [line for file in chunk.shows for line in ("", f"![]({file})")] + text
    lines = [f":{key}: {value}" for key, value in options if value]
    return "\n".join([start, *lines, *text, "```"])
