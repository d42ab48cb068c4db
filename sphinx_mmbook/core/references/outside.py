"""What of a page reaches outside of it: addresses that a browser loads, TeX that reads files."""

from __future__ import annotations

from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(r"""<([a-zA-Z][a-zA-Z0-9:-]*)((?>(?:[^<>"']++|"[^"]*"|'[^']*')*))>?""")
_ATTRIBUTE = re.compile(
    r"""(?<![a-zA-Z:-])([a-zA-Z:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]++))"""
)
_ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'`<>\\,()]+", re.IGNORECASE)
#: Attributes whose address a browser loads, in whatever element.
_LOADED = {"src", "srcset", "data", "poster", "background"}
#: Elements that load what ``href`` names.
_BY_HREF = {"use", "image", "feimage", "script", "base"}
_LINKED = re.compile(r"stylesheet|icon|preload|prefetch|preconnect|manifest|import", re.IGNORECASE)
_STYLE = re.compile(r"(?:@import|url\()\s*[\"']?\s*((?:https?:)?//[^\s\"'<>)]+)", re.IGNORECASE)
_SCRIPT = re.compile(r"(<script\b[^<>]*>)|</script", re.IGNORECASE)
#: In a script: modules, libraries, and hosts whose only purpose they are.
_IN_SCRIPT = re.compile(
    r"https?://(?:cdn\.|unpkg\.|esm\.)[^\s\"'`<>\\]+"
    r"|https?://[^\s\"'`<>\\?#]+\.(?:m?js|css)(?![a-z])",
    re.IGNORECASE,
)
#: Longer scripts are whole libraries, which name addresses that they hardly ever load.
_LIBRARY = 200_000


def loaded_addresses(html: str) -> list[str]:
    """Return what a browser loads from other hosts to show HTML, without being asked."""
    if "//" not in html:
        return []
    return list(dict.fromkeys([*_of_tags(html), *_STYLE.findall(html), *_of_scripts(html)]))


def _of_tags(html: str) -> Iterator[str]:
    for tag in _TAG.finditer(html):
        if "//" not in tag[2]:
            continue
        name = tag[1].lower()
        found = _ATTRIBUTE.finditer(tag[2])
        said = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in found}
        for attribute, value in said.items():
            by_href = attribute in ("href", "xlink:href") and (
                name in _BY_HREF or (name == "link" and _LINKED.search(said.get("rel", "")))
            )
            if by_href or attribute in _LOADED:
                yield from _first_address(value, several=attribute == "srcset")


def _first_address(value: str, *, several: bool) -> Iterator[str]:
    for part in value.split(",") if several else (value,):
        if match := _ADDRESS.match(part.strip()):
            yield match[0]


def _of_scripts(html: str) -> Iterator[str]:
    start = -1
    for mark in _SCRIPT.finditer(html):
        if start >= 0 and mark.start() - start <= _LIBRARY:
            yield from _IN_SCRIPT.findall(html, start, mark.start())
        start = mark.end() if mark[1] else -1


#: Commands that read or write a file, run a program, or make such a command from letters.
_TEX = re.compile(
    r"\\(?:@*input|include|openin|openout|read(?:line)?|write|immediate|newread|newwrite"
    r"|InputIfFileExists|IfFileExists|(?:sub)?import|(?:sub)?inputfrom|lstinputlisting"
    r"|[vV]erbatim[iI]nput|inputminted|includepdf|special|primitive|catcode|csname|scantokens"
    r"|directlua|latelua|XeTeXpicfile|XeTeXpdffile|pdfximage|ShellEscape|usepackage"
    r"|RequirePackage|documentclass|font)(?![A-Za-z@])"
    r"|\\begin\s*\{(?:filecontents\*?|VerbatimOut)\}|\^\^"
)


@lru_cache(maxsize=10_000)  # several rules ask of each formula
def tex_outside(tex: str) -> str:
    r"""Return the command by which TeX would reach a file: ``\input``; empty if none."""
    match = _TEX.search(tex)
    return match[0] if match else ""
