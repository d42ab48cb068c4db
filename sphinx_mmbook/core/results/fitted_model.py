"""A fitted model: its terms, and how well it fits, whoever fitted it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.files.paths import is_file
from sphinx_mmbook.core.results.readers.r.container import choose, read_objects
from sphinx_mmbook.core.results.readers.r.models import coefficients, fit_of
from sphinx_mmbook.core.results.request import Request, is_r, read_bytes, reader_of
from sphinx_mmbook.core.results.tables.column_texts import ERROR, ESTIMATE, PROBABILITY, find
from sphinx_mmbook.core.results.tables.columns import Columns
from sphinx_mmbook.core.results.values.cell_values import item
from sphinx_mmbook.core.results.values.fault import ResultFault, unfit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pandas import DataFrame


@dataclass(frozen=True)
class Term:
    """A row of a coefficient table; what is missing is ``None``."""

    name: str
    estimate: float | None
    error: float | None
    chance: float | None


@dataclass(frozen=True)
class Model:
    """Terms by name, and goodness of fit by the names of the R package broom (``r.squared``)."""

    terms: Mapping[str, Term]
    fit: Mapping[str, float | None] = field(default_factory=dict)


def fit_file(path: Path) -> Path:
    """Return where the goodness of fit stands of a model whose coefficients are in ``path``.

    This is where ``store`` writes it: ``model.csv`` has ``model-fit.csv`` beside it.
    """
    return path.with_name(f"{path.stem}-fit{path.suffix}")


def read_model(request: Request, table: DataFrame) -> Model:
    """Return the model whose coefficient table in ``request`` is ``table``.

    :raises ResultFault: if it is not such a table.
    """
    if is_r(request.path):
        model = choose(read_objects(read_bytes(request), request.max_bytes), request.element)
        table = coefficients(model) if model.classes == ["aov", "lm"] else table
    columns = Columns(table)
    positions = [find(columns.names, known) for known in (ESTIMATE, ERROR, PROBABILITY)]
    if positions[0] is None or positions[1] is None:
        raise unfit(
            "holds no model: it has no columns 'Estimate' and 'Std. Error'; store the model "
            "with store(fit, …) or saveRDS(fit, …)"
        )
    names = [str(name) for name in table.iloc[:, 0].tolist()]
    cells = [
        [None] * len(names) if position is None else _numbers(table, position)
        for position in positions
    ]
    terms = {row[0]: Term(*row) for row in zip(names, *cells, strict=True)}
    return Model(terms, _fit(request))


def _fit(request: Request) -> dict[str, float | None]:
    if is_r(request.path):
        model = choose(read_objects(read_bytes(request), request.max_bytes), request.element)
        return fit_of(model) if "lm" in model.classes else {}
    path = fit_file(request.path)
    if not is_file(path) or path.is_symlink():
        return {}
    beside = replace(request, path=path, target=path.name, element="")
    table = reader_of(path.suffix)(read_bytes(beside), beside)
    if table.shape[1] != 2:
        raise ResultFault("result-format", f"has a '{path.name}' beside it that holds no fit")
    names = [str(name) for name in table.iloc[:, 0].tolist()]
    return dict(zip(names, _numbers(table, 1), strict=True))


def _numbers(table: DataFrame, position: int) -> list[Any]:
    cells = map(item, table.iloc[:, position].tolist())
    return [cell if isinstance(cell, (int, float)) else None for cell in cells]
