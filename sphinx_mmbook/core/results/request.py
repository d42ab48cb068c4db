"""Reading a stored result: one way in for every format, and one kind of error."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.results.readers.arrays import read_netcdf, read_npy, read_npz
from sphinx_mmbook.core.results.readers.arrow import read_feather, read_parquet
from sphinx_mmbook.core.results.readers.csv_text import read_text
from sphinx_mmbook.core.results.readers.excel import read_excel
from sphinx_mmbook.core.results.readers.json_table import read_json
from sphinx_mmbook.core.results.readers.r.container import choose, read_objects
from sphinx_mmbook.core.results.readers.r.tables import to_frame
from sphinx_mmbook.core.results.values.fault import ResultFault, too_large, unfit, unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from pandas import DataFrame

T = TypeVar("T")

#: A table in a book has a page of rows; ten megabytes leave room for a factor of a thousand.
MAX_BYTES = 10_000_000


@dataclass(frozen=True)
class Request:
    """A result that a page asks for: ``target``, written at ``at``, is the file ``path``.

    ``element`` names the object of an R file that has several, or a sheet of a workbook.
    ``header_rows`` is how many rows of a CSV file or sheet hold the columns' names. ``max_bytes``
    limits the file, and what it unpacks to.
    """

    path: Path
    target: str
    at: Location
    element: str = ""
    max_bytes: int = MAX_BYTES
    header_rows: int = 1

    def error(self, fault: ResultFault) -> BookError:
        """Return ``fault`` with the file's name and the place that asks for it."""
        return BookError(Finding(self.at, fault.rule, f"'{self.target}' {fault.text}"))


Reader = Callable[[bytes, Request], "DataFrame"]


def _read_r(data: bytes, request: Request) -> DataFrame:
    return to_frame(choose(read_objects(data, request.max_bytes), request.element))


READERS: dict[str, Reader] = {
    ".csv": lambda data, request: read_text(data, header_rows=request.header_rows),
    ".tsv": lambda data, request: read_text(data, "\t", request.header_rows),
    ".json": lambda data, _: read_json(data),
    ".parquet": lambda data, request: read_parquet(data, request.max_bytes),
    ".feather": lambda data, request: read_feather(data, request.max_bytes),
    ".xlsx": lambda data, request: read_excel(
        data, request.element, request.header_rows, request.max_bytes
    ),
    ".npy": lambda data, _: read_npy(data),
    ".npz": lambda data, request: read_npz(data, request.element, request.max_bytes),
    ".nc": lambda data, request: read_netcdf(data, request.element),
    ".rda": _read_r,
    ".rdata": _read_r,
    ".rds": _read_r,
}
R_FILES = frozenset({".rda", ".rdata", ".rds"})
#: Formats that run code when they are opened, or may.
EXECUTABLE = frozenset({
    ".pkl", ".pickle", ".p", ".pck", ".dill", ".cloudpickle", ".joblib", ".pt", ".pth", ".ckpt",
    ".xlsm", ".xlsb",
})  # fmt: skip


def is_r(path: Path) -> bool:
    """Whether R wrote the file, by its name."""
    return path.suffix.lower() in R_FILES


def read_table(request: Request) -> DataFrame:
    """Return the table in a result file. Row names are an ordinary first column, named ``""``.

    Nothing in the file is executed. Text stays text: identifiers keep their leading zeros.

    :raises BookError: whatever is wrong with the file; the finding names the repair.
    """
    try:
        return guarded(
            request, lambda: reader_of(request.path.suffix)(read_bytes(request), request)
        )
    except ResultFault as fault:
        raise request.error(fault) from None


def guarded(request: Request, read: Callable[[], T]) -> T:
    """Return what ``read`` returns.

    :raises ResultFault: whatever it raises, in words for the author.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a reader minds but can read
            return read()
    except ResultFault:
        raise
    except MemoryError:
        fault = too_large("does not fit into memory; store a summary instead")
    except Exception as error:  # the readers are other people's and raise anything
        kind = request.path.suffix[1:]
        fault = unreadable(f"cannot be read as {kind} ({_brief(error)}); store it again")
    raise fault from None


def reader_of(suffix: str) -> Reader:
    """Return what reads files of that suffix.

    :raises ResultFault: if nothing does, or should.
    """
    reader = READERS.get(suffix.lower())
    if reader:
        return reader
    if suffix.lower() in EXECUTABLE:
        raise unfit(
            f"is not opened: {suffix} files can run code on whoever reads them; "
            'write the table with frame.to_csv("….csv") and show that'
        )
    known = ", ".join(READERS)
    raise unfit(f"has a format that is not read; store the result as one of {known}")


def read_bytes(request: Request) -> bytes:
    """Return the file's bytes, never more than allowed, whatever its size claims to be."""
    try:
        with request.path.open("rb") as file:
            data = file.read(request.max_bytes + 1)
    except OSError as error:
        raise unreadable(f"cannot be opened: {error.strerror}; check its permissions") from None
    if len(data) > request.max_bytes:
        raise too_large(
            f"is larger than {request.max_bytes:,} bytes; store only what the page shows, "
            "choose rows of a CSV file with ':where:' or ':rows: 1-20', or raise "
            "'mmbook_result_max_bytes' in conf.py"
        )
    return data


def _brief(error: Exception) -> str:
    """Return the error's first line, which for hostile files may be long."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:120]}" if lines else type(error).__name__


@dataclass(frozen=True, order=True)
class ShownResult:
    """A file that a page shows. ``path`` is relative to the book, with forward slashes.

    ``label`` is the anchor of the table or figure on the page; empty if it has none.
    """

    path: str
    kind: Literal["table", "figure", "number"]
    at: Location
    label: str = ""
