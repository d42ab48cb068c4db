"""Frozen outputs as files: what the code of a page put out, for hosts that cannot run that code.

``frozen/index.json`` belongs to ``index.md`` or ``index.ipynb``; pictures are files beside it, such
as ``frozen/index-3-1.png`` (third code cell, first output). All come with pull requests: what is
read has only known fields, names no file elsewhere, is not too large, and has its hash. HTML and
SVG in it are shown as those that a notebook has in itself, neither more nor less.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.paths import is_within
from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.provenance.hashing import code_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FOLDER = "frozen"
FORMAT = 1
#: Of all outputs of a page, pictures included; the largest notebook of six real books has 4 MB.
MAX_BYTES = 20_000_000
#: More cells than that are compared one by one: to align them takes the square of their number.
MAX_CELLS = 500
#: Formats that are files of their own, with the ending of these.
FILES = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
    "image/svg+xml": ".svg", "application/pdf": ".pdf",
}  # fmt: skip
TEXT = ("image/svg+xml",)
#: Fields of each kind of output, in the order in which they are written.
OUTPUTS = {
    "stream": ("name", "text"),
    "error": ("ename", "evalue", "traceback"),
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata"),
}
Output = dict[str, Any]


class FrozenCell(NamedTuple):
    """A code cell as it was run: a hash of its code, and what it put out."""

    code: str
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True)
class Frozen:
    """The outputs of a page. ``sha256`` is the hash of them all, "" if there are none.

    ``language`` is what the kernel said of its language, ``widgets`` the state of its widgets;
    ``files`` the names of the pictures.
    """

    cells: tuple[FrozenCell, ...] = ()
    language: Mapping[str, Any] = field(default_factory=dict)
    widgets: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    sha256: str = ""

    def outputs_for(self, codes: Sequence[str]) -> list[tuple[FrozenCell | None, bool]]:
        """Return for each code cell of a page, given by hash, its outputs; and whether they fit.

        A cell that has changed gets the outputs of the one that stood in its place.
        """
        old = [cell.code for cell in self.cells]
        found: list[tuple[FrozenCell | None, bool]] = [(None, False)] * len(codes)
        for before, after, same in _aligned(old, codes):
            found[after] = self.cells[before], same
        return found


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[int, int, bool]]:
    if max(len(old), len(new)) > MAX_CELLS:
        return [(at, at, a == b) for at, (a, b) in enumerate(zip(old, new, strict=False))]
    return [
        (i1 + step, j1 + step, tag == "equal")
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if i2 - i1 == j2 - j1
        for step in range(i2 - i1)
    ]


def frozen_path(page: str) -> str:
    """Return the path of the file with a page's outputs; both are relative to the book."""
    at = PurePosixPath(page)
    return (at.parent / FOLDER / f"{at.stem}.json").as_posix()


def frozen_files(folder: Path, page: str) -> list[Path]:
    """Return the files that hold the outputs of a page, those that are there."""
    main = folder / frozen_path(page)
    name = re.compile(rf"{re.escape(main.stem)}(\.json|-\d+-\d+\.\w+)")
    if not main.parent.is_dir():
        return []
    return sorted(file for file in main.parent.iterdir() if name.fullmatch(file.name))


# Reading


def read_frozen(book: Path, page: str) -> Frozen:
    """Read the outputs of a page.

    :raises BookError: by ``frozen-broken`` or ``frozen-too-large``.
    """
    path = frozen_path(page)
    file = book / path
    try:
        if not is_within(book, path) or file.is_symlink() or not file.is_file():
            raise ValueError("is not a regular file of the book")
        if file.stat().st_size > MAX_BYTES:
            raise BookError(too_large(path))
        data = json.loads(file.read_text("utf-8"))
        return _Reader(file, path).frozen(data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError) as error:
        reason = _reason(error)
        message = (
            f"these frozen outputs {reason}, so the page shows none; run 'mmbook freeze {page}' "
            "again, or restore what was committed"
        )
        raise BookError(Finding(Location(path, 1), "frozen-broken", message)) from None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError):
        return "are not JSON"
    if type(error) is ValueError:
        return str(error)
    return "have a field that is missing or of the wrong kind"


def too_large(path: str) -> Finding:
    """Return that a page puts out too much to be committed."""
    message = (
        f"the outputs of this page have more than the {MAX_BYTES / 1e6:.0f} MB that can be frozen; "
        "show less, in smaller pictures, or store results in files"
    )
    return Finding(Location(path, 1), "frozen-too-large", message)


