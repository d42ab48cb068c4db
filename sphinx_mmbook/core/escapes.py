r"""Letters that JSON and YAML write as two halves, ``\ud83d\ude00``; what is not a letter at all.

A half alone is not a letter: no file in UTF-8 can hold it, so that whoever writes the page, a
list of labels or a message fails, and a build with it. Control characters end LaTeX's run and
the EPUB.
"""

from __future__ import annotations

import json
from typing import Any

from sphinx_mmbook.core import expressions as re

_HALF = re.compile("[\ud800-\udfff]")
#: What XML 1.0 forbids besides halves (https://www.w3.org/TR/xml/#charsets).
CONTROLS = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ufffe\uffff"
_CONTROL = re.compile(f"[{CONTROLS}]")
#: What terminals and readers of logs obey: controls but the tabulator, and marks of direction; and
#: what nobody sees, as in "write 'fig-x'" of a 'fig-x'.
_ORDERS = re.compile(
    "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060"
    "\\u2066-\\u2069\\ufeff]"
)
#: An escape in JSON: a letter of two halves, a half, or any other.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<half>u[dD][89a-fA-F]\w\w)|.)", re.DOTALL
)


def whole(text: str) -> str:
    """Return a text without control characters, whose halves are joined.

    A half that stands alone becomes the mark U+FFFD.
    """
    text = _CONTROL.sub("", text)
    if not _HALF.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def visible(text: str) -> str:
    """Return a text whose control characters are spelt out: a terminal would obey them."""
    if text.isprintable():  # nearly all are
        return text
    return _ORDERS.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def json_value(text: str) -> Any:
    """Read JSON, with the mark U+FFFD for each half of a letter that stands alone.

    :raises ValueError: if it is not JSON.
    """
    if "\\ud" in text or "\\uD" in text:
        text = _ESCAPE.sub(lambda match: "\\ufffd" if match["half"] else match[0], text)
    return json.loads(text)
