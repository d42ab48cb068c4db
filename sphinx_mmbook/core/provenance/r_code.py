"""What can be seen of a program in R without running it: its words, and the files that it reads."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.paths import is_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(
    r"""(?P<raw>[rR](["'])(-*)[(\[{])
    |(?P<string>["'])|`[^`]*`
    |(?P<comment>\#[^\n]*)|(?P<end>\n)|(?P<blank>[^\S\n]+)
    |<<-|->>|<-|->|<=|>=|==|!=|&&|\|\||\|>|:::|::|:=|%[^%\n]*%|[\w.]+|.""",
    re.VERBOSE | re.DOTALL,
)
#: What closes a string that opens with a quotation mark.
_CLOSED = {mark: re.compile(rf"(?:\\.|[^{mark}\\])*+{mark}", re.DOTALL) for mark in "\"'"}
_READS = re.compile(r"source|sys\.source|load|scan|fread|vroom|file|read[\w.]*")
#: Calls that read a file, but for those whose text or connection is given.
_READS_DATA = re.compile(
    r"^[^#\n]*?\b(?:read[._](?:csv2?|delim2?|table|fwf|tsv|excel|xlsx?|rds|dta|sav|spss|feather|parquet)"
    r"|readRDS|fread|vroom|load)\s*\((?!\s*(?:text|con)\b)",
    re.MULTILINE,
)
#: Devices of plots take a file's name as well.
_WRITES = re.compile(
    r"write[\w.]*|save\w*|ggsave|fwrite|vroom_write|sink|dump|dput|cat|unlink|file\.(?:create|remove)"
    r"|dir\.create|pdf|cairo_pdf|svg|svglite|png|agg_png|jpeg|tiff|bmp|postscript"
)
_PATHS = ("file.path", "here")
_OPEN, _CLOSE = "([{", ")]}"


def r_words(text: str) -> list[str]:
    """Return the words of a program: without comments, spaces, and line ends that mean nothing."""
    words: list[str] = []
    depth: list[str] = []
    for word, kind in _all_words(text):
        if kind in ("comment", "blank"):
            continue
        if word == "\n":
            # Inside of parentheses an expression goes on.
            if depth[-1:] in (["("], ["["]) or words[-1:] in ([], ["\n"]):
                continue
        elif kind == "string" and len(word) > 1 and '"' not in word and "\\" not in word:
            word = f'"{word[1:-1]}"'  # noqa: PLW2901 -- both quotation marks mean the same
        elif word in _OPEN:
            depth.append(word)
        elif word in _CLOSE and depth:
            depth.pop()
        words.append(word)
    return words[:-1] if words[-1:] == ["\n"] else words


def _all_words(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield all words with their kind; a raw string, r"(…)" or R'--[…]--', is one.

    What closes no string from some place on closes none later either. That is remembered: to look
    for it at each beginning would take time that grows with the square of the text.
    """
    place, absent = 0, set[str]()
    while match := _WORD.match(text, place):
        place = match.end()
        if match.lastgroup in ("raw", "string"):
            close = _closing(match)
            stop = -1 if close in absent else _end_of_string(text, place, close)
            if stop < 0:
                absent.add(close)
                stop = match.start() + 1
            place = stop
        yield text[match.start() : place], match.lastgroup


def _closing(opening: re.Match[str]) -> str:
    """Return what closes a string."""
    if opening["raw"]:
        return _CLOSE[_OPEN.index(opening[0][-1])] + opening[3] + opening[2]
    return opening[0]


def _end_of_string(text: str, start: int, close: str) -> int:
    """Return where a string ends that has begun before ``start``; -1 if nowhere."""
    if close in _CLOSED:
        found = _CLOSED[close].match(text, start)
        return found.end() if found else -1
    place = text.find(close, start)
    return place + len(close) if place >= 0 else -1


def files_read(script: Path, folders: Sequence[Path]) -> list[Path]:
    """Return the files that a program in R, which runs in the first of ``folders``, reads.

    These are the files in one of the folders whose names are spelt out in it, wherever that is: in
    ``read.csv("a.csv")`` or above it, ``data <- "a.csv"``; also with ``file.path()`` or ``here()``;
    but for what it writes. Programs that it sources are looked through as well.
    """
    found: dict[Path, None] = {}
    todo = [script]
    while todo:
        program = todo.pop()
        try:
            words = r_words(program.read_bytes().decode("utf-8-sig", "replace"))
        except OSError:
            continue
        for name in _names(words):
            file = next((file for f in folders if is_file(file := (f / name).resolve())), None)
            if file and file != script and file not in found:
                found[file] = None
                todo += [file] if file.suffix in (".R", ".r") else []
    return list(found)


def packages_of(text: str) -> list[str]:
    """Return the packages that a program in R loads or calls by name."""
    words = r_words(text)
    found = {
        words[place + 2].strip("\"'")
        for place, word in enumerate(words[:-2])
        if word in ("library", "require", "requireNamespace") and words[place + 1] == "("
    }
    found |= {words[place - 1] for place, word in enumerate(words) if word in ("::", ":::")}
    return sorted(name for name in found if re.fullmatch(r"[A-Za-z][\w.]*", name))


def _names(words: Sequence[str]) -> Iterator[str]:
    """Yield all strings of a program but those that name what it writes.

    The innermost call that reads or writes decides: ``saveRDS(lm(y ~ x, read.csv("a.csv")), "b")``
    reads the first. What ``file.path()`` and ``here()`` join is one name.
    """
    # Of each call that is open: its name, its strings, whether it is a part of one that writes.
    calls: list[tuple[str, list[str], bool]] = []
    for place, word in enumerate(words):
        writes = bool(calls) and calls[-1][2]
        if word in _OPEN:
            name = words[place - 1] if place and word == "(" else ""
            reads = _READS.fullmatch(name)
            calls.append((name, [], not reads and (writes or bool(_WRITES.fullmatch(name)))))
        elif word in _CLOSE and calls:
            name, parts, writes = calls.pop()
            if name in _PATHS and parts and not writes:
                yield "/".join(parts)
        elif len(word) > 1 and word[0] in "\"'" and "\0" not in word:
            if calls:
                calls[-1][1].append(_plain(word))
            if not writes:
                yield _plain(word)


def unseen_input(script: Path, folders: Sequence[Path]) -> int:
    """Return the line in which a program reads data, if it names none of its data; else 0."""
    text = script.read_bytes().decode("utf-8-sig", "replace")
    call = _READS_DATA.search(text)
    # A name that is spelt out may be that of data that are not here.
    named = any(
        PurePosixPath(name).suffix not in ("", ".R", ".r") for name in _names(r_words(text))
    )
    if call is None or "://" in text or named or files_read(script, folders):
        return 0
    return text.count("\n", 0, call.start()) + 1


def _plain(word: str) -> str:
    return word[1:-1]
