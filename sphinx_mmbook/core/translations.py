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
    "en": {
        "abstract": "Abstract",
        "references": "References",
        "source": "Source",
        "commit": "commit",
        "changed": "with changes",
        "result": "Result",
        "state": "State",
        "program": "Program",
        "date": "Date",
        "stale-title": "Results that are not up to date",
        "no-source": "not known",
        "no-results": "This book has no stored results.",
    },
    "de": {
        "abstract": "Zusammenfassung",
        "references": "Literatur",
        "source": "Quelle",
        "commit": "Commit",
        "changed": "mit Änderungen",
        "result": "Ergebnis",
        "state": "Stand",
        "program": "Programm",
        "date": "Datum",
        "stale-title": "Ergebnisse, die nicht aktuell sind",
        "no-source": "nicht bekannt",
        "no-results": "Dieses Buch hat keine gespeicherten Ergebnisse.",
    },
}

#: state of a stored result -> what a page says; the sentence's gap is what changed since.
_STATES = {
    "en": {
        "current": ("current", ""),
        "stale": ("stale", "stale: {} has changed since it was made"),
        "missing": ("missing", "its file is missing"),
        "edited": ("edited by hand", "changed by hand after its program stored it"),
        "interrupted": ("interrupted", "its program was stopped while storing it"),
        "broken": ("provenance unreadable", "its provenance cannot be read"),
        "unknown": ("no provenance", "nothing says where it comes from"),
    },
    "de": {
        "current": ("aktuell", ""),
        "stale": ("veraltet", "veraltet: {} wurde seitdem geändert"),
        "missing": ("fehlt", "seine Datei fehlt"),
        "edited": ("von Hand geändert", "von Hand geändert, nachdem das Programm es schrieb"),
        "interrupted": ("unterbrochen", "sein Programm wurde beim Speichern unterbrochen"),
        "broken": ("Herkunft unlesbar", "seine Herkunft ist nicht lesbar"),
        "unknown": ("ohne Herkunft", "nichts sagt, woher es kommt"),
    },
}


def role_word(role: str, count: int, language: str) -> str:
    """Return the word before ``count`` people in ``role`` (``"authors"``, …)."""
    words = _BYLINE.get(language.split("_", maxsplit=1)[0], _BYLINE["en"])
    return words[role][count > 1]


def word(name: str, language: str) -> str:
    """Return another word of a page: ``"abstract"``, ``"references"``."""
    return _WORDS.get(language.split("_", maxsplit=1)[0], _WORDS["en"])[name]


def state_word(state: str, language: str) -> str:
    """Return the word for the state of a stored result, such as ``stale``."""
    return _STATES.get(language.split("_", maxsplit=1)[0], _STATES["en"])[state][0]


def state_sentence(state: str, language: str) -> str:
    """Return what is wrong with a stored result; ``{}`` stands for what changed, if it matters."""
    return _STATES.get(language.split("_", maxsplit=1)[0], _STATES["en"])[state][1]
