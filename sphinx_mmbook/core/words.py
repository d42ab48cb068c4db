"""The few words that the book adds to a page, by Sphinx's ``language``."""

from __future__ import annotations

#: language -> role -> (for one person, for several)
_BYLINE = {
    "en": {
        "authors": ("Author", "Authors"),
        "supervisors": ("Supervisor", "Supervisors"),
        "reviewers": ("Reviewer", "Reviewers"),
    },
    "de": {
        "authors": ("Autor:in", "Autor:innen"),
        "supervisors": ("Betreuer:in", "Betreuer:innen"),
        "reviewers": ("Gutachter:in", "Gutachter:innen"),
    },
}

_WORDS = {
    "en": {"abstract": "Abstract", "references": "References"},
    "de": {"abstract": "Zusammenfassung", "references": "Literatur"},
}


def role_word(role: str, count: int, language: str) -> str:
    """Return the word before ``count`` people in ``role`` (``"authors"``, …)."""
    words = _BYLINE.get(language.split("_", maxsplit=1)[0], _BYLINE["en"])
    return words[role][count > 1]


def word(name: str, language: str) -> str:
    """Return another word of a page: ``"abstract"``, ``"references"``."""
    return _WORDS.get(language.split("_", maxsplit=1)[0], _WORDS["en"])[name]
