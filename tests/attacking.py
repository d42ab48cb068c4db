"""Feed every regular expression of the package the signs that it likes: prints those that are slow.

    python tests/attacking.py SIGNS SECONDS LIMIT

The expressions are found by importing all modules, and in the calls of ``re`` in their sources. Each is used as
the package uses it (``match`` begins once, ``search`` everywhere), on texts of ``SIGNS`` signs that repeat
a sign, a pair of signs or a piece of what it matches. A text that is as fast as it is long takes
milliseconds; one that takes more than ``SECONDS`` of processor time is printed. A tenth of each text
is tried first, and the whole where that takes a two-thousandth of ``SECONDS`` or more: what grows with
the cube of the length takes a thousandth there, what grows with the square a hundredth.
"""

from __future__ import annotations

import ast
import importlib
import re
import re._constants as c
import re._parser as parser
import resource
import signal
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import sphinx_mmbook
from sphinx_mmbook.core.bib.field_forms import ROWS
from sphinx_mmbook.core.english.phrases import Phrase
from sphinx_mmbook.core.expressions import Expression

PACKAGE = Path(sphinx_mmbook.__file__).parent
METHODS = {"match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split"}
#: Methods that begin at one place; all others begin everywhere.
ONCE = {"match", "fullmatch"}
#: What is only ever asked of short texts, and why they are short.
SHORT = {
    "rules.book.files.JUNK": "paths: no system has longer ones than 4,096 signs",
    "agreement._RIGHT": "the words of a finding, and the 80 characters before them",
    "references.numbers._OF_FORMULA": "the last 80 characters of a formula",
    "english.commas._WHOLE": "a sentence up to a comma, from no further back than 200 characters",
    "restructured._ROLE": "the 60 signs before a quotation",
    "signs._NAMED": "the 12 signs before a range",
    "formula_words._WORD_BEFORE": "the 40 signs before a name",
    "known_words._SET_OFF": "the 40 signs before a word",
    "formulas._COLUMN": "the 60 signs around a dollar sign",
}

Pattern = tuple[str | bytes, int]


