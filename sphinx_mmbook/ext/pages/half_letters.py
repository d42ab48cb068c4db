"""Halves of letters, written as escapes, on a page: they would end the build for all.

Sphinx writes titles and labels of all pages into one file, which cannot hold them. Control
characters, such as a program's bell, end LaTeX's run and are not XML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_mmbook.core.escapes import CONTROLS, whole

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: What can bring half a letter or a control character into an attribute, as an escape (of JSON, of
#: YAML in quotes) or from another file.
_ESCAPES = re.compile(
    rf'\\u[dD]|\\u00[01]|unicode::|include(?:\}}|::)|"[^"\n]*\\[abefv0xuU]|[{CONTROLS}]'
)
#: The language that MyST-NB gives texts whose escape sequences it makes colours of.
COLOURED = "myst-ansi"


def mend_attributes(document: nodes.document, text: str) -> None:
    """Mend labels, descriptions and the like, where ``text``, the page's source, may need it."""
    if not _ESCAPES.search(text):
        return
    labels: list[dict[str, Any]] = [document.nametypes, document.nameids]
    for names in labels:
        for name in [name for name in names if whole(name) != name]:
            names[whole(name)] = names.pop(name)
    for element in document.findall(nodes.Element):
        for name, value in element.attributes.items():
            if isinstance(value, str):
                element[name] = whole(value)
            elif isinstance(value, list):
                element[name] = [whole(item) if isinstance(item, str) else item for item in value]


class HalfLetters(SphinxTransform):
    """Puts the mark U+FFFD in the place of halves, and drops control characters.

    Before titles and labels are collected.
    """

    default_priority = 840

    def apply(self, **_kwargs: object) -> None:
        """Mend the text of a page."""
        for node in list(self.document.findall(nodes.Text)):
            # docutils' own sign, until the page is written, for a backslash: in 'v\ 2' and '\"'.
            sign = "\x1b[" if node.parent.get("language") == COLOURED else "\x00"
            if (mended := sign.join(map(whole, node.split(sign)))) != node:
                if node.parent.rawsource == node:  # else Sphinx leaves code without colours
                    node.parent.rawsource = mended
                node.parent.replace(node, nodes.Text(mended))


def setup_half_letters(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(HalfLetters)
