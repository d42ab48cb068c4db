"""Pages of the EPUB as XML: readers refuse a page that is not.

Raw HTML in a chapter, HTML outputs of cells and some extensions write what only browsers
understand: ``<br>``, attributes without value, ``&nbsp;``; or embed what another host has. Such a
page is read as browsers do and written anew: without scripts, which few readers run and XML wants
written otherwise, and with links for what is elsewhere. What is not XML even then is replaced by a
sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup, Comment

from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.output.epub_file import xml_fault
from sphinx_mmbook.core.translations import word
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

REPLACED = (
    "this page is not valid XML and cannot be mended, so the EPUB has a note in its place ({}); "
    "correct the HTML that the page contains or its code writes"
)
#: Names of elements and attributes that have capitals, as in SVG: ``linearGradient``, ``viewBox``.
_NAMES = re.compile(r"(?<=[<\s])[a-z]+[A-Z][\w:-]*(?=[\s=>/])")

#: What shows files of others, which no EPUB may have.
EMBEDDING = ("iframe", "img", "video", "audio", "source", "embed", "object")
_EMBEDS = re.compile(rf"<(?:{'|'.join(EMBEDDING)})\b[^<>]*\b(?:src|data)=[\"']?(?:https?:)?//")


def mended(body: str) -> str:
    """Return the inside of a page, read as browsers do and written as XML."""
    soup = BeautifulSoup(body, "html.parser")
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for script in soup.find_all("script"):
        script.extract()
    for tag in soup.find_all(EMBEDDING):
        address = str(tag.get("src") or tag.get("data") or "")
        if "//" in address:
            link = soup.new_tag("a", href=address)
            link.string = str(tag.get("title") or tag.get("alt") or address)
            tag.replace_with(link)
    # The parser makes all names lower case.
    names = {name.lower(): name for name in _NAMES.findall(body)}
    for tag in soup.find_all(True):
        tag.name = names.get(tag.name, tag.name)
        if tag.name == "svg":
            tag.attrs.setdefault("xmlns", "http://www.w3.org/2000/svg")
        tag.attrs = {names.get(name, name): value for name, value in tag.attrs.items()}
    return str(soup)


def make_well_formed(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Let the inside of a page of the EPUB be XML that needs no other host."""
    body = context.get("body")
    if app.builder.name != "epub" or not isinstance(body, str):
        return
    if not xml_fault(f"<div>{body}</div>") and not _EMBEDS.search(body):
        return
    body = mended(body)
    if fault := xml_fault(f"<div>{body}</div>"):
        path = app.env.doc2path(pagename, base=False).as_posix()
        report(app.env, Finding(Location(path, 1), "epub-page", REPLACED.format(fault)))
        body = f"<p>{word('not-in-epub', app.config.language)}</p>"
    context["body"] = body
