"""Expressions act as those of ``re``, and are compiled when they are first asked for a match."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sphinx_mmbook
from sphinx_mmbook.core import expressions as re


def test_an_expression_acts_as_one_of_re() -> None:
    word = re.compile(r"[A-Z](?P<rest>\w+)", re.IGNORECASE)
    assert [match["rest"] for match in word.finditer("an apple")] == ["n", "pple"]
    assert word.sub("-", "An, a") == "-, a"
    assert (word.pattern, word.groups) == (r"[A-Z](?P<rest>\w+)", 1)
    assert word.fullmatch("apple", 1)


def test_what_is_no_expression_is_told_by_the_first_use() -> None:
    wrong = re.compile("(")
    with pytest.raises(re.error, match="missing \\)"):
        wrong.search("(")


def test_importing_the_rules_compiles_no_expressions() -> None:
    code = (
        "import gc; from sphinx_mmbook.core.rules.registry import all_rules; all_rules();"
        "from sphinx_mmbook.core.expressions import Expression as E;"
        "print(sum(isinstance(one, E) and len(vars(one)) > 2 for one in gc.get_objects()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 5


#: Groups of which no repetition can fail once it has begun, but for the end of the text.
PLAIN = ("_BLANK = ", "_FIELD = ", "_TOKEN = ", "_CLOSED = ", "_PUNCTUATION = ")


def test_no_group_is_possessive_which_python_before_3_11_5_reads_wrongly() -> None:
    """``(?:ab)*+`` goes on after the "a" of "abac" there (gh-106052); ``(?>(?:ab)*)`` does not."""
    package = Path(sphinx_mmbook.__file__).parent
    lines = [
        line
        for file in package.rglob("*.py")
        for line in file.read_text("utf-8").splitlines()
        if re.search(r"\)[*+?]\+", line)
    ]
    assert [line for line in lines if not line.startswith(PLAIN)] == []
    assert re.match("(?>(?:ab)*)ac", "abac")
