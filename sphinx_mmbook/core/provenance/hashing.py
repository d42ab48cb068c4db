"""Hashes of files, folders and programs, by which a result is seen to be out of date.

SHA-256, of text with the line ends of Unix: Git changes them on Windows. Of code only what runs
counts, so that neither a comment nor a formatter makes a result stale: of Python its syntax tree,
of R its words, of a page its code cells.
"""

from __future__ import annotations

import ast
import io
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.paths import is_file
from sphinx_mmbook.core.provenance.packages import LARGEST
from sphinx_mmbook.core.provenance.r_code import r_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = (".md", ".ipynb")
#: As Git does, a file is text if its beginning has no NUL.
_HEAD, _CHUNK = 8000, 1024 * 1024
#: What stands for a file that Git LFS has not fetched; its id is the file's SHA-256.
_POINTER = re.compile(
    rb"version https://git-lfs[^\n]*\n(?:ext-[^\n]*\n)*oid sha256:([0-9a-f]{64})\n"
)
#: What systems and Python leave in folders.
_JUNK = frozenset({"__pycache__", "thumbs.db", "desktop.ini"})
#: Parts of a syntax tree that change nothing, and those that differ between versions of Python.
_NO_CODE = frozenset({"ctx", "kind", "type_comment", "type_ignores"})


def digest(file: Path) -> str:
    """Return the hash of a file, or of all files in a folder with their names.

    Left out are hidden files, those that Git ignores, and what systems leave behind. Of a file that
    Git LFS has not fetched it is the hash that the file would have.

    :raises OSError: if something cannot be read, or is neither.
    """
    from hashlib import sha256  # noqa: PLC0415 -- books without results are checked without it

    if file.is_dir():
        total = sha256()
        for name, inner in _files_in(file):
            total.update(f"{name}\n{digest(inner)}\n".encode())
        return total.hexdigest()
    if not is_file(file):  # a device or a pipe would never end
        raise FileNotFoundError(file)
    with file.open("rb") as stream:
        return _digest(stream)


def _files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    found = []
    for inner in sorted(folder.rglob("*")):
        name = inner.relative_to(folder).as_posix()
        parts = name.lower().split("/")
        is_junk = not _JUNK.isdisjoint(parts) or any(part.startswith(".") for part in parts)
        # A link could lead anywhere.
        if not is_junk and inner.is_file() and not inner.is_symlink():
            found.append((name, inner))
    from sphinx_mmbook.core.files.git import ignored_files  # noqa: PLC0415 -- few name folders

    ignored = ignored_files(folder)
    # Of a folder that is ignored as a whole, because it is large, all counts.
    yield from [(name, file) for name, file in found if name not in ignored] or found


def digest_of(data: bytes) -> str:
    """Return the hash of content, as :func:`digest` of a file that holds it."""
    return _digest(io.BytesIO(data))


def _digest(stream: BinaryIO) -> str:
    from hashlib import sha256  # noqa: PLC0415

    total = sha256()
    rest = b""
    is_text = None
    for chunk in iter(partial(stream.read, _CHUNK), b""):
        if is_text is None:
            is_text = b"\0" not in chunk[:_HEAD]
            if pointer := _POINTER.match(chunk):
                return pointer[1].decode()
        block = rest + chunk
        rest = b""
        if is_text:
            if block.endswith(b"\r"):
                block, rest = block[:-1], b"\r"
            block = block.replace(b"\r\n", b"\n")
        total.update(block)
    total.update(rest)
    return total.hexdigest()


def source_digest(file: Path) -> str:
    """Return the hash of an input: of a program in Python or R of its code, else of its content.

    So it is of a program that is too large to be read as one.

    :raises OSError: if it cannot be read.
    """
    is_program = file.suffix in (".py", ".R", ".r") and is_file(file)
    if is_program and file.stat().st_size <= LARGEST:
        return digest_of(_code(file).encode())
    return digest(file)


def script_digest(book: Path, script: Path) -> str:
    """Return the hash of a program; of a page only its code cells count, without ``#|`` lines.

    :raises OSError: if it cannot be read.
    :raises BookError: if it is a page that cannot be read.
    """
    if script.suffix not in PAGES:
        return source_digest(script)
    return digest_of("\n%%\n".join(map(_python, _cells(book, script))).encode())


def code_digest(source: str) -> str:
    """Return the hash of a code cell: its comments, layout and ``#|`` lines do not count.

    A semicolon at its end does: it decides whether the value of its last line is shown.
    """
    quiet = ";" if source.rstrip().endswith(";") else ""
    return digest_of(f"{_python(source)}{quiet}".encode())[:16]


def is_unchanged(book: Path, file: Path, noted: str, *, is_script: bool = False) -> bool:
    """Tell whether a program or an input is as it was when ``noted`` was its hash."""
    try:
        return noted == (script_digest(book, file) if is_script else source_digest(file))
    except (OSError, ValueError):  # what cannot be read is like nothing
        return False


def _cells(book: Path, page: Path) -> list[str]:
    # The parser of Markdown is needed only here.
    from sphinx_mmbook.core.pages.scanner import scan  # noqa: PLC0415
    from sphinx_mmbook.core.pages.source import read_source  # noqa: PLC0415

    found = scan(read_source(book, page.relative_to(book).as_posix()))
    return [cell.body for cell in found.of("code-cell")]


def _code(file: Path) -> str:
    text = file.read_bytes().decode("utf-8-sig", "replace")
    return _python(text) if file.suffix == ".py" else "\n".join(r_words(text))


def _python(text: str) -> str:
    """Return what a program does; the program itself if Python cannot read it."""
    try:
        if len(text) <= LARGEST:
            return _tree(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # magics of IPython, another R
        pass
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines if line.strip() and not line.startswith("#|"))


def _tree(node: Any) -> str:
    """Return a syntax tree as text, which is the same for all versions of Python.

    ``ast.dump`` and ``ast.unparse`` are not: fields come and go. Docstrings are left out, since
    formatters indent them.
    """
    if isinstance(node, list):
        return f"[{','.join(_tree(item) for item in node if not _is_docstring(item))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = [
        f"{name}={_tree(value)}"
        for name, value in ast.iter_fields(node)
        if name not in _NO_CODE and value is not None and value != []
    ]
    return f"{type(node).__name__}({','.join(fields)})"


def _is_docstring(node: Any) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
