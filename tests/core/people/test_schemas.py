"""The JSON Schemas that editors read say what the reader of the fields says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from sphinx_mmbook.core.book.facts import facts_of
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import source_from
from sphinx_mmbook.core.people.people import People, load_people
from sphinx_mmbook.core.people.schemas import page_schema, person_schema

PEOPLE = [
    "name: Ann",
    "name: Ann\norcid: 0000-0002-1825-0097\naffiliation: U\nurl: https://example.org\nemail: a@b.org",
    "name: Ann\naffiliations: [U, V]\ngithub: ann",
    "name: Ann\norcid: https://orcid.org/0000-0002-1825-0097",
    "nmae: Ann",
    "name: ''",
    "name: Ann\nhobby: chess",
    "name: Ann\norcid: 12",
    "name: [Ann]",
]
PAGES = [
    "title: T\nauthors: [ann]\nsupervisors: ann\nstatus: draft",
    "title: T\nauthors: Ann Example\nkeywords: [a, b]\nabstract: x",
    "title: T\nauthors:\n  - name: Ann\n    orcid: 0000-0002-1825-0097",
    "title: T\nkernelspec:\n  name: python3",
    "title: T\nstatus: done",
    "title: T\nauthors:\n  - 1",
    "title: T\nauthors:\n  - orcid: 0000-0002-1825-0097",
    "title: T\nabstract: [x]",
]


def test_both_are_schemas() -> None:
    for schema in (person_schema(), page_schema()):
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person_is_right_for_the_editor_when_it_is_for_the_check(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people/ann.yml").write_text(text, "utf-8")
    right = not load_people(tmp_path).findings
    assert Draft202012Validator(person_schema()).is_valid(yaml.safe_load(text)) is right


@pytest.mark.parametrize("text", PAGES)
def test_a_front_matter_is_right_for_the_editor_when_it_is_for_the_check(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people/ann.yml").write_text("name: Ann", "utf-8")
    page = scan(source_from("a.md", f"---\n{text}\n---\n\nText.\n"))
    people = load_people(tmp_path)
    assert isinstance(people, People)
    right = not facts_of(page, people).findings
    assert Draft202012Validator(page_schema()).is_valid(yaml.safe_load(text)) is right
