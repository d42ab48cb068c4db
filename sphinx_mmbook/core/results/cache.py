"""Results read in one process: each file once, however many pages show it."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sphinx_mmbook.core.results.fitted_model import Model, read_model
from sphinx_mmbook.core.results.large_csv import scan_text
from sphinx_mmbook.core.results.readers.csv_text import SEPARATORS
from sphinx_mmbook.core.results.request import Request, guarded, read_bytes, reader_of
from sphinx_mmbook.core.results.tables.layout import parse_layout
from sphinx_mmbook.core.results.tables.number_format import ASCII_SIGNS, NumberSigns
from sphinx_mmbook.core.results.tables.row_selection import Selection, parse_selection, select
from sphinx_mmbook.core.results.tables.table_text import FormattedTable, format_table
from sphinx_mmbook.core.results.value_lookup import RowIndex
from sphinx_mmbook.core.results.values.fault import ResultFault, unreadable
from sphinx_mmbook.core.results.values.frames import MAX_CELLS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from pandas import DataFrame


T = TypeVar("T")


class ResultCache:
    """What files hold, as long as they do not change; the oldest goes if there are too many cells.

    A fault is remembered as well. ``reads`` counts how often a file was read.
    """

    def __init__(self, max_cells: int = MAX_CELLS) -> None:
        self.max_cells = max_cells
        self.reads = 0
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._held = 0

    def table(self, request: Request, selection: Selection | None = None) -> DataFrame:
        """Return the table in a file: all of it, or of a large CSV file what ``selection`` needs.

        Nobody may change what is returned.

        :raises ResultFault: whatever is wrong with the file.
        """
        separators = SEPARATORS.get(request.path.suffix.lower(), "")
        if selection and selection.limits and separators and _stamp(request)[1] > request.max_bytes:
            rows = selection
            key = (rows.where and rows.where.text, rows.sort, rows.rows, request.header_rows)
            return self._once(
                request, ("rows", *key),
                lambda: scan_text(request.path, rows, separators, request.header_rows),
            )  # fmt: skip
        whole = ("table", request.element, request.header_rows, request.max_bytes)
        reader = reader_of(request.path.suffix)
        return self._once(request, whole, lambda: reader(read_bytes(request), request))

    def index(self, request: Request) -> RowIndex:
        """Return the table in a file, to look up values.

        :raises ResultFault: whatever is wrong with the file.
        """
        key = ("index", request.element, request.max_bytes)
        return self._once(request, key, lambda: RowIndex(self.table(request)))

    def model(self, request: Request) -> Model:
        """Return the fitted model in a file.

        :raises ResultFault: whatever is wrong with the file.
        """
        key = ("model", request.element, request.max_bytes)
        return self._once(request, key, lambda: read_model(request, self.table(request)))

    def _once(self, request: Request, key: tuple[Hashable, ...], read: Callable[[], T]) -> T:
        """Return what ``read`` returns, from memory if the file is as it was."""
        full = (request.path, _stamp(request), *key)
        found = self._known.pop(full, None)
        if found is None:
            self.reads += key[0] in ("table", "rows")
            found = _outcome(request, read)
            self._held += _cells(found)
        self._known[full] = found
        while len(self._known) > 1 and self._held > self.max_cells:
            self._held -= _cells(self._known.popitem(last=False)[1])
        if isinstance(found, ResultFault):
            raise found.with_traceback(None)
        return cast("T", found)


def _outcome(request: Request, read: Callable[[], T]) -> T | ResultFault:
    try:
        return guarded(request, read)
    except ResultFault as fault:
        return fault


def _stamp(request: Request) -> tuple[int, int]:
    try:
        stat = request.path.stat()
    except OSError as error:
        raise unreadable(f"cannot be opened: {error.strerror}; check its permissions") from None
    return stat.st_mtime_ns, stat.st_size


def _cells(value: Any) -> int:
    """Return how much of the memory a value takes, as cells of a table."""
    return int(getattr(value, "size", 0)) + 100


def show_table(
    request: Request,
    options: Mapping[str, str],
    results: ResultCache,
    signs: NumberSigns = ASCII_SIGNS,
) -> FormattedTable:
    """Read the file that a page asks for and lay it out as ``options`` say, in these ``signs``.

    :raises BookError: whatever is wrong with the file or the options.
    """
    try:
        layout, selection = parse_layout(options, signs), parse_selection(options)
        return format_table(select(results.table(request, selection), selection), layout)
    except ResultFault as fault:
        raise request.error(fault) from None
