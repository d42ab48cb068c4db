"""Names of chapters' folders, and of people's files."""

from __future__ import annotations

from unicodedata import normalize

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.paths import DEVICE

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Letters that are more than a letter with a mark.
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l"})


def slug_of(text: str) -> str:
    """Return a text in lower-case letters, digits and hyphens: ``Über uns`` is ``ueber-uns``."""
    plain = normalize("NFKD", normalize("NFC", text).lower().translate(LETTERS))
    letters = "".join(letter for letter in plain if letter.isascii())
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def fault_of_slug(text: str) -> str:
    """Return why a text cannot be the name of a chapter's folder, and what can; else nothing."""
    if DEVICE.fullmatch(text):
        return f"Windows has no folder '{text}', which is a device there; choose another name"
    if SLUG.fullmatch(text):
        return ""
    advice = f"write '{slug}'" if (slug := slug_of(text)) else "use letters from a to z"
    return f"'{text}' cannot be the name of a chapter's folder; {advice}"
