"""Several models side by side: terms are rows, models are columns, errors stand in parentheses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.tables.layout import pairs, parse_layout
from sphinx_mmbook.core.results.tables.number_format import (
    ASCII_SIGNS,
    NumberFormat,
    NumberSigns,
    formatted,
)
from sphinx_mmbook.core.results.tables.table_text import (
    FormattedTable,
    TableCell,
    padded,
    stars_note,
    stars_of,
)
from sphinx_mmbook.core.results.values.fault import wrong_option
from sphinx_mmbook.core.suggestions import did_you_mean_of
from sphinx_mmbook.core.translations import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sphinx_mmbook.core.results.fitted_model import Model

#: Goodness of fit that is shown unless the author chooses, and the digits of each.
STATISTICS = ("nobs", "r.squared", "adj.r.squared", "AIC", "BIC")
FIT_DIGITS = {
    "nobs": 0, "df": 0, "df.residual": 0, "AIC": 1, "BIC": 1, "logLik": 1, "deviance": 1,
    "null.deviance": 1,
}  # fmt: skip
DIGITS = 3


@dataclass(frozen=True)
class Comparison:
    """What an author wants of it. ``terms`` and ``statistics`` are names and labels, in order.

    Without terms all are shown; a label of ``None`` is the name itself.
    """

    digits: NumberFormat = NumberFormat("fixed", DIGITS)  # noqa: RUF009 -- it is frozen
    stars: tuple[float, ...] = ()
    missing: str = ""
    terms: tuple[tuple[str, str | None], ...] = ()
    statistics: tuple[tuple[str, str | None], ...] | None = None
    signs: NumberSigns = ASCII_SIGNS

    def number(self, value: float, form: NumberFormat | None = None) -> str:
        """Return a number as the table shows it."""
        return self.signs.write(formatted(value, form or self.digits))


def parse_comparison(options: Mapping[str, str], signs: NumberSigns = ASCII_SIGNS) -> Comparison:
    """Return what a directive's options say.

    :raises ResultFault: by ``result-option`` if one of them cannot be understood.
    """
    layout = parse_layout({name: options[name] for name in options if name != "align"})
    form = NumberFormat("fixed", DIGITS if layout.digits is None else layout.digits)
    if layout.significant is not None:
        form = NumberFormat("significant", layout.significant)
    statistics = options.get("statistics")
    return Comparison(
        form,
        layout.stars,
        options.get("missing", ""),
        tuple(pairs(options.get("terms", ""))),
        None if statistics is None else tuple(pairs(statistics)),
        signs,
    )


def compare(
    models: Sequence[tuple[str, Model]], comparison: Comparison, language: str = "en"
) -> FormattedTable:
    """Return the table of the models, each with its title.

    :raises ResultFault: if a term or statistic that the author names is in no model.
    """
    rows: list[TableCell] = []
    body: list[list[str]] = [[] for _ in models]
    known = list(dict.fromkeys(name for _, model in models for name in model.terms))
    for name, label in comparison.terms or [(name, None) for name in known]:
        _check("term", name, known)
        rows += [_label(name, label), TableCell("")]
        for texts, (_, model) in zip(body, models, strict=True):
            texts.extend(_term(model, name, comparison))
    available = list(dict.fromkeys(name for _, model in models for name in model.fit))
    for name, label in _statistics(comparison, available):
        _check("statistic", name, available)
        rows.append(_label(name, label, language))
        for texts, (_, model) in zip(body, models, strict=True):
            value = model.fit.get(name)
            form = NumberFormat("fixed", FIT_DIGITS.get(name, DIGITS))
            texts.append(comparison.missing if value is None else comparison.number(value, form))
    pads = [padded(texts, comparison.signs.decimal) for texts in body]
    columns = [
        [TableCell(text, pad=pad) for text, pad in zip(*column, strict=True)]
        for column in zip(body, pads, strict=True)
    ]
    head = (TableCell(""), *(TableCell(title, authored=True) for title, _ in models))
    notes = [
        word("errors", language),
        *([stars_note(comparison.stars, comparison.signs)] if comparison.stars else []),
    ]
    return FormattedTable(
        (head,),
        tuple(zip(rows, *columns, strict=True)),
        ("left", *["right"] * len(models)),
        tuple(notes),
    )


def _term(model: Model, name: str, comparison: Comparison) -> list[str]:
    """Return the estimate with its stars, and below it the standard error."""
    term = model.terms.get(name)
    if term is None or term.estimate is None:
        return [comparison.missing, ""]
    stars = "" if term.chance is None else stars_of(term.chance, comparison.stars)
    error = "" if term.error is None else f"({comparison.number(term.error)})"
    return [comparison.number(term.estimate) + stars, error]


def _statistics(comparison: Comparison, available: Sequence[str]) -> list[tuple[str, str | None]]:
    if comparison.statistics is not None:
        return list(comparison.statistics)
    return [(name, None) for name in STATISTICS if name in available]


def _label(name: str, label: str | None, language: str = "") -> TableCell:
    """Return the author's label, which is Markdown, else that of a statistic, else the name."""
    if label is not None:
        return TableCell(label, authored=True)
    return TableCell(word(name, language) if language else name)


def _check(kind: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        raise wrong_option(f"names the {kind} '{name}', which no model has; "
                           f"{did_you_mean_of(name, names)}")  # fmt: skip
