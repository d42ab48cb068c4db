"""Notebooks that lack what MyST-NB dies without are one finding, in check and build alike."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.pages.source import source_from
from sphinx_mmbook.core.pages.stub import fields_for_sphinx

STREAM = {"output_type": "stream", "name": "stdout", "text": ["a\n"]}
SHOWN = {
    "output_type": "display_data",
    "metadata": {},
    "data": {"text/plain": "x", "application/vnd.x+json": {"a": [1]}, "application/json": 3},
}
RAISED = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["t"]}


def read(outputs: object, cell: dict[str, Any] | None = None, **metadata: object) -> None:
    code = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": outputs, **(cell or {})}
    kept = {key: value for key, value in code.items() if value != "gone"}
    source_from("a.ipynb", json.dumps({"cells": [kept], "metadata": metadata, "nbformat": 4}))


@pytest.mark.parametrize("language", [None, {}, {"name": "python", "version": "3"}])
def test_a_notebook_as_jupyter_writes_it_is_one(language: object) -> None:
    read([STREAM, SHOWN, RAISED], kernelspec={"name": "python3"}, language_info=language)


@pytest.mark.parametrize(
    ("outputs", "cell"),
    [
        ("gone", {}), (3, {}), ([3], {}), ([[]], {}), ([{}], {}),
        ([{**STREAM, "output_type": "s"}], {}), ([{**STREAM, "name": None}], {}),
        ([{**STREAM, "text": 3}], {}), ([{**STREAM, "text": [3]}], {}),
        ([{**SHOWN, "data": None}], {}), ([{**SHOWN, "data": {"image/png": 3}}], {}),
        ([{**SHOWN, "metadata": None}], {}), ([{**RAISED, "traceback": [3]}], {}),
        ([{**SHOWN, "data": {"image/png": "x"}}], {}), ([], {"metadata": None}), ([], {"metadata": []}),
        ([], {"metadata": "gone"}), ([], {"metadata": {"tags": [3]}}), ([], {"execution_count": "x"}),
        ([], {"attachments": {"a.png": 3}}), ([], {"attachments": None}),
        ([], {"cell_type": "heading"}), ([], {"source": "gone"}), ([], {"source": {"a": 1}}),
    ],
)  # fmt: skip
def test_a_notebook_without_what_its_reader_needs_is_a_finding(
    outputs: object, cell: dict[str, Any]
) -> None:
    with pytest.raises(BookError, match="this is not a notebook of format 4"):
        read(outputs, cell)


@pytest.mark.parametrize(
    "metadata",
    [{"mystnb": None}, {"kernelspec": 3}, {"language_info": 3}, {"kernelspec": {"language": 3}},
     {"language_info": {"name": 3}}, {"language_info": {"pygments_lexer": []}}],
)  # fmt: skip
def test_a_notebook_whose_language_is_no_text_is_a_finding(metadata: dict[str, object]) -> None:
    with pytest.raises(BookError, match="this is not a notebook of format 4"):
        read([], **metadata)


@pytest.mark.parametrize(
    "version",
    [
        {},
        {"nbformat": 3},
        {"nbformat": 4, "nbformat_minor": "x"},
        {"nbformat": 4, "nbformat_minor": 6},
    ],
)
def test_a_notebook_of_another_version_is_a_finding(version: dict[str, object]) -> None:
    with pytest.raises(BookError, match="this is not a notebook of format 4"):
        source_from("a.ipynb", json.dumps({"cells": [], "metadata": {}, **version}))


@pytest.mark.parametrize(
    ("kernel", "known"),
    [
        ({"name": "python3"}, {"name": "python3", "language": "python"}),
        ({"name": "python3", "language": "ipython"}, {"name": "python3", "language": "ipython"}),
        ({"name": "ir"}, {"name": "ir"}),
        ("python3", "python3"),
    ],
)
def test_a_kernel_for_python_has_the_language_by_which_its_code_is_coloured(
    kernel: object, known: object
) -> None:
    assert fields_for_sphinx({"kernelspec": kernel}) == {"kernelspec": known}
