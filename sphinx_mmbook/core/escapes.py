r"""Letters that JSON and YAML write as two halves, ``\ud83d\ude00``, and halves that stand alone.

A half alone is no letter: no file in UTF-8 can hold it, so that whoever writes the page, a list of
labels or a message fails, and a build with it.
"""

from __future__ import annotations

import json
import re
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")
#: An escape in JSON: a letter of two halves, a half, or any other.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<half>u[dD][89a-fA-F]\w\w)|.)", re.DOTALL
)


def whole(text: str) -> str:
    """Return a text whose halves are joined; one that stands alone becomes the mark U+FFFD."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def json_value(text: str) -> Any:
    """Read JSON, with the mark U+FFFD for each half of a letter that stands alone.

    :raises ValueError: if it is none.
    """
    if "\\ud" in text or "\\uD" in text:
        text = _ESCAPE.sub(lambda match: "\\ufffd" if match["half"] else match[0], text)
    return json.loads(text)
