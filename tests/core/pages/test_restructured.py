"""Pages in reStructuredText: what the checker knows of them, and leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from patience import patience
from sphinx_mmbook.core.book.book import Book, load_book
from sphinx_mmbook.core.checking.fixing import mended
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.files.yaml_mapping import YamlMap
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.pages.restructured import elements_of
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import Block, Source

INDEX = """\
--------------
An old project
--------------

See :ref:`my_label`, :ref:`a title <Second Label>`, :numref:`fig_one`, :eq:`euler`, :doc:`guide`.

.. toctree::
   :numbered:

   guide
   The old page <old>

.. _my_label:

Section one
===========

Some ``:ref:`no_reference``` and a block of literal text::

   :ref:`no_reference`

   .. _no_label:

.. _Second Label:
.. _`a: third`:
.. _link: https://example.org

Section two
===========

.. figure:: dot.svg
   :name: fig_one
   :alt: A dot

   The caption

   And a legend, :ref:`my_label`.

.. math::
   :label: euler

   e^{i\\pi} = -1

.. note::

   .. _inside:

   Text

.. code-block:: python

   x = ":ref:`no_reference`"

.. A comment, :ref:`no_reference`
   .. _no_label:

An _`inline target`, a `phrase <https://example.org>`_ and a note [1]_.

.. [1] A footnote that refers to :ref:`my_label`.

.. include:: more.inc
"""
FILES = {
    "conf.py": "project = 'x'\nextensions = ['sphinx_mmbook']\n",
    "index.rst": INDEX,
    "more.inc": ".. _included:\n\nIncluded\n~~~~~~~~\n\n:ref:`my_label`\n",
    "old.rst": ":orphan:\n\nOld\n***\n\n:ref:`under_used` and :ref:`included`\n",
    "dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "guide.md": "# Guide\n\n{ref}`my_label`, {ref}`x <second label>`, {ref}`included`, [](old.rst), {doc}`old`,"
    " {numref}`fig_one`, {ref}`under_used`, {ref}`only_md`, {ref}`eval <from-eval>`\n\n"
    "(under_used)=\n## Used by old.rst\n\n(only_md)=\n## Used here\n\n"
    "```{eval-rst}\n.. _from-eval:\n\nText :ref:`my_label`\n```\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Book:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return load_book(tmp_path)


def test_labels_and_headings_of_rst_pages_are_known(project: Book) -> None:
    page = project.pages["index"]
    assert [(e.level, e.text) for e in page.of("heading")] == [
        (1, "An old project"), (2, "Section one"), (2, "Section two"), (3, "Included"),
    ]  # fmt: skip
    labels = [(label.name, label.kind) for label in project.facts.pages["index"].labels]
    assert labels == [
        ("my_label", "section"), ("Second Label", "section"), ("a: third", "section"),
        ("fig_one", "figure"), ("euler", "equation"), ("inside", "bare"),
        ("inline target", "bare"), ("included", "section"),
    ]  # fmt: skip
    at = project.facts.pages["index"].labels[0].at
    assert (at.line, at.column) == (13, 5)


def test_references_of_rst_pages_are_known_and_literal_text_has_none(project: Book) -> None:
    references = project.facts.pages["index"].references
    assert [item.target for item in references] == [
        "my_label", "Second Label", "fig_one", "euler", "my_label", "my_label", "my_label",
    ]  # fmt: skip
    for item in references:
        line = {**FILES, "index.rst": INDEX}[item.at.path].split("\n")[item.at.line - 1]
        assert line.startswith(item.target, item.at.column - 1)


def test_the_order_of_an_rst_project_is_known(project: Book) -> None:
    assert project.tree.order == ("index", "guide", "old")
    assert project.tree.missing == ()


def test_a_project_with_rst_pages_has_only_the_findings_of_its_markdown(project: Book) -> None:
    found = [(f.rule, f.location.path) for f in judge(project) if f.level != "info"]
    assert found == [("label-underscore", "guide.md"), ("label-underscore", "guide.md")]


def test_fix_never_renames_a_label_that_an_rst_page_uses(project: Book) -> None:
    changed = mended(project.folder, judge(project))
    assert list(changed) == ["guide.md"]
    new = changed["guide.md"][1]
    assert "(under_used)=" in new and "{ref}`under_used`" in new
    assert "(only-md)=" in new and "{ref}`only-md`" in new


def test_unknown_labels_in_rst_pages_are_found(project: Book) -> None:
    (project.folder / "old.rst").write_text("Old\n===\n\nSee :ref:`nowhere`.\n")
    found = [f for f in judge(load_book(project.folder)) if f.rule == "reference-undefined"]
    assert [(f.location.path, f.location.line) for f in found] == [("old.rst", 4)]


@pytest.mark.parametrize(
    "text",
    ["`" * 100_000, "``a" * 40_000, ":a" * 50_000, ".. _" + ":x" * 50_000, ".. a" + "::b" * 40_000,
     "_`" * 50_000, "a\n=\n" * 30_000, ".. a::\n" * 30_000, "|a" * 50_000, ".. |" + "a|" * 50_000],
)  # fmt: skip
def test_no_rst_page_keeps_the_checker_busy(text: str) -> None:
    with patience():
        elements_of(text, Location("a.rst", 1))


def test_nothing_of_a_page_in_restructuredtext_is_prose() -> None:
    text = "A\n=\n\nSee :ref:`a`.\n\n.. figure:: a.png\n\n   It falls.\n"
    page = scan(Source("a.rst", text, YamlMap("a.rst"), (Block(text),), restructured=True))
    assert list(page.of("role", "directive")) and page.prose.text == ""


@pytest.mark.parametrize(
    ("text", "roles"), [("..\n\n   :ref:`a`\n", ["a"]), ("..\n   :ref:`a`\n", [])]
)
def test_two_dots_are_a_comment_of_what_stands_right_below_them(
    text: str, roles: list[str]
) -> None:
    found = elements_of(text, Location("a.rst", 1))
    assert [item.text for item in found if item.kind == "role"] == roles
