"""Which boxes MyST-Parser makes of HTML, by its own reader of it."""

from __future__ import annotations

import re

from myst_parser.parsers.parse_html import Element, tokenize_html

#: Classes of which nothing can be wrong.
_PLAIN = re.compile(r"[a-z]\w*+(?>(?: [a-z]\w*+)*)")


def boxes_of(html: str) -> list[tuple[str, str, int]]:
    """Return first lines and contents of the directives that boxes are, and in which line of the
    HTML the text begins; images have no first line.

    None, if a part of the HTML is something else (``myst_parser.mdit_to_docutils.html_to_nodes``).
    """
    parts = tokenize_html(html).strip(inplace=True).children
    if any(part.name != "img" and not _is_box(part) for part in parts):
        return []
    return [_directive(part, html) if _is_box(part) else ("", str(part), 0) for part in parts]


def _is_box(part: Element) -> bool:
    return part.name == "div" and "admonition" in part.attrs.classes


def _directive(box: Element, html: str) -> tuple[str, str, int]:
    parts, title = box.strip().children, "Note"
    first = {*parts[0].attrs.classes} if parts and parts[0].name in ("div", "p") else set()
    if first & {"title", "admonition-title"}:
        title = "".join(part.render() for part in parts.pop(0))
    within = [one for part in parts for one in (part if part.name == "p" else [part])]
    text = "".join(one.render() for one in within).strip()
    given = {name: box.attrs[name] for name in ("class", "name") if name in box.attrs}
    if _PLAIN.fullmatch(given["class"]):
        del given["class"]
    options = "".join(f":{name}: {value}\n" for name, value in given.items())
    above = html.count("\n", 0, max(html.find(text.split("\n")[0]), 0))
    return f"{{admonition}} {' '.join(title.split())}", options + text, above
