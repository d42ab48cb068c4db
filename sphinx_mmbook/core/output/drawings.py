"""What an SVG file would do beyond being a picture: run code, read files, load from other hosts.

In an ``<img>`` it can do little; opened by itself, on the book's own host, it is a program. A
pattern over the bytes was tried: ``<s:script>``, UTF-16 and ``java&#115;cript:`` passed it. So an
XML parser reads it, as a browser does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Elements of SVG that run code or hold a web page.
_ACTIVE = {"script", "handler", "listener", "foreignobject"}
#: Elements that change another's attribute, in which a ``javascript:`` link can come later.
_ANIMATED = {"animate", "set", "animatetransform", "animatemotion"}
_LINKS = {"href", "src", "data"}
_XHTML = "http://www.w3.org/1999/xhtml"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_HARMLESS = re.compile(
    r"#|data:(?:image/(?:png|jpe?g|gif|webp)|font/|application/(?:x-)?font)", re.I
)

_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_CSS_IMPORT = re.compile(r"@import", re.I)
_CSS_ADDRESS = re.compile(
    r"url\(\s*[\"']?\s*([^\s\"')]{0,200})|image-set\(\s*[\"']([^\"']{0,200})", re.I
)


class BrokenDrawingError(ValueError):
    """A file that is not XML; the text says where."""


def active_part(svg: bytes) -> str:
    """Return what in a drawing runs code or reads files, as its author finds it; empty if nothing.

    :raises BrokenDrawingError: if it is not XML that a browser would show.
    """
    judge = _Judge()
    # Drawing programs write a document type; only what it may define is dangerous.
    parser = DefusedXMLParser(target=judge, forbid_dtd=False)
    try:
        parser.feed(svg)
        parser.close()
    except _Found as found:
        return found.what
    except DefusedXmlException:
        return "<!ENTITY"
    except (ParseError, ValueError, LookupError) as error:
        raise BrokenDrawingError(str(error)) from error
    return ""


class _Found(Exception):
    """Ends the reading."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class _Judge:
    """Looks at a drawing's elements while they are read; nothing is kept but the text of styles."""

    def __init__(self) -> None:
        self.style: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, name = _split(tag)
        if self.style is not None:  # browsers read the text around it as one style sheet
            raise _Found(f"<style><{name}")
        if name in _ACTIVE or namespace == _XHTML:
            raise _Found(f"<{tag.rpartition('}')[2]}")
        for key, value in attributes.items():
            for what in _faults_of_attribute(name, key, value):
                raise _Found(what)
        if name == "style":
            self.style = []

    def data(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)

    def end(self, _: str) -> None:
        if self.style is not None:
            for what in _faults_of_style("".join(self.style)):
                raise _Found(what)
            self.style = None

    def pi(self, target: str, text: str = "") -> None:
        if target.lower() == "xml-stylesheet":
            raise _Found("<?xml-stylesheet")

    def close(self) -> None:
        """Return nothing: there is no tree."""


def _split(tag: str) -> tuple[str, str]:
    """Return namespace and name; what is written ``<s:script>`` has SVG's namespace, too."""
    namespace, _, name = tag.rpartition("}")
    return namespace.lstrip("{"), name.lower()


def _faults_of_attribute(element: str, key: str, value: str) -> Iterator[str]:
    _, name = _split(key)
    if name.startswith("on") and len(name) > 2:
        yield f"{name}="
    if key == _XML_BASE:
        yield "xml:base="
    if element in _ANIMATED and name == "attributename":
        changed = value.strip().lower().rpartition(":")[2]
        if changed in _LINKS or changed.startswith("on"):
            yield f'attributeName="{value[:40]}"'
    if name in _LINKS and not _harmless_link(element, value):
        yield f'{name}="{_address(value)[:80]}"'
    if "(" in value or "\\" in value:
        yield from _faults_of_style(value)


def _address(value: str) -> str:
    """Return an address as browsers read it: without spaces and control characters."""
    return "".join(letter for letter in value if letter > " ")


def _harmless_link(element: str, value: str) -> bool:
    """Say whether a link stays in the drawing; readers may follow one to a website."""
    address = _address(value)
    follows = element == "a" and not re.match(r"[a-z][a-z0-9+.-]{0,30}:", address, re.I)
    website = element == "a" and re.match(r"https?://|mailto:", address, re.I) is not None
    return not address or follows or website or _HARMLESS.match(address) is not None


def _faults_of_style(css: str) -> Iterator[str]:
    plain = _CSS_ESCAPE.sub(_unescaped, _CSS_COMMENT.sub("", css))
    if _CSS_IMPORT.search(plain):
        yield "@import"
    for match in _CSS_ADDRESS.finditer(plain):
        address = match[1] or match[2] or ""
        if address and not _HARMLESS.match(address):
            yield f"url({address[:80]})"


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else 0
    return match[2] or (chr(code) if code < 0x110000 else "")
