"""People files, credits and bylines as data."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.people.chapter_metadata import chapter_from
from sphinx_mmbook.core.people.people import People, Person, load_people
from sphinx_mmbook.core.translations import role_word


def people_of(tmp_path: Path, **files: str | bytes) -> People:
    (tmp_path / "people").mkdir()
    for name, text in files.items():
        data = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "people" / f"{name.replace('_', '-')}.yml").write_bytes(data)
    return load_people(tmp_path)


def test_a_person_is_one_file(tmp_path: Path) -> None:
    people = people_of(
        tmp_path,
        ann_example="name: Ann Example\norcid: https://orcid.org/0000-0002-1825-0097\n"
        "affiliations: [LMU Munich, {name: MCML}]\n",
    )
    assert people.findings == ()
    assert people.persons["ann-example"] == Person(
        "Ann Example", "ann-example", "0000-0002-1825-0097", ("LMU Munich", "MCML")
    )


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("name: [", 1, 8, "not valid YAML"),
        ("- Ann", 1, 1, "here is a list"),
        ("orcid: 1", 1, 0, "a person needs a name"),
        ("name: Ann\norcid: 0000-0002-1825-0098", 2, 1, "is not an ORCID iD"),
        ("name: Ann\nafiliation: LMU", 2, 1, "did you mean 'affiliation'?"),
        ("name: &a Ann\nurl: *a", 2, 6, "aliases"),
        (b"name: J\xf6rg", 1, 0, "not UTF-8"),
        ("# " + "x" * 70000, 1, 0, "larger than 64 KiB"),
        ("name: {a: 1}", 1, 1, "must be text"),
        ("name: " + "[" * 3000 + "]" * 3000, 1, 0, "more levels, one in the other"),
    ],
)
def test_a_broken_person_is_one_finding(
    tmp_path: Path, text: str | bytes, line: int, column: int, part: str
) -> None:
    people = people_of(tmp_path, ann=text)
    finding = people.findings[0]
    assert part in finding.message
    assert (finding.location.line, finding.location.column or 1) == (line, column or 1)
    assert finding.location.path == "people/ann.yml"


def test_unknown_id_suggests_the_nearest(tmp_path: Path) -> None:
    people = people_of(tmp_path, ann_example="name: Ann Example", broken="[")
    text = (
        "title: T\nauthors:\n  - ann-exmple\n  - broken\n  - Grace Guest\nsupervisors: ann-example"
    )
    chapter, findings = chapter_from(read_yaml_map(text, "a.md", "front-matter", 2), people)
    assert [(c.role, c.person.name) for c in chapter.credits] == [
        ("authors", "ann-exmple"),
        ("authors", "broken"),
        ("authors", "Grace Guest"),
        ("supervisors", "Ann Example"),
    ]
    (finding,) = findings  # the broken file has its own finding already
    assert finding.rule == "person-unknown"
    assert "did you mean 'ann-example'?" in finding.message
    assert finding.location == Location("a.md", 4, 5)


def test_a_person_can_be_spelt_out() -> None:
    text = "author:\n  name: Grace Guest\n  affiliation: Elsewhere\n  orcd: x"
    chapter, findings = chapter_from(read_yaml_map(text, "a.md", "front-matter"), People())
    assert chapter.credits[0].person == Person("Grace Guest", affiliations=("Elsewhere",))
    assert [str(f.location) for f in findings] == ["a.md:4:3"]


def test_fields_of_the_wrong_kind_are_findings() -> None:
    text = "title: [a]\nstatus: fnal\nkeywords: a, b\nauthors: [1, {}]"
    chapter, findings = chapter_from(read_yaml_map(text, "a.md", "front-matter"), People())
    assert chapter.keywords == ("a", "b")
    assert [f.location.line for f in findings] == [4, 4, 2, 1]
    assert "did you mean 'final'?" in findings[2].message


@pytest.mark.parametrize(
    ("role", "count", "language", "expected"),
    [
        ("authors", 1, "en", "Author"),
        ("authors", 2, "en", "Authors"),
        ("supervisors", 2, "de", "Betreuer:innen"),
        ("authors", 1, "de_DE", "Autor:in"),
        ("authors", 2, "fr", "Authors"),
    ],
)
def test_words_follow_the_language(role: str, count: int, language: str, expected: str) -> None:
    assert role_word(role, count, language) == expected


@pytest.mark.parametrize("end", ["\r", "\x85", "\u2028"])
def test_other_ends_of_lines_before_a_fault_in_yaml_are_no_exception(end: str) -> None:
    assert [item.rule for item in read_yaml_map(f"{end}*", "a.md", "front-matter").findings] == [
        "front-matter"
    ]


@given(st.text(max_size=300))
def test_any_front_matter_is_read_or_found_at_fault(text: str) -> None:
    chapter, _ = chapter_from(read_yaml_map(text, "a.md", "front-matter"), People())
    assert isinstance(chapter.title, str)


yaml_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
names = st.sampled_from(["title", "authors", "supervisors", "keywords", "abstract", "status"])


@given(st.dictionaries(names, yaml_like))
def test_any_fields_are_read_or_found_at_fault(fields: dict[str, object]) -> None:
    import yaml

    text = yaml.safe_dump(fields)
    read = read_yaml_map(text, "a.md", "front-matter")
    chapter, findings = chapter_from(read, People())
    assert all(f.location.path == "a.md" for f in findings)
    assert all(credit.person.name for credit in chapter.credits)
