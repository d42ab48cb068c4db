"""The words of citations and lists of works, by Sphinx's ``language``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What stands between and around names, titles and numbers."""

    conjunction: str
    serial_comma: bool
    et_al: str
    no_date: str
    editor: str
    editors: str
    edition: str
    pages: str
    volume: str
    doctoral: str
    masters: str
    report: str

    def separator(self, count: int) -> str:
        """Return what stands before the last of ``count`` things."""
        comma = "," if self.serial_comma and count > 2 else ""
        return f"{comma} {self.conjunction} "

    def joined(self, things: list[str]) -> str:
        """Return ``a``, ``a and b`` or ``a, b, and c``."""
        if len(things) < 2:
            return "".join(things)
        return ", ".join(things[:-1]) + self.separator(len(things)) + things[-1]


_ENGLISH = Words(
    "and", True, "et al.", "n.d.", "Ed.", "Eds.", "ed.", "pp.", "Vol.",
    "Doctoral dissertation", "Master’s thesis", "Technical report",
)  # fmt: skip
_GERMAN = Words(
    "und", False, "et al.", "o. J.", "Hrsg.", "Hrsg.", "Aufl.", "S.", "Bd.",
    "Dissertation", "Masterarbeit", "Technischer Bericht",
)  # fmt: skip


def words_of(language: str) -> Words:
    """Return the words of ``language`` ("de", "de_AT"); English for any other."""
    return _GERMAN if language[:2].lower() == "de" else _ENGLISH
