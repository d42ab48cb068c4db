"""What stands in the text and in the lists."""

import pytest

from sphinx_mmbook.core.bib.cite import Target, author_years, cite, parse_targets
from sphinx_mmbook.core.bib.entry import BibEntry
from sphinx_mmbook.core.bib.library import read_library
from sphinx_mmbook.core.bib.normal_form import normalise
from sphinx_mmbook.core.bib.parse import parse_bib
from sphinx_mmbook.core.bib.reference_style import reference, web_address

WORKS = r"""
@inproceedings{lin, author={Lin, Tsung-Yi and Maire, Michael and Belongie, Serge}, year=2014,
  title={{Microsoft COCO}: Common Objects in Context}, booktitle={Computer Vision -- {ECCV} 2014},
  editor={Fleet, David and Pajdla, Tomas}, pages={740-755}, publisher={Springer},
  doi={10.1007/978-3-319-10602-1_48}}
@misc{cornia, author={Cornia, M. and others}, title={Meshed}, year=2020, eprint={1912.08226},
  archiveprefix={arXiv}}
@article{two, author={de Vries, Ann-Marie and B., Bo}, title={What?}, journal={J. {\o}f X},
  volume=3, number=4, pages={1--2}, year=2020}
@misc{xa, author={X, A.}, title={Beta}, year=2020}
@misc{xb, author={X, A.}, title={Alpha}, year=2020}
@misc{none, title={Nobody's}, url={javascript:alert(1)}}
@misc{body, author={{Barnes and Noble}}, title={T}, url={https://example.org/a\_b}}
@phdthesis{thesis, author={D, E}, title={On It}, school={LMU}, year=1999}
@book{book, editor={E, F}, title={Whole}, edition={Second}, publisher={P}, year=2001}
"""
ENTRIES = {entry.key: normalise(entry) for entry in parse_bib(WORKS, "a.bib")[0]}
LABELS = author_years(ENTRIES.values(), "en")


def text(role, targets, language="en"):
    known = author_years(ENTRIES.values(), language)
    return "".join(part.text for part in cite(role, parse_targets(targets), known, language))


@pytest.mark.parametrize(
    ("role", "targets", "shown"),
    [
        ("t", "lin", "Lin et al. (2014)"),
        ("p", "lin,cornia", "(Lin et al., 2014; Cornia et al., 2020)"),
        ("p", "{see}lin{p. 5}", "(see Lin et al., 2014, p. 5)"),
        ("t", "{see}lin{p. 5}", "Lin et al. (see 2014, p. 5)"),
        ("ts", "lin", "Lin, Maire, and Belongie (2014)"),
        ("ps", "two", "(de Vries and B., 2020)"),
        ("ct", "two", "De Vries and B. (2020)"),
        ("p", "xa, xb", "(X, 2020b, 2020a)"),
        ("p", "xa{p. 1}, xb", "(X, 2020b, p. 1; X, 2020a)"),
        ("t", "xa, lin, two", "X (2020b), Lin et al. (2014), and de Vries and B. (2020)"),
        ("p", "none", "(Nobody’s, n.d.)"),
        ("p", "body", "(Barnes and Noble, n.d.)"),
        ("p", "lin, missing", "(Lin et al., 2014; missing?)"),
        ("alp", "lin", "Lin et al., 2014"),
        ("year", "lin", "2014"),
        ("yearpar", "lin", "(2014)"),
        ("author", "lin", "Lin et al."),
        ("authorpars", "two", "(de Vries and B.)"),
        ("cauthors", "two", "De Vries and B."),
        ("label", "lin", "Lin et al., 2014"),
        ("empty", "lin", ""),
    ],
)
def test_citations(role, targets, shown):
    assert text(role, targets) == shown


def test_citations_in_german():
    assert text("p", "two, none", "de") == "(de Vries und B., 2020; Nobody’s, o. J.)"
    assert text("t", "xa,xb,lin", "de_AT") == "X (2020b), X (2020a) und Lin et al. (2014)"


def test_links_lead_to_the_entries():
    parts = cite("p", parse_targets("{see}lin{p. 5}"), LABELS, "en")
    assert [(part.text, part.key) for part in parts if part.key] == [("Lin et al., 2014", "lin")]


def test_only_cited_works_get_letters():
    assert author_years([ENTRIES["xa"]], "en")["xa"].year == "2020"
    assert (LABELS["xb"].year, LABELS["xa"].year) == ("2020a", "2020b")


@pytest.mark.parametrize("bad", ["", " ", "a b", "a,,b", "{see}", "a{p. 5", "a,"])
def test_malformed_targets(bad):
    with pytest.raises(ValueError, match="not a list of keys"):
        parse_targets(bad)


