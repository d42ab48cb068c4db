"""Many bibliographies as one."""

import pytest

from sphinx_mmbook.core.bib.entry_faults import names_fault
from sphinx_mmbook.core.bib.library import Library, bibtex, find_bib_files, read_library
from sphinx_mmbook.core.bib.venue_faults import publisher_fault

COCO = (
    "@inproceedings{lin2014, author={Lin, Tsung-Yi and Maire, Michael}, year=2014,"
    " title={{Microsoft COCO}: Common Objects in Context}"
)


@pytest.fixture
def library(tmp_path):
    def read(**files):
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / f"{name}.bib").write_bytes(data)
        return read_library(tmp_path, sorted(f"{name}.bib" for name in files))

    return read


def rules(library):
    return [(str(fault.location), fault.rule) for fault in library.findings]


def test_the_same_work_in_other_words_is_one(library):
    other = """@InProceedings{lin2014,
      Title = "Microsoft {COCO}: common objects
               in context", YEAR = {2014}, doi = {10.1/x},
      author = "Tsung-Yi Lin and others" }"""
    read = library(a=COCO + "}", b=other)
    assert rules(read) == []
    assert read.entries["lin2014"].get("doi") == "10.1/x"  # filled in from the second
    assert len(read.entries["lin2014"].authors) == 2


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("title", "@misc{lin2014, title={Another}, author={Lin, T.}, year=2014}"),
        ("year", "@misc{lin2014, title={Microsoft COCO: Common Objects in Context}, year=2015}"),
        ("author", "@misc{lin2014, author={Chen, X.}, year=2014}"),
    ],
)
def test_a_key_of_two_works_names_both_files(library, field, other):
    read = library(a=COCO + "}", b="\n" + other)
    assert rules(read) == [("b.bib:2", "bib-key-conflict")]
    assert "a.bib:1" in read.findings[0].message
    assert f"({field} '" in read.findings[0].message
    assert read.entries["lin2014"].path == "a.bib"


def test_the_same_doi_is_the_same_work(library):
    read = library(a="@misc{x, title={A}, doi={10.1/A}}", b="@misc{x, title={B}, doi={10.1/a}}")
    assert rules(read) == []


def test_keys_that_differ_in_case(library):
    read = library(a="@misc{IPCC2021, title={A}}", b="@misc{ipcc2021, title={A}}")
    assert rules(read) == [("b.bib:1", "bib-key-case")]
    assert read.findings[0].message.endswith("'IPCC2021' (a.bib:1); write 'IPCC2021'")
    assert bibtex(read.entries).lower().count("ipcc2021") == 1


def test_files_that_are_no_bibliographies(library, monkeypatch):
    monkeypatch.setattr("sphinx_mmbook.core.bib.library.MAX_BYTES", 100)
    read = library(
        a=b"@misc{a,\n title={M\xfcller}}", b="", c="x" * 101, d="\ufeff@misc{d,\r\n year=1}"
    )
    assert rules(read) == [
        ("a.bib:2", "bib-encoding"), ("b.bib", "bib-empty"), ("c.bib", "bib-size"),
    ]  # fmt: skip
    assert [fault.level for fault in read.findings] == ["error", "info", "error"]
    assert list(read.entries) == ["d"]


def test_a_broken_entry_conflicts_with_nothing(library):
    read = library(a="@misc{x, title={A}}", b="@misc{x, title={B}, year={20")
    assert rules(read) == [("b.bib:1:26", "bib-syntax")]


def test_the_merged_file_depends_only_on_the_works(library):
    one = library(a="@misc{b, title={B}, year=1}\n@misc{a, note={n}}")
    text = bibtex(one.entries)
    two = library(a="@misc{a, note={n}}", b='@MISC{b,\n  year="1",  title={B}}')
    assert bibtex(two.entries) == text
    assert text == "@misc{a,\n  note = {n},\n}\n\n@misc{b,\n  title = {B},\n  year = {1},\n}\n"


def test_suggestions():
    library = Library({"lin2014coco": None, "Vaswani2017": None})
    assert library.suggest("lin2014cocoo") == "lin2014coco"
    assert library.suggest("vaswani2017") == "Vaswani2017"
    assert library.suggest("entirely-different") == ""


def test_files_are_found_by_themselves(tmp_path):
    book, outside = tmp_path / "book", tmp_path / "outside"
    for name in ("z.bib", "chapters/a/references.bib", ".git/x.bib", "_build/y.bib", "a/.h.bib"):
        (book / name).parent.mkdir(parents=True, exist_ok=True)
        (book / name).write_text("")
    outside.mkdir()
    (outside / "o.bib").write_text("")
    (book / "link.bib").symlink_to(outside / "o.bib")
    (book / "linked").symlink_to(outside)
    found = find_bib_files(book, lambda path: path == "_build")
    assert found == ("chapters/a/references.bib", "link.bib", "z.bib")


def test_a_link_out_of_the_book_is_told_and_not_read(tmp_path):
    """It was left out in silence, and its works were to be added to the chapter's file."""
    book = tmp_path / "book"
    book.mkdir()
    (tmp_path / "all.bib").write_text("@misc{a, title={A}}\n")
    (book / "link.bib").symlink_to("../all.bib")
    (found,) = read_library(book, ["link.bib"]).findings
    assert (found.rule, found.location.path) == ("bib-unreadable", "link.bib")
    assert "leads out of the book" in found.message
    assert "a" in read_library(book, ["link.bib"], named=["./link.bib"]).entries
    (tmp_path / "all.bib").rename(tmp_path / "secret")
    (book / "link.bib").unlink()
    (book / "link.bib").symlink_to("../secret")
    assert not read_library(book, ["link.bib"], named=["link.bib"]).entries


def test_people_are_written_by_their_role_and_so_that_nothing_in_a_name_divides_it(library):
    names = "Lin, T. and {Barnes and Noble} and de Vries, Jr., Ann and others"
    fields = f"author={{{names}}}, editor={{Ed, E.}}, title={{A {{B}}}}, note={{lost}}"
    (written,) = bibtex(library(a=f"@book{{k, {fields}}}").entries).split("\n\n")
    assert (
        "  author = {{Lin}, T. and {Barnes and Noble} and {de Vries}, Jr., Ann and others},\n"
        in written
    )
    assert "  editor = {{Ed}, E.},\n" in written and "  title = {A {B}},\n" in written


def test_a_press_gets_all_its_capitals() -> None:
    assert "write 'Cambridge University Press'" in publisher_fault("Cambridge university press")


def test_titles_behind_a_name_are_not_told_to_be_names() -> None:
    assert names_fault("C. S. Durst, O.B.E, B.A").endswith("not a part of the name; leave it out")
    assert "put 'and' between names" in names_fault("CIMNE, ITEC, INGENIAR, ERN")


def test_an_and_without_a_name_beside_it_fails_no_rule() -> None:
    for names in ("and", "Lin, Ann and", "and Lin, Ann", "Lin, Ann and and Kim, Bo"):
        assert names_fault(names) == "an 'and' has no name on one side; leave it out"
    assert not names_fault("")