def patterns() -> dict[Pattern, tuple[str, set[str]]]:
    """Return all patterns: where each is, and by which methods it is used."""
    found: dict[Pattern, tuple[str, set[str]]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if "template" in parts or parts[-1] == "__main__":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if (one := called(node)) is not None:
                where = f"{path.relative_to(PACKAGE)}:{node.lineno}"  # type: ignore[attr-defined]
                found.setdefault(one[0], (where, {one[1]}))
        name = ".".join(("sphinx_mmbook", *(part for part in parts if part != "__init__")))
        for variable, value in vars(importlib.import_module(name)).items():
            for pattern in inside(value):
                key = (pattern.pattern, pattern.flags)
                methods = found.setdefault(key, (f"{name}.{variable}", set()))[1]
                methods |= used(tree, variable)
    return {key: value for key, value in found.items() if not value[0].endswith(tuple(SHORT))}


def called(node: ast.AST) -> tuple[Pattern, str] | None:
    """Return the pattern and method of ``re.search("pattern", …)``."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return None
    module, first = node.func.value, node.args[0]
    if not isinstance(module, ast.Name) or module.id != "re" or node.func.attr not in METHODS:
        return None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str | bytes):
        return None
    said = " ".join(ast.unparse(more) for more in [*node.args[1:], *node.keywords])
    flags = 0
    for name in re.findall(r"\bre\.([A-Z]+)\b", said):
        flags |= getattr(re, name)
    compiled = re.compile(first.value, flags)
    return (compiled.pattern, compiled.flags), node.func.attr


def inside(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any] | Expression]:
    """Return the patterns of a variable: itself, or what it holds."""
    if isinstance(value, re.Pattern | Expression):
        yield value
    elif isinstance(value, Phrase):
        yield value.pattern
    elif value is ROWS:
        yield from (re.compile(row[2]) for row in ROWS)
    elif isinstance(value, dict | list | tuple | set | frozenset) and depth < 3:
        for item in value.values() if isinstance(value, dict) else value:
            yield from inside(item, depth + 1)


def used(tree: ast.Module, variable: str) -> set[str]:
    """Return the methods of a variable that a module calls or hands on."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            owner = node.value.value if isinstance(node.value, ast.Subscript) else node.value
            if isinstance(owner, ast.Name) and owner.id == variable:
                found.add(node.attr)
    return found


def liked(tree: Any) -> list[str]:
    """Return signs that a part of a pattern takes."""
    signs: list[str] = []
    for kind, value in tree:
        if kind is c.LITERAL:
            signs.append(chr(value))
        elif kind in (c.ANY, c.NOT_LITERAL):
            signs.append("." if kind is c.ANY else "~" if value != ord("~") else "^")
        elif kind is c.IN:
            signs += of_class(value)
        elif kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            signs += liked(value[2])
        elif kind is c.SUBPATTERN:
            signs += liked(value[3])
        elif kind is c.BRANCH:
            signs += [sign for branch in value[1] for sign in liked(branch)]
        elif kind in (c.ASSERT, c.ASSERT_NOT):
            signs += liked(value[1])
        elif kind is c.ATOMIC_GROUP:
            signs += liked(value)
    return signs


def of_class(items: Any) -> list[str]:
    """Return signs of ``[…]``."""
    categories = {c.CATEGORY_SPACE: " \n", c.CATEGORY_DIGIT: "1", c.CATEGORY_WORD: "a"}
    signs, named = [], []
    for kind, value in items:
        if kind is c.LITERAL:
            named.append(chr(value))
        elif kind is c.RANGE:
            named.append(chr(value[0]))
        elif kind is c.CATEGORY:
            signs += categories.get(value, "-")
    if items[0][0] is c.NEGATE:
        signs.insert(0, next((sign for sign in "aX1 ~=;-." if sign not in named), "ä"))
    return signs + named


def sample(tree: Any) -> str:
    """Return a short text that a pattern matches, or nearly."""
    text = ""
    for kind, value in tree:
        if kind in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
            text += liked([(kind, value)])[0]
        elif kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            text += sample(value[2]) * max(1, min(value[0], 3))
        elif kind is c.SUBPATTERN:
            text += sample(value[3])
        elif kind is c.BRANCH:
            text += sample(value[1][0])
        elif kind is c.ATOMIC_GROUP:
            text += sample(value)
    return text


def attacks(pattern: Pattern, signs: int) -> Iterator[str]:
    """Return long texts: a unit again and again, alone, and in what begins as a match and ends wrong."""
    tree = parser.parse(*pattern)
    likes = list(dict.fromkeys([*liked(tree), " ", "\n", "a"]))[:40]
    whole = sample(tree)
    units = [*likes, whole, whole[:-1], whole[1:], whole[: len(whole) // 2]]
    units += [one + other for one, other in pairwise(likes)]
    for unit in filter(None, dict.fromkeys(units)):
        text = unit * (signs // len(unit))
        yield from (text, f"{whole[: len(whole) // 3 or 1]}{text}\x01")


class TooSlowError(Exception):
    """The time of one text is over."""


def stop(*_: object) -> None:
    raise TooSlowError


def is_slow(pattern: Pattern, method: str, text: str | bytes, seconds: float) -> bool:
    """Say whether a text keeps a pattern busy."""
    use = getattr(re.compile(*pattern), method)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        begun = time.process_time()
        exhaust(use(text[: len(text) // 10] + text[-1:]))
        if time.process_time() - begun > seconds / 2000:
            exhaust(use(text))
    except TooSlowError:
        return True
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return False


def exhaust(matches: Any) -> None:
    """Look for all matches, where there can be several."""
    if isinstance(matches, Iterator):
        deque(matches, maxlen=0)


def main(signs: int, seconds: float, limit: int) -> None:
    """Print what is slow, and how many patterns there are."""
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    signal.signal(signal.SIGPROF, stop)
    found = patterns()
    slow: dict[str, list[str]] = defaultdict(list)
    for pattern, (where, methods) in found.items():
        ways = {method if method in ONCE else "finditer" for method in methods or {"search"}}
        for text in attacks(pattern, signs):
            data = text.encode("latin-1", "replace") if isinstance(pattern[0], bytes) else text
            for method in ways:
                if not slow[where] and is_slow(pattern, method, data, seconds):
                    slow[where].append(f"{where}.{method}: {pattern[0]!r} on {text[:20]!r}…")
                    print(slow[where][0], flush=True)
    print(len(found), "patterns")


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
