"""The reference is current, and names all that a book can say to the extension."""

from __future__ import annotations

import argparse
import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sphinx_mmbook.cli import COMMANDS, make_parser
from sphinx_mmbook.core.people.chapter_metadata import Chapter
from sphinx_mmbook.core.people.people import ROLES

ROOT = Path(__file__).parent.parent
_SPEC = importlib.util.spec_from_file_location("make_reference", ROOT / "docs/make_reference.py")
make_reference = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(make_reference)


def page(name: str) -> str:
    return (ROOT / "docs" / "reference" / f"{name}.md").read_text("utf-8")


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield name
                yield from options(inner)
        elif not isinstance(action, argparse._HelpAction):
            yield from action.option_strings


def words_of_calls(function: str) -> set[str]:
    """Return the first arguments of the calls ``function("word")`` of the package."""
    found = set()
    for file in (ROOT / "sphinx_mmbook").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(function):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


@pytest.mark.parametrize("path", sorted(make_reference.pages()))
def test_a_page_made_from_the_code_is_current(path: str) -> None:
    """Write it with: python docs/make_reference.py."""
    assert (ROOT / "docs" / path).read_text("utf-8") == make_reference.pages()[path]


def test_what_a_book_has_because_of_the_extension_is_in_the_reference() -> None:
    ours = make_reference.added()
    assert {"stored-table", "stored-models", "stored-figure", "byline"} <= ours.directives.keys()
    assert {"stored", "cite", "cite:t"} <= ours.roles.keys()
    assert "mmbook_rules" in ours.settings
    for name, directive in ours.directives.items():
        section = page("directives").split(f"## `{{{name}}}`\n")[1].split("\n## ")[0]
        for option in directive.option_spec or {}:
            assert f"| `:{option}:` |" in section, (name, option)
    for name in ours.roles:
        assert f"`{{{name}}}`" in page("roles"), name
    for name in ours.settings:
        assert f"| `{name}` |" in page("settings"), name


def test_a_directive_whose_option_is_not_described_makes_no_page() -> None:
    class Silent:
        """Says nothing of its option."""

        required_arguments, optional_arguments, has_content = 0, 0, False
        option_spec, described = {"colour": str}, {}

    with pytest.raises(AssertionError, match="silent"):
        make_reference.directive_section("silent", Silent)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_in_the_reference(name: str) -> None:
    command = next(a for a in make_parser()._actions if isinstance(a, argparse._SubParsersAction))
    text = page("commands").split(f"## `mmbook {name}`\n")[1]
    for option in options(command.choices[name]):
        assert re.search(rf"`(mmbook {name} )?{option}( [A-Z]+)?`", text), option


def test_every_field_that_the_code_reads_is_in_the_reference() -> None:
    known = set(re.findall(r"^\| `(\w+)` \|", page("fields"), re.MULTILINE))
    read = words_of_calls("front.fields.get") | words_of_calls("read.fields.get")
    assert {"title", "label", "keywords"} <= read <= known
    assert {*Chapter._fields, *ROLES} - {"credits"} <= known


def test_every_comment_that_the_code_reads_is_in_the_reference() -> None:
    text = "".join(
        f.read_text("utf-8") for f in (ROOT / "sphinx_mmbook/core/provenance").glob("*.py")
    )
    declared = set(re.search(r"mmbook-\(([a-z|]+)\)", text)[1].split("|"))
    assert declared == set(re.findall(r"`# mmbook-(\w+):", page("files")))


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in (
        "docs/rules.md",
        "docs/reference/",
        "docs/ARCHITECTURE.md",
        "docs/CONTRIBUTING.md",
    ):
        assert f"]({name})" in readme, name
    index = page("README")
    for path in make_reference.pages():
        assert f"({path.removeprefix('reference/')})" in index.replace("../", ""), path
