"""The words and sentences that a book adds to its pages, by Sphinx's ``language``."""

from __future__ import annotations

from typing import NamedTuple

LANGUAGES = ("en", "de")
#: name -> the words in each of ``LANGUAGES``.
_WORDS = {
    # Bylines: for one person and for several.
    "author": ("Author", "Autor:in"),
    "authors": ("Authors", "Autor:innen"),
    "supervisor": ("Supervisor", "Betreuer:in"),
    "supervisors": ("Supervisors", "Betreuer:innen"),
    "reviewer": ("Reviewer", "Gutachter:in"),
    "reviewers": ("Reviewers", "Gutachter:innen"),
    "abstract": ("Abstract", "Zusammenfassung"),
    "references": ("References", "Literatur"),
    # What stands where a page, or a part of one, cannot be shown; a message to its authors follows.
    "no-page": ("This page cannot be shown: ", "Diese Seite kann nicht gezeigt werden: "),
    "no-part": ("", "Dieser Teil kann nicht gezeigt werden: "),
    "no-figure": ("This figure is missing: ", "Diese Abbildung fehlt: "),
    "no-table": ("This table is missing: ", "Diese Tabelle fehlt: "),
    "not-run": (
        "its code has not been run to the end.", "ihr Programm ist nicht bis zum Ende gelaufen."
    ),
    "not-shown": ("its code shows none.", "ihr Programm zeigt keine."),
    "no-latex": ("this cannot be set.", "dies kann nicht gesetzt werden."),
    "not-in-epub": (
        "This page cannot be shown here; it is on the book's website.",
        "Diese Seite kann hier nicht stehen; sie ist auf der Website des Buchs.",
    ),
    "in-browser": (
        "What stands here runs in a browser; it is on the book's website.",
        "Was hier steht, läuft in einem Browser; es ist auf der Website des Buchs.",
    ),
    "ask-first": (
        "{} learns who you are when it is opened", "{} erfährt beim Öffnen, wer Sie sind"
    ),
    # What a page offers to keep; the gaps are formats.
    "print": ("print", "drucken"),
    "book-as": ("book ({})", "Buch ({})"),
    "whole-book": ("The whole book as {}", "Das ganze Buch als {}"),
    # Outputs that were made elsewhere and committed.
    "frozen-title": ("Outputs of this page", "Ausgaben dieser Seite"),
    "frozen-stale": (
        "The outputs shown here were made by an earlier version of the code.",
        "Die Ausgaben hier stammen von einer früheren Fassung des Programms.",
    ),
    "frozen-none": (
        "The outputs of the code on this page cannot be shown.",
        "Die Ausgaben der Programme auf dieser Seite können nicht gezeigt werden.",
    ),
    # Where a stored result comes from.
    "source": ("Source", "Quelle"),
    "data": ("data", "Daten"),
    "commit": ("commit", "Commit"),
    "changed": ("with changes", "mit Änderungen"),
    "no-source": ("not known", "nicht bekannt"),
    # The list of all stored results.
    "result": ("Result", "Ergebnis"),
    "state": ("State", "Stand"),
    "program": ("Program", "Programm"),
    "date": ("Date", "Datum"),
    "no-results": (
        "This book has no stored results.", "Dieses Buch hat keine gespeicherten Ergebnisse."
    ),
    "stale-title": ("Results that are not up to date", "Ergebnisse, die nicht aktuell sind"),
    # The states of a stored result as one word, and what is wrong; the gap is what has changed.
    "is-current": ("current", "aktuell"),
    "is-stale": ("stale", "veraltet"),
    "is-missing": ("missing", "fehlt"),
    "is-edited": ("edited by hand", "von Hand geändert"),
    "is-broken": ("provenance unreadable", "Herkunft unlesbar"),
    "is-unknown": ("no provenance", "ohne Herkunft"),
    "why-current": ("", ""),
    "why-stale": (
        "stale: {} has changed since it was made", "veraltet: {} wurde seitdem geändert"
    ),
    "why-missing": ("its file is missing", "seine Datei fehlt"),
    "why-edited": (
        "changed by hand after its program stored it",
        "von Hand geändert, nachdem das Programm es schrieb",
    ),
    "why-broken": ("its provenance cannot be read", "seine Herkunft ist nicht lesbar"),
    "why-unknown": ("nothing says where it comes from", "nichts sagt, woher es kommt"),
    # Tables of fitted models; statistics by the names of the R package broom.
    "errors": ("Standard errors in parentheses.", "Standardfehler in Klammern."),
    "nobs": ("Observations", "Beobachtungen"),
    "r.squared": ("R²", "R²"),
    "adj.r.squared": ("Adjusted R²", "Korrigiertes R²"),
    "pseudo.r.squared": ("Pseudo R²", "Pseudo-R²"),
    "sigma": ("Residual standard error", "Reststandardfehler"),
    "statistic": ("F statistic", "F-Statistik"),
    "logLik": ("Log-likelihood", "Log-Likelihood"),
    "deviance": ("Deviance", "Devianz"),
    "null.deviance": ("Null deviance", "Nulldevianz"),
    "df.residual": ("Residual degrees of freedom", "Residuenfreiheitsgrade"),
}  # fmt: skip


def word(name: str, language: str) -> str:
    """Return the words for ``name``, which are the name itself if there are no others."""
    code = language[:2].lower()
    return _WORDS.get(name, (name, name))[LANGUAGES.index(code) if code in LANGUAGES else 0]


def role_word(role: str, count: int, language: str) -> str:
    """Return the word before ``count`` people in ``role`` (``"authors"``, …)."""
    return word(role if count > 1 else role.removesuffix("s"), language)


class Words(NamedTuple):
    """What stands between and around names, titles and numbers."""

    conjunction: str
    serial_comma: bool
    et_al: str
    no_date: str
    editor: str
    editors: str
    edition: str
    page: str
    pages: str
    volume: str
    doctoral: str
    masters: str
    report: str

    def ordinal(self, number: int) -> str:
        """Return "3rd", where the language has no endings "3."."""
        if self.conjunction != "and":
            return f"{number}."
        ends = {1: "st", 2: "nd", 3: "rd"} if number % 100 not in (11, 12, 13) else {}
        return f"{number}{ends.get(number % 10, 'th')}"

    def separator(self, count: int) -> str:
        """Return what stands before the last of ``count`` items."""
        comma = "," if self.serial_comma and count > 2 else ""
        return f"{comma} {self.conjunction} "

    def joined(self, things: list[str]) -> str:
        """Return ``a``, ``a and b`` or ``a, b, and c``."""
        if len(things) < 2:
            return "".join(things)
        return ", ".join(things[:-1]) + self.separator(len(things)) + things[-1]


_ENGLISH = Words(
    "and", True, "et al.", "n.d.", "Ed.", "Eds.", "ed.", "p.", "pp.", "Vol.",
    "Doctoral dissertation", "Master’s thesis", "Technical report",
)  # fmt: skip
_GERMAN = Words(
    "und", False, "et al.", "o. J.", "Hrsg.", "Hrsg.", "Aufl.", "S.", "S.", "Bd.",
    "Dissertation", "Masterarbeit", "Technischer Bericht",
)  # fmt: skip


def words_of(language: str) -> Words:
    """Return the words of ``language`` ("de", "de_AT"); English for any other."""
    return _GERMAN if language[:2].lower() == "de" else _ENGLISH
