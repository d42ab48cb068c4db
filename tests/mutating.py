"""Chapters with the slips that students make, judged by the check and built: both say the same.

    python tests/mutating.py SEED COUNT       prints each chapter of which only one of them complains

Each chapter has labels and keys of its own, so that no slip in one is another's.
"""

from __future__ import annotations

import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import CONF, Book
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge

CHAPTER = """\
---
title: Chapter ID
status: draft
---

(sec-ID)=
## The loss

As {cite:t}`keyID` says, *the* loss of **a model** falls, see {numref}`fig-ID` and {ref}`sec-ID`.
It costs `x = 1` and $a_1 + \\frac{b}{2}$ for each step [^note].

[^note]: A note {cite:p}`keyID`.

```{figure} ../../loss.png
:name: fig-ID
:alt: A line that falls.
:width: 80%

The loss falls {cite:p}`keyID`.
```

$$
E = m c^2
$$ (eq-ID)

By {eq}`eq-ID` and {numref}`tbl-ID`, it is so, see [the figure](#fig-ID) and [a page](../../index.md).

:::{table} Losses
:name: tbl-ID

| model | loss |
|-------|------|
| one   | 0.1  |
:::

### More

```{list-table} Rows
:name: rows-ID
:header-rows: 1

* - a
  - b
* - 1
  - 2
```

- one
- two {numref}`rows-ID`

> A quotation.

:::{note}
A note with a formula $x$.
:::

```{code-block} python
:caption: Code
:name: code-ID

x = 1
```

{numref}`code-ID` shows it.
"""
#: What a slip puts somewhere, and what it takes for something else.
PIECES = ("_", "*", "**", "`", "$", "$$", "{", "}", "[", "]", "(", ")", "\\", "#", "<", ">", ":", "|", "~", "^", "&", "%",
          "```", ":::", "---", "\n", "\n\n", "  ", "\t", "{numref}`gone`", "{ref}`gone`", "{cite:p}`gone`", "[@gone]", "\\ref{x}",
          "![](gone.png)", "[x](gone.md)", "[^x]", "<br>", "<div>", "@fig-x", "TODO")  # fmt: skip
WORDS = (
    ("figure", "figur"), ("note", "notes"), ("numref", "numreff"), ("cite:t", "citet"), (":name:", ":lable:"), (":name:", "name:"),
    (":alt:", ":alt"), ("80%", "80 percent"), ("loss.png", "los.png"), ("{eq}", "{ref}"), ("{numref}", "{eq}"), ("keyID", "KeyID"),
    ("keyID", "key ID"), ("-ID", "_ID"), ("status: draft", "status: done"), ("title: Chapter", "title: A: chapter"),
    ("title:", "titel:"), ("```\n", "``\n"), (":::\n", "::\n"), ("```{", "``` {"), ("|-------|------|\n", ""), ("  - b\n", ""),
    ("\\frac{b}{2}", "\\frac{b}{2"), ("\\frac", "\\frca"), ("## The", "##The"), ("### More", "##### More"), ("## The", "# The"),
    ("(sec-ID)=", "(sec-ID)"), ("[^note]: A", "A"), (" [^note]", ""), ("header-rows: 1", "header-rows: 2"), ("header-rows: 1", "header-rows: x"),
    ("../../index.md", "../index.md"), ("(#fig-ID)", "(#fig-x)"), ("$$ (eq-ID)", "$$"), ("{code-block} python", "{code-block} pyhton"),
    ("> A", ">A"), ("- two", "-two"), ("---\ntitle", "\n---\ntitle"), ("$x$", "$ x$"), ("`eq-ID`", "`eq-ID"), (":width:", ":widht:"),
    ("one   | 0.1", "one   | 0.1 | 2"), ("{figure} ../../loss.png", "{figure}"), ("{table} Losses", "{table}"), ("* - a", "- a"),
)  # fmt: skip


def put(text: str, chance: random.Random) -> str:
    """Put a piece somewhere."""
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(PIECES) + text[at:]


def exchange(text: str, chance: random.Random) -> str:
    """Write something in the place of what is right."""
    old, new = chance.choice([pair for pair in WORDS if pair[0] in text] or [("\n", "\n\n")])
    places = [match.start() for match in re.finditer(re.escape(old), text)]
    at = chance.choice(places)
    return text[:at] + new + text[at + len(old) :]


