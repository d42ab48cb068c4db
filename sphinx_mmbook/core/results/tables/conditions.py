"""A tiny language that chooses rows: ``model == "clip" and (top1 >= 0.7 or top1 is missing)``.

There are columns (in backquotes if the name is not a plain word: `` `t value` ``), numbers, strings
in quotes, ``true`` and ``false``; ``== != < <= > >=``, ``in ("a", "b")``, ``is missing``, ``not``,
``and``, ``or`` and parentheses. Nothing is evaluated but this. A comparison with a missing value is
false.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.values.cell_values import comparable, is_missing
from sphinx_mmbook.core.results.values.fault import wrong_option

Row = Sequence[Any]
Test = Callable[[Row], bool]
Operand = Callable[[Row], Any]
Compare = Callable[[Any, Any], bool]

MAX_LENGTH, MAX_DEPTH = 1_000, 30
TOKEN = re.compile(
    r"""\s*(?:(?P<number>-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<string>"[^"]*"|'[^']*')|`(?P<quoted>[^`]*)`|(?P<name>[^\W\d][\w.]*)
    |(?P<sign>==|!=|<=|>=|<|>|\(|\)|,))""",
    re.VERBOSE,
)
OPERATORS: dict[str, Compare] = {
    "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
PLAIN = frozenset({int, float})
WORDS = frozenset({"and", "or", "not", "in", "is", "missing", "true", "false"})
EXAMPLE = """write for example 'model == "clip" and top1 > 0.7'"""


@dataclass(frozen=True)
class Condition:
    """A condition on a row; ``columns`` are the names it uses, ``text`` is what the author wrote.

    ``holds`` takes the row's values in the order of these names. It raises ``ResultFault`` if it
    must compare what cannot be compared.
    """

    text: str
    columns: tuple[str, ...]
    holds: Test


def parse_condition(text: str) -> Condition:
    """Return the condition that ``text`` says.

    :raises ResultFault: by ``result-option`` if it says none.
    """
    if len(text) > MAX_LENGTH:
        raise wrong_option(f"has a ':where:' of more than {MAX_LENGTH:,} characters; store a table")
    parser = _Parser(text)
    test = parser.disjunction(0)
    if parser.kind != "end":
        raise parser.unexpected()
    return Condition(text, tuple(parser.columns), test)


class _Parser:
    """Reads a condition from left to right; ``kind`` and ``word`` are what comes next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.columns: dict[str, int] = {}
        self.tokens = self.split()
        self.kind, self.word = next(self.tokens)

    def split(self) -> Iterator[tuple[str, str]]:
        position, end = 0, len(self.text.rstrip())
        while position < end:
            match = TOKEN.match(self.text, position)
            if match is None:
                raise wrong_option(
                    f"has ':where: {self.text}', which breaks at '{self.text[position:].strip()}'; "
                    f"{EXAMPLE}"
                )
            kind = str(match.lastgroup)
            word = match[kind]
            if kind == "name" and word.lower() in WORDS:
                kind, word = "word", word.lower()
            yield kind, word
            position = match.end()
        while True:
            yield "end", "its end"

    def advance(self) -> str:
        word = self.word
        self.kind, self.word = next(self.tokens)
        return word

    def takes(self, word: str) -> bool:
        """Go on if the next word is ``word``."""
        if self.word != word or self.kind not in ("word", "sign"):
            return False
        self.advance()
        return True

    def unexpected(self) -> Exception:
        fault = f"'{self.word}' is not expected" if self.kind != "end" else "the end is missing"
        return wrong_option(f"has ':where: {self.text}', where {fault}; {EXAMPLE}")

    def expect(self, word: str) -> None:
        if not self.takes(word):
            raise self.unexpected()

    def disjunction(self, depth: int) -> Test:
        if depth > MAX_DEPTH:
            raise wrong_option("has a ':where:' that is nested too deeply; simplify it")
        test = self.conjunction(depth)
        while self.takes("or"):
            test = partial(_either, test, self.conjunction(depth))
        return test

    def conjunction(self, depth: int) -> Test:
        test = self.one(depth)
        while self.takes("and"):
            test = partial(_both, test, self.one(depth))
        return test

    def one(self, depth: int) -> Test:
        if self.takes("not"):
            if depth > MAX_DEPTH:
                raise wrong_option("has a ':where:' that is nested too deeply; simplify it")
            test = self.one(depth + 1)
            return lambda row: not test(row)
        if self.takes("("):
            test = self.disjunction(depth + 1)
            self.expect(")")
            return test
        return self.comparison()

    def comparison(self) -> Test:
        left = self.operand()
        if self.word in OPERATORS:
            return partial(_compare, OPERATORS[self.advance()], left, self.operand())
        if self.takes("is"):
            wanted = not self.takes("not")
            self.expect("missing")
            return lambda row: is_missing(left(row)) is wanted
        wanted = not self.takes("not")
        self.expect("in")
        self.expect("(")
        choices = [self.operand()]
        while self.takes(","):
            choices.append(self.operand())
        self.expect(")")
        equal = [partial(_compare, operator.eq, left, choice) for choice in choices]
        return lambda row: not is_missing(left(row)) and any(t(row) for t in equal) is wanted

    def operand(self) -> Operand:
        kind = self.kind
        if kind in ("name", "quoted"):
            name = self.advance()
            return itemgetter(self.columns.setdefault(name, len(self.columns)))
        value: Any
        if kind == "number":
            number = self.advance()
            value = int(number) if number.lstrip("-").isdigit() else float(number)
        elif kind == "string":
            value = self.advance()[1:-1]
        elif self.word in ("true", "false") and kind == "word":
            value = self.advance() == "true"
        else:
            raise self.unexpected()
        return lambda _: value


def _either(one: Test, other: Test, row: Row) -> bool:
    return one(row) or other(row)


def _both(one: Test, other: Test, row: Row) -> bool:
    return one(row) and other(row)


def _compare(compare: Compare, left: Operand, right: Operand, row: Row) -> bool:
    one, other = left(row), right(row)
    # Most are plain numbers, and files have millions; what is missing does not equal itself.
    if type(one) in PLAIN and type(other) in PLAIN and one == one and other == other:  # noqa: PLR0124
        return compare(one, other)
    if is_missing(one) or is_missing(other):
        return False
    if type(one) is type(other) is str and not (one[0].isdigit() and other[0].isdigit()):
        return compare(one, other)  # text, and not two times
    one, other = comparable(one, other)
    return compare(one, other)
