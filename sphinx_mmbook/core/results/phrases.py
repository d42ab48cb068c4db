"""The words that a table of models adds, by Sphinx's ``language``."""

from __future__ import annotations

_PHRASES = {
    "en": {
        "errors": "Standard errors in parentheses.",
        "nobs": "Observations",
        "r.squared": "R²",
        "adj.r.squared": "Adjusted R²",
        "pseudo.r.squared": "Pseudo R²",
        "sigma": "Residual standard error",
        "statistic": "F statistic",
        "logLik": "Log-likelihood",
        "deviance": "Deviance",
        "null.deviance": "Null deviance",
        "df.residual": "Residual degrees of freedom",
    },
    "de": {
        "errors": "Standardfehler in Klammern.",
        "nobs": "Beobachtungen",
        "r.squared": "R²",
        "adj.r.squared": "Korrigiertes R²",
        "pseudo.r.squared": "Pseudo-R²",
        "sigma": "Reststandardfehler",
        "statistic": "F-Statistik",
        "logLik": "Log-Likelihood",
        "deviance": "Devianz",
        "null.deviance": "Nulldevianz",
        "df.residual": "Residuenfreiheitsgrade",
    },
}


def phrase(name: str, language: str) -> str:
    """Return the words for ``name``, which are the name itself if there are no others."""
    words = _PHRASES.get(language.split("_", maxsplit=1)[0], _PHRASES["en"])
    return words.get(name, name)