def test_targets():
    assert parse_targets(" {see also} a {p. 5} ,b") == (
        Target("a", "see also", "p. 5"), Target("b"),
    )  # fmt: skip
    assert len(parse_targets(",".join("k" * 5000))) == 5000


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("lin", "Lin, T.-Y., Maire, M., and Belongie, S. (2014). Microsoft COCO: Common Objects in "
         "Context. In D. Fleet and T. Pajdla (Eds.), Computer Vision – ECCV 2014 (pp. 740–755). "
         "Springer. https://doi.org/10.1007/978-3-319-10602-1_48"),
        ("cornia", "Cornia, M., et al. (2020). Meshed. arXiv:1912.08226"),
        ("two", "de Vries, A.-M. and B., B. (2020). What? J. øf X, 3(4), 1–2."),
        ("xa", "X, A. (2020b). Beta."),
        ("none", "Nobody’s (n.d.). javascript:alert(1)"),
        ("body", "Barnes and Noble (n.d.). T. https://example.org/a_b"),
        ("thesis", "D, E. (1999). On It (Doctoral dissertation). LMU."),
        ("book", "E, F. (Ed.) (2001). Whole (2nd ed.). P."),
    ],
)  # fmt: skip
def test_references(key, shown):
    assert "".join(span.text for span in reference(ENTRIES[key], LABELS[key], "en")) == shown


def test_only_web_addresses_are_links():
    links = {
        key: [span.url for span in reference(ENTRIES[key], LABELS[key], "en") if span.url]
        for key in ENTRIES
    }
    assert links["none"] == []
    assert links["body"] == ["https://example.org/a_b"]
    assert links["cornia"] == ["https://arxiv.org/abs/1912.08226"]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (r"\url{https://example.org/a\_b}", "https://example.org/a_b"),
        ("{http://example.org/50%}", "http://example.org/50%"),
        (" ftp://example.org ", "ftp://example.org"),
        ("https:example.org", ""),
        ("//example.org/a", ""),
        ("ssh://example.org", ""),
        ("http://[1", ""),
    ],
)
def test_a_web_address_has_a_known_protocol_and_a_host(url, address):
    assert web_address(url) == address


@pytest.mark.parametrize(
    ("edition", "language", "shown"),
    [
        ("3", "en", "3rd ed."),
        ("Second", "en", "2nd ed."),
        ("fifth", "en", "5th ed."),
        ("Seventh", "en", "7th ed."),
        ("21st", "en", "21st ed."),
        ("11", "en", "11th ed."),
        ("3rd", "de", "3. Aufl."),
        ("2", "de", "2. Aufl."),
        ("Revised", "en", "Revised ed."),
    ],
)
def test_the_number_of_an_edition_is_read_in_the_language_of_the_book(
    tmp_path, edition, language, shown
):
    (tmp_path / "a.bib").write_text(f"@book{{a, title={{T}}, edition={{{edition}}}}}")
    entry = read_library(tmp_path, ["a.bib"]).entries["a"]
    spans = reference(entry, author_years([entry], language)["a"], language)
    assert f"({shown})" in "".join(span.text for span in spans)


def test_long_lists_of_authors_are_cut(tmp_path):
    names = " and ".join(f"Name{n}, A." for n in range(30))
    (tmp_path / "a.bib").write_text(f"@misc{{a, author={{{names}}}, title={{T}}}}")
    entry = read_library(tmp_path, ["a.bib"]).entries["a"]
    shown = reference(entry, author_years([entry], "en")["a"], "en")[0].text
    assert shown.count("Name") == 20
    assert shown.endswith("Name18, A., … Name29, A.")


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        (
            "booktitle={P}, series={PMLR}, volume={139}, pages={1--2}",
            "In P (PMLR, Vol. 139, pp. 1–2).",
        ),
        ("booktitle={P}, pages={7}", "In P (p. 7)."),
        ("booktitle={P}, pages={7+}", "In P (pp. 7+)."),
        ("booktitle={P}, series={LNCS}, number={7}", "In P (LNCS, 7)."),
        ("booktitle={P}, series={LNCS}", "In P (LNCS)."),
        ("booktitle={P}, volume={3}", "In P (Vol. 3)."),
    ],
)
def test_works_in_proceedings_name_their_series(tmp_path, fields, shown):
    (tmp_path / "a.bib").write_text(
        f"@inproceedings{{a, author={{A, B.}}, title={{T}}, year=2021, {fields}}}"
    )
    entry = read_library(tmp_path, ["a.bib"]).entries["a"]
    spans = reference(entry, author_years([entry], "en")["a"], "en")
    assert "".join(span.text for span in spans) == f"A, B. (2021). T. {shown}"


def test_a_work_without_an_address_ends_with_its_stop():
    entry = BibEntry("a", "misc", {"title": "A loss", "author": "Lin, T.", "year": "2014"})
    shown = reference(entry, author_years([entry], "en")["a"], "en")
    assert "".join(span.text for span in shown) == "Lin, T. (2014). A loss."


def test_names_without_capitals_have_no_initials():
    """The list had "王, 小."."""
    entry = BibEntry("a", "misc", {"title": "T", "author": "王, 小明 and Иванова, Ольга"})
    shown = reference(entry, author_years([entry], "en")["a"], "en")[0].text
    assert shown == "王, 小明 and Иванова, О."