class _Reader:
    """Reads one file of frozen outputs; whatever it does not know is refused by ValueError."""

    def __init__(self, file: Path, path: str) -> None:
        self.file, self.path = file, path
        self.names: list[str] = []
        self.size = file.stat().st_size

    def frozen(self, data: Any) -> Frozen:
        """Return the outputs."""
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError("are not in the format of this version")
        if data.get("sha256") != content_digest(data):
            raise ValueError("were changed after they had been frozen")
        cells = tuple(
            FrozenCell(_text(cell["code"]), tuple(map(self.output, cell["outputs"])))
            for cell in data["cells"]
        )
        language, widgets = data["language"], data.get("widgets", {})
        if not isinstance(language, dict) or not isinstance(widgets, dict):
            raise TypeError
        return Frozen(cells, language, widgets, tuple(self.names), data["sha256"])

    def output(self, stored: Any) -> Output:
        """Return an output as notebooks have it."""
        kind = stored["output_type"]
        if kind not in OUTPUTS or not {*stored} <= {"output_type", *OUTPUTS[kind]}:
            raise ValueError("have an output of a kind that is not known")
        made: Output = {"output_type": kind}
        for name in OUTPUTS[kind]:
            value = stored.get(name, {}) if name == "metadata" else stored[name]
            if name == "data":
                made[name] = {_text(mime): self.format(mime, part) for mime, part in value.items()}
            elif name == "metadata":
                made[name] = dict(value)
            elif name == "traceback":
                made[name] = [_text(line) for line in value]
            else:
                made[name] = _text(value)
        if kind == "stream" and made["name"] not in ("stdout", "stderr"):
            raise ValueError("have an output of a kind that is not known")
        if kind == "execute_result":
            made["execution_count"] = None
        return made

    def format(self, mime: str, stored: Any) -> Any:
        """Return an object in one of its formats."""
        if mime in FILES:
            return self.picture(mime, stored)
        return stored if is_json(mime) else _text(stored)

    def picture(self, mime: str, stored: Any) -> str:
        """Return a picture, as the text that notebooks have of it."""
        name = _text(stored["file"])
        pattern = rf"{re.escape(self.file.stem)}-\d+-\d+{re.escape(FILES[mime])}"
        file = self.file.with_name(name) if re.fullmatch(pattern, name) else None
        if file is None or file.is_symlink() or not file.is_file():
            raise ValueError(f"name the picture {name[:80]!r}, which is not a file beside them")
        self.size += file.stat().st_size
        if self.size > MAX_BYTES:
            raise BookError(too_large(self.path))
        self.names.append(name)
        data = _unix(mime, file.read_bytes())
        if _sha256(data) != stored["sha256"]:
            raise ValueError(f"name the picture '{name}', which was changed afterwards")
        return data.decode("utf-8") if mime in TEXT else b64encode(data).decode()


def _text(value: Any) -> str:
    """Return text, which is stored as such or as a list of lines."""
    lines = value if isinstance(value, list) else [value]
    if not all(isinstance(line, str) for line in lines):
        raise TypeError
    text = "".join(lines)
    text.encode()  # half a character, which no file can hold, is a ValueError
    return text


def is_json(mime: str) -> bool:
    """Return whether a format is data, and no text."""
    return mime == "application/json" or mime.endswith("+json")


def _unix(mime: str, data: bytes) -> bytes:
    """Return what Git has of a file: on Windows it changes the line ends of text."""
    return data.replace(b"\r\n", b"\n") if mime in TEXT else data


def _sha256(data: bytes) -> str:
    from hashlib import sha256  # noqa: PLC0415 -- 3 ms, which books without frozen outputs save

    return sha256(data).hexdigest()


def content_digest(data: Mapping[str, Any]) -> str:
    """Return the hash of all that is frozen but the hash; line breaks of JSON do not count."""
    content = {name: value for name, value in data.items() if name != "sha256"}
    return _sha256(json.dumps(content, sort_keys=True).encode())


# Writing


class RunCell(NamedTuple):
    """A code cell that was run: its source, and its outputs as a notebook has them."""

    source: str
    outputs: Sequence[Mapping[str, Any]]


def files_of(
    page: str, cells: Sequence[RunCell], language: Mapping[str, Any], widgets: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the files that hold the outputs of a page, by name.

    :raises BookError: by ``frozen-too-large``.
    """
    writer = _Writer(PurePosixPath(page).stem)
    # What colours code: versions would change with each computer.
    colours = {name: language[name] for name in ("name", "pygments_lexer") if name in language}
    data: dict[str, Any] = {"format": FORMAT, "language": colours}
    data["cells"] = [writer.cell(number, cell) for number, cell in enumerate(cells, 1)]
    if widgets:
        data["widgets"] = _whole(widgets)
    data["sha256"] = content_digest(data)
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    files = {f"{writer.stem}.json": text.encode(), **writer.files}
    if sum(map(len, files.values())) > MAX_BYTES:
        raise BookError(too_large(page))
    return files


def _whole(value: Any) -> Any:
    """Return data without half characters, as in output that was cut: no file can hold them."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


class _Writer:
    """Writes the outputs of one page, and collects its pictures."""

    def __init__(self, stem: str) -> None:
        self.stem = stem
        self.files: dict[str, bytes] = {}

    def cell(self, number: int, cell: RunCell) -> dict[str, Any]:
        """Return a cell; its first line is there for those who read a pull request."""
        lines = (line.strip() for line in cell.source.split("\n"))
        begins = next((line for line in lines if line and not line.startswith("#|")), "")
        outputs = [
            self.output(f"{self.stem}-{number}-{count}", output)
            for count, output in enumerate(_whole(list(cell.outputs)), 1)
        ]
        return {"begins": begins[:80], "code": code_digest(cell.source), "outputs": outputs}

    def output(self, name: str, output: Mapping[str, Any]) -> dict[str, Any]:
        """Return an output in the fields that are frozen, its pictures as files of that name."""
        kind = output["output_type"]
        made: dict[str, Any] = {"output_type": kind}
        for one in OUTPUTS[kind]:
            value = output.get(one)
            if one == "data":
                made[one] = {m: self.format(name, m, output[one][m]) for m in sorted(output[one])}
            elif one == "metadata":
                made.update({one: value} if value else {})
            elif one == "text":
                made[one] = _lines(value)
            else:
                made[one] = value
        return made

    def format(self, name: str, mime: str, value: Any) -> Any:
        """Return an object in one of its formats."""
        if is_json(mime):
            return value
        if mime not in FILES:
            return _lines(value)
        text = _text(value)
        try:
            data = _unix(mime, text.encode()) if mime in TEXT else b64decode(text)
        except NoBase64:
            data = text.encode()
        file = f"{name}{FILES[mime]}"
        self.files[file] = data
        return {"file": file, "sha256": _sha256(data)}


def _lines(value: Any) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", _text(value))
