"""What messages say: the repair must be that of the case, and no word changes unseen.

``messages.txt`` has all findings of all fixtures, with their repairs; ``test_rules.py`` compares
them. Who changes a message runs the last test here with ``MMBOOK_ACCEPT=1`` and reads the difference in the file.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rules.test_rules import FIXTURES, MESSAGES, blocks, messages_of
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge

INDEX = "# Book\n\n```{toctree}\n:numbered:\n\na\nsome-page\n```\n"
OTHER = "---\ntitle: Some page\nlabel: sec-some\n---\n\nText.\n"
CASES = {
    "a formula in a paragraph": ("Text\n$$\na\n$$\n", "with an empty line before"),
    "a formula of LaTeX": ("\\begin{align}\na\n\\end{align}\n", r"add one, such as '\label{eq-…}'"),
    "a formula in dollars": ("$$\na \\tag{1}\n$$ (a_b)\n", "write 'a-b'"),
    "a name after a conjunction": (
        "It grows, because ({cite:t}`lin`) says so.\n",
        "prints parentheses in parentheses; write {cite:t}`lin`",
    ),
    "no name": (
        "It grows ({cite:t}`lin`).\n",
        "prints parentheses in parentheses; write {cite:p}`lin`",
    ),
    "layout": ("\\newpage\n", "'\\newpage' is printed as it is; delete it"),
    "label": ("\\label{a} Text\n", "write ':name: …'"),
    "number of a link": (
        "[Chapter 7](#SEC-some)\n",
        "its link leads to 2: write {numref}`sec-some`",
    ),
    "number of a formula": ("$$\na\n$$ (eq-a)\n\n[Equation 1](#eq-a)\n", "hand; write {eq}`eq-a`"),
    "number in parentheses": ("([**chapter 2**](#sec-some))\n", "hand; write {numref}`sec-some`"),
    "number of a page": ("chapter [2](some-page.md)\n", "hand; write {numref}`sec-some`"),
    "number": ("See chapter 2.\n", "write {numref}`sec-some` if that is meant"),
    "page of the website": ("[a](./some-page.html)\n", "link to the source './some-page.md'"),
    "label of the website": ("[a](sec-some.html)\n", "link to the source '#sec-some'"),
    "a formula that is printed": (
        "- Item\n\\begin{equation}\na \\label{eq-1}\n\\end{equation}\n\n{eq}`eq-1`\n",
        "its '\\label' at a.md:5:3 is printed as text: it is in no formula",
    ),
    "a number of a series": (
        "$$\na\n$$ (eq-loss-2)\n\n{eq}`eq-loss-3`\n",
        "'eq-loss-3'; define it, or correct it",
    ),
    "a number with a zero": (
        "$$\na\n$$ (eq-loss-02)\n\n{eq}`eq-loss-2`\n",
        "did you mean 'eq-loss-02'?",
    ),
    "a directive in HTML": ("<center>\n:::{note}\n:::\n", "next empty line, ':::{note}' included"),
    "blank": ("[a](# Sec Some)\n", "write '#sec-some'"),
    "quotes": ('[a]("https://example.org")\n', "the quotes make 'https://example.org' no address"),
    "equation of bookdown": ("See \\@ref(eq:A_b).\n", "write {eq}`eq-a-b`"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_advice_is_that_of_the_case(name: str, tmp_path: Path) -> None:
    text, advice = CASES[name]
    (tmp_path / "index.md").write_text(INDEX)
    (tmp_path / "some-page.md").write_text(OTHER)
    (tmp_path / "a.md").write_text(f"# A\n\n{text}")
    found = [finding.message for finding in judge(load_book(tmp_path))]
    assert any(advice in message for message in found), found


def test_messages_are_those_that_were_read() -> None:
    """Each fixture's are compared where it is judged; here, none is left of a fixture that is gone."""
    if os.environ.get("MMBOOK_ACCEPT"):
        said = filter(None, map(messages_of, FIXTURES))
        MESSAGES.write_text("\n".join(said) + "\n", "utf-8")
    names = {f"{file.parent.name}/{file.name}" for file in FIXTURES}
    assert blocks(MESSAGES.read_text("utf-8")).keys() <= names
