"""The names in a stored result, read without pandas: quick enough for every check."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from io import StringIO
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.escapes import json_value
from sphinx_mmbook.core.results.readers.csv_text import SEPARATORS, TextTable, decode, read_records
from sphinx_mmbook.core.results.value_lookup import RowIndex, ValueReference
from sphinx_mmbook.core.results.values.fault import ResultFault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Files of R.
R_FILES = (".rda", ".rdata", ".rds")
#: Larger files are left to the build, but for those of Parquet, which have a list of columns.
MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class TextCells:
    """The cells of a table as text, looked up as in a data frame.

    ``known``: of how many columns the cells are known.
    """

    columns: Sequence[str | tuple[str, ...]]
    rows: Sequence[Sequence[str]]
    known: int = MAX_BYTES

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and columns."""
        return len(self.rows), len(self.columns)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    @property
    def iloc(self) -> TextCells:
        """The cells by position."""
        return self

    def __getitem__(self, where: tuple[slice, int]) -> TextCells:
        """Return one column."""
        cells = [[row[where[1]]] if where[1] < len(row) else [""] for row in self.rows[where[0]]]
        return TextCells([""], cells)

    def tolist(self) -> list[str]:
        """Return the cells of the only column."""
        return [row[0] for row in self.rows]


def check_value(file: Path, references: Sequence[ValueReference]) -> None:
    """Look for a value in a file by what it may be called, the likelier first.

    :raises ResultFault: if it is surely not there.
    """
    faults = []
    for reference in references:
        try:
            cells: Any = cells_of(file, element=reference.element)
            if cells is not None:
                _look_up(cells, reference.keys)
        except ResultFault as fault:
            faults.append(fault)
        else:
            return
    raise faults[0]


def _look_up(cells: Any, keys: tuple[str, ...]) -> None:
    index = RowIndex(cells)
    if cells.known >= len(keys):
        index.find(keys)
    elif len(keys) > 1:
        index.column(keys[-1])


def cells_of(file: Path, header_rows: int = 1, element: str = "") -> TextCells | None:
    """Return the cells of a table; None if only the build can tell.

    Of Parquet files they are the columns, of R's files the columns and the names of rows.

    :raises ResultFault: if a file of R does not have that element, or holds several; if a text is
        no table.
    """
    suffix = file.suffix.lower()
    if suffix in (*R_FILES, ".parquet"):
        return _of_r(file, element) if suffix in R_FILES else _of_parquet(file)
    try:
        if not _is_small(file):
            return None
        text = decode(file.read_bytes())
        separators = SEPARATORS.get(suffix)
        if not separators:
            return _of_json(json_value(text)) if suffix == ".json" else None
    except (OSError, ValueError, ResultFault, RecursionError):
        return None  # another rule, or the build, speaks of it
    return _of_csv(text, separators, header_rows) if text.strip() else None


def _is_small(file: Path) -> bool:
    return file.stat().st_size <= MAX_BYTES


def _of_r(file: Path, element: str) -> TextCells | None:
    # Only books that show such files load NumPy for them.
    from sphinx_mmbook.core.results.readers.r.container import choose, read_objects  # noqa: PLC0415
    from sphinx_mmbook.core.results.readers.r.tables import names_of  # noqa: PLC0415

    try:
        if not _is_small(file):
            return None
        objects = read_objects(file.read_bytes(), 10 * MAX_BYTES)
    except Exception:
        return None  # another rule, or the build, speaks of it
    value = choose(objects, element)
    try:
        found = names_of(value)
    except ResultFault:
        raise
    except Exception:  # a damaged object
        return None
    if found is None:
        return None
    columns, rows = found
    return TextCells(columns, [[name] for name in rows or ()], 0 if rows is None else 2)


def lacks_scipy(file: Path) -> bool:
    """Whether a file has a model that R fitted, which only scipy, not installed here, can show."""
    if file.suffix.lower() not in R_FILES or find_spec("scipy"):
        return False
    from sphinx_mmbook.core.results.readers.r.container import read_objects  # noqa: PLC0415
    from sphinx_mmbook.core.results.readers.r.models import MODELS  # noqa: PLC0415

    try:
        objects = list(read_objects(file.read_bytes(), 10 * MAX_BYTES).values())
        objects += [one for value in objects if value.kind == "VEC" for one in value.children()]
    except Exception:
        return False  # another rule, or the build, speaks of it
    return any(value.classes in MODELS for value in objects)


def _of_parquet(file: Path) -> TextCells | None:
    from sphinx_mmbook.core.results.readers.arrow import parquet_names  # noqa: PLC0415 -- as above

    try:
        with file.open("rb") as stream:
            return TextCells(parquet_names(stream), [], 0)
    except Exception:
        return None


def _of_csv(text: str, separators: str, header_rows: int) -> TextCells:
    table = TextTable(text, separators, header_rows)
    rows = read_records(StringIO(text[table.start :], newline=""), table.separator)
    return TextCells(table.names, [*rows])


def _of_json(content: Any) -> TextCells | None:
    """Return records, or names with their values; other forms are left to the build."""
    if isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        names = list(dict.fromkeys(name for row in content for name in row))
        return TextCells(names, [[_text(row.get(name)) for name in names] for row in content])
    if not isinstance(content, dict) or {"schema", "columns"} & content.keys():
        return None
    inner = [isinstance(value, dict) for value in content.values()]
    if not content or all(inner) or any(isinstance(value, list) for value in content.values()):
        return None
    pairs = [
        (f"{name}.{key}" if key else name, cell)
        for name, value in content.items()
        for key, cell in (value.items() if isinstance(value, dict) else [("", value)])
    ]
    return TextCells(["", "value"], [[name, _text(cell)] for name, cell in pairs])


def _text(value: Any) -> str:
    return "" if value is None else str(value)
