"""The directives ``{stored-table}`` and ``{stored-models}``: tables of stored results."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from sphinx_mmbook.core.files.paths import is_file
from sphinx_mmbook.core.finding import BookError, Finding
from sphinx_mmbook.core.results.cache import ResultCache, show_table
from sphinx_mmbook.core.results.fitted_model import fit_file
from sphinx_mmbook.core.results.model_comparison import compare, parse_comparison
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.ext.guard import box
from sphinx_mmbook.ext.report import report
from sphinx_mmbook.ext.results.stored_directive import (
    LABELLED,
    Options,
    StoredDirective,
    flag,
    given,
    note_result,
    number_signs,
)
from sphinx_mmbook.ext.results.table_nodes import note_nodes, setup_table_nodes, table_nodes

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

    from sphinx_mmbook.core.results.request import Request
    from sphinx_mmbook.core.results.tables.table_text import FormattedTable

COMMON: Options = {
    **LABELLED,
    "digits": (given, "digits after the point, for all columns or some: ``4, t value=3``"),
    "significant": (given, "significant digits, for all columns or some"),
    "stars": (
        directives.unchanged,
        "stars at significant estimates, perhaps with levels: ``0.05, 0.01``",
    ),
    "missing": (directives.unchanged, "what stands for a missing value"),
    "note": (given, "text under the table"),
    "long": (flag, "in LaTeX, a table that breaks across pages, as those of 31 rows do"),
}


class TableDirective(StoredDirective):
    """What directives that show a table have in common: all but the table."""

    def run(self) -> list[nodes.Node]:
        """Return the table, or where one would be, what is wrong with it."""
        try:
            table, paths = self.formatted()
        except BookError as error:
            report(self.env, error.finding)
            return [box(self.env, error.finding)]
        classes = [*self.options.get("class", [])]
        if "long" in self.options:
            classes.append("longtable")
        spec, node = table_nodes(table, self.inline, classes)
        self.set_source_info(node)
        if caption := self.options.get("caption"):
            node.insert(0, self.caption(nodes.title(), caption))
        label = self.label(node)
        for path in paths:
            note_result(self.env, path, self.location(), "table", label)
        notes = note_nodes(table, self.options.get("note", ""), self.inline)
        # Models of one program come from the same place.
        lines = {line.astext(): line for path in paths for line in self.sources(path)}
        return [spec, node, *notes, *lines.values()]

    def formatted(self) -> tuple[FormattedTable, list[Path]]:
        """Return the table, and the files it is of.

        :raises BookError: whatever is wrong with them, or with an option.
        """
        raise NotImplementedError


class StoredTable(TableDirective):
    """Shows a stored result as a table.

    Example::

        ```{stored-table} results/accuracy.csv
        :label: tbl-accuracy
        :caption: Accuracy on the test set
        :columns: model=Model, top1=Top 1, top5=Top 5, time=Time
        :percent: top1, top5
        :units: time=s
        :where: split == "test" and top1 > 0.5
        :sort: -top1
        :best: top1, -time
        ```

    Columns are named as in the file, or by their new title; ``#3`` is the third.
    """

    required_arguments = 1
    final_argument_whitespace = True
    described: ClassVar[Options] = {
        **COMMON,
        "element": (given, "object of an R file, sheet of a workbook, array of an archive"),
        "header-rows": (
            directives.positive_int, "how many rows of a CSV file or sheet hold names"
        ),
        "columns": (given, "columns in their order, ``name=title`` renames"),
        "where": (given, 'a condition on rows: ``model in ("clip", "vit") and n is not missing``'),
        "sort": (given, "columns; a minus puts the largest first, missing values come last"),
        "rows": (given, "numbers of rows after that: ``1-20``, ``1-5, 90-``"),
        "percent": (given, "columns of shares, shown as percentages"),
        "thousands": (
            directives.unchanged, "columns with a comma between thousands; without names, all"
        ),
        "p-values": (given, "columns of probabilities, shown as ``<0.001`` instead of zero"),
        "format": (given, 'formats in Python\'s language: ``top1=.1%, n=",d"``'),
        "units": (given, "units in the heading: ``time=s``"),
        "align": (given, "a letter for each column: ``l``, ``c``, ``r``, ``d`` (decimal point)"),
        "best": (given, "columns whose largest value (with a minus: smallest) is bold"),
        "header-groups": (given, "headings over columns: ``Accuracy=top1;top5, Cost=time..size``"),
        "group-by": (given, "a column whose values become headings of groups of rows"),
        "transpose": (flag, "rows become columns"),
    }  # fmt: skip

    def formatted(self) -> tuple[FormattedTable, list[Path]]:
        """Read the file and format it."""
        request = self.request(self.arguments[0].strip())
        table = show_table(request, self.options, self.results, number_signs(self.env))
        return table, [request.path]


class StoredModels(TableDirective):
    """Shows several fitted models side by side.

    Example::

        ```{stored-models}
        :label: tbl-models
        :caption: Sepal length explained by more and more
        :stars:
        :terms: Sepal.Width=Sepal width, (Intercept)=Constant
        :statistics: nobs, r.squared=$R^2$

        results/small.csv = (1)
        results/large.rds = (2)
        ```
    """

    has_content = True
    described: ClassVar[Options] = {
        **COMMON,
        "terms": (given, "terms in their order, ``name=title`` renames"),
        "statistics": (
            directives.unchanged, "goodness of fit below: ``nobs, r.squared=$R^2$``; empty: none"
        ),
    }  # fmt: skip

    def formatted(self) -> tuple[FormattedTable, list[Path]]:
        """Read the models and set them side by side."""
        lines = [line.strip() for line in self.content if line.strip()]
        requests = [self.request(line.partition("=")[0].strip()) for line in lines]
        titles = [
            line.partition("=")[2].strip() or f"({number})" for number, line in enumerate(lines, 1)
        ]
        if not requests:
            text = "this table names no model; write a file in each line"
            raise BookError(Finding(self.location(), "result-option", text))
        models = []
        for title, request in zip(titles, requests, strict=True):
            try:
                models.append((title, self.results.model(request)))
            except ResultFault as fault:
                raise request.error(fault) from None
        try:
            comparison = parse_comparison(self.options, number_signs(self.env))
            table = compare(models, comparison, self.config.language)
        except ResultFault as fault:
            raise requests[0].error(fault) from None
        return table, self.files(requests)

    def files(self, requests: list[Request]) -> list[Path]:
        """Return the files that were read, also those with the goodness of fit."""
        beside = [fit_file(request.path) for request in requests]
        beside = [path for path in beside if is_file(path)]
        for path in beside:
            self.env.note_dependency(path)
        return [*(request.path for request in requests), *beside]


def setup_stored_table(app: Sphinx, results: ResultCache) -> None:
    """Register the directives."""
    setup_table_nodes(app)
    for name, directive in (("stored-table", StoredTable), ("stored-models", StoredModels)):
        app.add_directive(name, type(directive.__name__, (directive,), {"results": results}))
