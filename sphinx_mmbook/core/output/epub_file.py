"""Corrections to the packed EPUB file that Sphinx leaves out."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError, fromstring
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sphinx_mmbook.core import expressions as re

#: What a page must declare in the manifest if it has such an element.
PROPERTIES = {"mathml": "<math", "svg": "<svg", "scripted": r'<script|<[^<>]*\son\w+="'}
#: Files that no page shows, such as the fonts of a script for browsers.
STATIC = "_static/"
_ITEM = re.compile(r'<item id="[^"]*" href="([^"]*)" media-type="application/xhtml\+xml" />')
_ANY_ITEM = re.compile(r'(?<!\s)\s*<item id="[^"]*" href="([^"]*)" media-type="[^"]*" />')
#: Drawing programs name SVG's definition on another host, which the format forbids.
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*>\s*")
#: Matplotlib draws a space as a path without a course, which the format does not know.
_NO_PATH = re.compile(rb"<path\b(?![^<>]*\sd\s*=)")
_EMPTY_META = re.compile(r"(?<!\s)\s*<meta property=\"[^\"]*\"></meta>")


def correct_epub(path: Path) -> dict[str, str]:
    """Declare what pages use; drop empty metadata, files that no page shows, and dates of files.

    Returns the pages that are not XML, each with the reason.
    """
    with ZipFile(path) as packed:
        entries = {info.filename: packed.read(info) for info in packed.infolist()}
    unused = _unused(entries)
    entries = {name: data for name, data in entries.items() if name not in unused}
    manifest = entries["content.opf"].decode("utf-8")
    manifest = _ANY_ITEM.sub(lambda item: "" if unquote(item[1]) in unused else item[0], manifest)
    manifest = _EMPTY_META.sub("", _ITEM.sub(lambda item: _declared(item, entries), manifest))
    drawings = [name for name in entries if name.endswith(".svg")]
    entries |= {
        name: _NO_PATH.sub(b'<path d=""', _DOCTYPE.sub(b"", entries[name])) for name in drawings
    }
    entries["content.opf"] = manifest.encode("utf-8")
    with ZipFile(path, "w") as packed:
        for name, data in entries.items():
            # The format asks for "mimetype" first and not compressed.
            kind = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            packed.writestr(ZipInfo(name), data, compress_type=kind)
    pages = {name: data for name, data in entries.items() if name.endswith(".xhtml")}
    return {name: fault for name, data in pages.items() if (fault := xml_fault(data))}


def xml_fault(page: bytes | str) -> str:
    """Return why a page is not XML; empty if it is."""
    try:
        fromstring(page)  # noqa: S314 (Sphinx's own, or an element: no entities are declared)
    except ParseError as error:
        return str(error)
    return ""


def _unused(entries: dict[str, bytes]) -> set[str]:
    """Return the files of ``_static`` that neither a page nor a style sheet of a page names."""
    shown = b"".join(data for name, data in entries.items() if name.endswith(".xhtml"))
    static = {name for name in entries if name.startswith(STATIC)}
    sheets = {name for name in static if name.endswith(".css") and _name(name) in shown}
    shown += b"".join(entries[name] for name in sheets)
    return {name for name in static if _name(name) not in shown}


def _name(entry: str) -> bytes:
    return PurePosixPath(entry).name.encode()


def _declared(item: re.Match[str], entries: dict[str, bytes]) -> str:
    page = entries.get(str(PurePosixPath(unquote(item[1]))), b"").decode("utf-8")
    used = " ".join(name for name, mark in PROPERTIES.items() if re.search(mark, page))
    return item[0].replace(" />", f' properties="{used}" />') if used else item[0]
