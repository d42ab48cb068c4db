"""Which entries stand for one work, and what shows it."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.bib.normal_form import normalise
from sphinx_mmbook.core.bib.parse import parse_bib
from sphinx_mmbook.core.bib.same_work import same_works, shared_numbers

NUMBER = "arXiv number 1912.08226"
TITLE = "title, year and first author"
PRINT = "title and authors, a preprint and what was printed"


def entries(*fields: str) -> list:
    text = "".join(f"@misc{{k{n}, {field}}}\n" for n, field in enumerate(fields))
    return [normalise(entry) for entry in parse_bib(text, "a.bib")[0]]


def works(*fields: str) -> list[tuple[str, list[str]]]:
    return [(why, [entry.key for entry in group]) for why, group in same_works(entries(*fields))]


T = "title={Attention is All}"
A = "author={Ann, A}"
#: Two entries, and what shows that they are one work; nothing: they are two.
PAIRS = [
    (f"{T}, doi={{10.48550/arXiv.1912.08226}}", f"{T}, eprint={{1912.08226}}", NUMBER),
    (f"{T}, eprint={{1912.08226}}", f"{T}, eprint={{1912.08226}}", NUMBER),
    (f"{T}, doi={{10.1/X}}", f"{T}, doi={{10.1/x}}", "DOI 10.1/x"),
    (f"{T}, doi={{10.1/x}}", "title={Nothing of the kind}, doi={10.1/x}", ""),
    ("title={abcdefghij}, doi={10.1/x}", "title={abcdefgxyz}, doi={10.1/x}", "DOI 10.1/x"),
    ("title={abcdefghij}, doi={10.1/x}", "title={abcdefvxyz}, doi={10.1/x}", ""),
    (f"{T}, {A}, year=2020", f"{T}, {A}, year=2020", TITLE),
    (f"{T}, {A}, year=2020", f"{T}, {A}, year=2021", ""),
    (f"{T}, {A}, year=2020", f"{T}, author={{Bo, B}}, year=2020", ""),
    (f"{T}, author={{Müller, A}}, year=2020", f"{T}, author={{Muller, A}}, year=2020", TITLE),
    (r"title={Attention is All}, author={M{\"u}ller, A}, year=2020", f"{T}, author={{MULLER, A}}, year=2020", TITLE),
    (f"{T}, year=2020", f"{T}, year=2020", ""),
    (f"{T}, {A}, year=2020, doi={{10.1/x}}", f"{T}, {A}, year=2020, doi={{10.1/y}}", ""),
    (f"{T}, {A}, year=2020, doi={{10.1/x}}", f"{T}, {A}, year=2020", TITLE),
    (f"{T}, {A}, year=2020, journal={{J}}, volume=1", f"{T}, {A}, year=2020, journal={{J}}, volume=2", ""),
    (f"{T}, {A}, year=2020, journal={{J}}, volume=1", f"{T}, {A}, year=2020, journal={{J}}", TITLE),
    (f"{T}, {A}, year=2020, journal={{J}}, volume=1", f"{T}, {A}, year=2020, journal={{K}}, volume=2", TITLE),
    (f"{T}, {A}, year=2020", f"{T}, {A}, year=2022, journal={{J}}", PRINT),
    (f"{T}, {A}, year=2020", f"{T}, {A}, year=2023, journal={{J}}", ""),
    (f"{T}, {A}, year=2022, journal={{arXiv}}", f"{T}, {A}, year=2020, journal={{J}}", PRINT),
    (f"{T}, {A}, year=2020, journal={{K}}", f"{T}, {A}, year=2021, journal={{J}}", ""),
    ("title={Letters}, author={Ann, A}, year=2020", "title={Letters}, author={Ann, A}, year=2020", ""),
    ("title={Lettersx}, author={Ann, A}, year=2020", "title={Lettersx}, author={Ann, A}, year=2020", TITLE),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "why"), PAIRS)
def test_two_entries_are_one_work_or_two(one: str, other: str, why: str) -> None:
    found = works(one, other)
    if not why:
        assert found == []
    else:
        ((reason, keys),) = found
        assert (reason, sorted(keys)) == (why, ["k0", "k1"])


def test_a_third_entry_joins_the_work_by_another_sign() -> None:
    found = works(
        f"{T}, {A}, year=2020, doi={{10.1/x}}", f"{T}, doi={{10.1/x}}", f"{T}, {A}, year=2020"
    )
    assert found == [("DOI 10.1/x", ["k0", "k1", "k2"])]


def test_works_of_different_titles_with_one_number_are_told() -> None:
    given = entries(
        f"{T}, doi={{10.1/x}}", "title={Nothing of the kind}, doi={10.1/x}", f"{T}, doi={{10.1/x}}"
    )
    found = [
        (field, number, one.key, other.key) for field, number, one, other in shared_numbers(given)
    ]
    assert found == [("doi", "10.1/x", "k0", "k1")]
