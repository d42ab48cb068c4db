"""What can be seen of a program in R without running it: its words, and the files that it reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.files.paths import is_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

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
_PATHS = ("file.path", "here")
_OPEN, _CLOSE = "([{", ")]}"


def r_words(text: str) -> list[str]:
    """Return the words of a program: without comments, blanks, and line ends that mean nothing."""
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

    These are files in one of the folders whose name is spelt out in a call of ``source()``,
    ``load()``, ``readRDS()``, ``read.csv()`` or another function whose name begins with ``read``,
    also with ``file.path()`` or ``here()``; programs that it sources are looked through as well.
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
    """Yield the strings in the arguments of calls that read."""
    for place, word in enumerate(words[:-1]):
        if words[place + 1] == "(" and _READS.fullmatch(word):
            end = _end(words, place + 1)
            inner = list(words[place + 2 : end])
            yield from (_plain(item) for item in inner if _is_string(item))
            for start, name in enumerate(inner[:-1]):
                if name in _PATHS and inner[start + 1] == "(":
                    parts = inner[start + 2 : _end(inner, start + 1)]
                    yield "/".join(_plain(item) for item in parts if _is_string(item))


def _end(words: Sequence[str], start: int) -> int:
    """Return where the parenthesis that opens at ``start`` is closed."""
    depth = 0
    for place in range(start, len(words)):
        depth += (words[place] == "(") - (words[place] == ")")
        if depth == 0:
            return place
    return len(words)


def _is_string(word: str) -> bool:
    return len(word) > 1 and word[0] in "\"'" and "\0" not in word


def _plain(word: str) -> str:
    return word[1:-1]