def drop(text: str, chance: random.Random) -> str:
    """Leave out a line."""
    lines = text.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def take(text: str, chance: random.Random) -> str:
    """Leave out some characters."""
    at = chance.randrange(len(text))
    return text[:at] + text[at + chance.choice((1, 1, 2, 5)) :]


def indent(text: str, chance: random.Random) -> str:
    """Indent a line."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    lines[at] = chance.choice((" ", "    ")) + lines[at]
    return "\n".join(lines)


def swap(text: str, chance: random.Random) -> str:
    """Exchange two lines."""
    lines = text.split("\n")
    at = chance.randrange(len(lines) - 1)
    lines[at : at + 2] = lines[at + 1], lines[at]
    return "\n".join(lines)


WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    put, put, exchange, exchange, exchange, drop, take, indent, swap,
)  # fmt: skip


def mutated(seed: str) -> str:
    """Return the chapter with one or two slips."""
    chance = random.Random(seed)
    text = CHAPTER
    for _ in range(chance.choice((1, 1, 1, 2))):
        text = chance.choice(WAYS)(text, chance)
    return text


def judged_and_built(folder: Path, texts: dict[str, str]) -> list[tuple[str, list[str], list[str]]]:
    """Return of each chapter what the check finds at error level, and of what the build warns."""
    book = Book(folder)
    files: dict[str, str | bytes] = {
        "conf.py": CONF + "mmbook_rules = {'label-underscore': 'warning', 'label-collision': 'warning'}\n",
        "index.md": "# Book\n\n```{toctree}\n:numbered:\n:glob:\n\nchapters/*/index\n```\n",
        "loss.png": b"\x89PNG\r\n\x1a\n" + bytes(64),
    }  # fmt: skip
    for name, text in texts.items():
        files[f"chapters/{name}/index.md"] = text.replace("ID", name)
        entry = (
            f"@misc{{key{name}, title={{The Loss of {name}}}, author={{Lin, {name}}}, year=2020}}\n"
        )
        files[f"chapters/{name}/references.bib"] = entry
    book.write(files)
    errors: defaultdict[str, list[str]] = defaultdict(list)
    warnings: defaultdict[str, list[str]] = defaultdict(list)
    for finding in judge(load_book(folder)):
        ours = finding.rule in ("label-underscore", "label-collision")
        if finding.level == "error" or ours:
            errors[finding.location.path].append(str(finding))
    for line in book.build(builder="dummy").warnings:
        if not re.search(r"(?:WARNING|ERROR|CRITICAL): ", line):
            continue  # docutils quotes the block below its message
        path = line.removeprefix(f"{folder}/").partition(":")[0]
        warnings[path].append(line.removeprefix(f"{folder}/"))
    paths = {f"chapters/{name}/index.md" for name in texts}
    found = [(path, errors[path], warnings[path]) for path in sorted(paths)]
    rest = [line for path, lines in warnings.items() if path not in paths for line in lines]
    return found + [("(elsewhere)", [], rest)] * bool(rest)


def disagreements(seed: str, count: int) -> list[str]:
    """Return what only one of the two says, of so many chapters."""
    texts = {f"{number:04}": mutated(f"{seed}-{number}") for number in range(count)}
    told = []
    with TemporaryDirectory() as folder:
        for path, errors, warnings in judged_and_built(Path(folder) / "book", texts):
            if bool(errors) != bool([line for line in warnings if not is_known(line)]):
                told.append("\n  ".join([f"{seed} {path}", *errors, *warnings]))
    return told


#: Words of warnings that the check does not give at error level, and why.
KNOWN: dict[str, str] = {
    "[myst.header]": "the check has it as a warning: heading-skip",
    "[misc.highlighting_failure]": "the lexers are Pygments'; the code is shown all the same",
}


def is_known(line: str) -> bool:
    """Whether a warning is one of those that may remain on one side."""
    return any(words in line for words in KNOWN)


if __name__ == "__main__":
    for start in range(0, int(sys.argv[2]), 200):
        print(
            *disagreements(f"{sys.argv[1]}-{start}", min(200, int(sys.argv[2]) - start)), sep="\n"
        )
