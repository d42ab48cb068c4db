"""Reading .bib files: what is sound, what is broken, and where."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patience import patience
from sphinx_mmbook.core.bib.latex_text import Span, plain_text, spans
from sphinx_mmbook.core.bib.library import bibtex, merge
from sphinx_mmbook.core.bib.names import PersonName, parse_persons
from sphinx_mmbook.core.bib.normal_form import normalise
from sphinx_mmbook.core.bib.parse import parse_bib, with_parents


def parse(text):
    return parse_bib(text, "a/references.bib")


def faults(text):
    return [(str(fault.location), fault.rule) for fault in parse(text)[1]]


def test_entry_with_fields_and_lines():
    text = """\
Text between entries is a comment, also mail@example.org.
% @article{no, title={commented out}}
@string{nips = "Advances in " # {NIPS}}
@comment{jabref-meta: x}
@Article(key-1,
  Title = "A {B"} c" # { and } # 7,
  journal = nips, year = 2014, month = jun,
)
@misc{key-2, note={same line}}@misc{key-3}
"""
    (one, two, three), findings = parse(text)
    assert findings == ()
    assert (one.key, one.type, one.line) == ("key-1", "article", 5)
    assert one.fields == {
        "title": 'A {B"} c and 7', "journal": "Advances in NIPS", "year": "2014", "month": "June",
    }  # fmt: skip
    assert one.lines == {"title": 6, "journal": 7, "year": 7, "month": 7}
    assert (two.fields["note"], two.line, three.key) == ("same line", 9, "key-3")


GOOD = "\n@misc{good, title={Fine}}\n"


@pytest.mark.parametrize(
    ("text", "place", "kept"),
    [
        ("@misc{a, title={open\n}\n", "a/references.bib:1:1", {"a"}),
        ("@misc{a,\n  title={x}\n", "a/references.bib:1:1", {"a"}),
        ("@misc{a,\n  title={x}\n  year=2014,\n}", "a/references.bib:3:3", {"a"}),
        ("@misc{a\n  title={x},\n}", "a/references.bib:1:1", {"a"}),
        ("@misc{,\n  title={x},\n}", "a/references.bib:1:1", set()),
        ("@misc{title={x}}", "a/references.bib:1:1", set()),
        ("@misc{Lin 2014, title={x}}", "a/references.bib:1:1", set()),
        ("@article a, title={x}}", "a/references.bib:1:1", set()),
        ('@misc{a, title="x}', "a/references.bib:1:16", {"a"}),
        ("@misc{a, title=, year=2014}", "a/references.bib:1:16", {"a"}),
        ("@misc{a, year=2014, month=Juni}", "a/references.bib:1:27", {"a"}),
        ("@misc{a, {x}}", "a/references.bib:1:10", {"a"}),
    ],
)
def test_a_broken_entry_is_one_finding_and_loses_no_other(text, place, kept):
    entries, findings = parse(text + GOOD)
    broken = [entry.key for entry in entries if entry.broken]
    assert {entry.key for entry in entries} == kept | {"good"}
    assert set(broken) == kept
    assert [(str(fault.location), fault.rule) for fault in findings] == [(place, "bib-syntax")]


def test_an_entry_behind_text_is_read_also_before_all_others():
    text = "Taken from a list: @misc{a, title={A}}\n@misc{b, title={B}}\n"
    assert [entry.key for entry in parse(text)[0]] == ["a", "b"]


def test_a_field_of_jabref_whose_name_begins_with_a_line_is_read():
    (entry,), findings = parse("@misc{a, __markedentry = {[jo:]}, year = 2014}")
    assert findings == ()
    assert entry.fields["year"] == "2014"


def test_same_key_and_same_field_twice():
    assert faults("@misc{a, year=1, YEAR=2}\n@misc{b}\n@misc{a}") == [
        ("a/references.bib:1:18", "bib-field-twice"),
        ("a/references.bib:3", "bib-key-twice"),
    ]


def test_parents_give_what_children_lack():
    text = "@inproceedings{c, title={T}, crossref={p}}\n@proceedings{p, title={P}, year=2014}"
    entries = with_parents({entry.key: entry for entry in parse(text)[0]})
    assert entries["c"].fields["booktitle"] == "P"
    assert (entries["c"].fields["title"], entries["c"].fields["year"]) == ("T", "2014")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"M{\"u}ller", "Müller"), (r'M\"uller', "Müller"), (r"\v{S}\'{\i}\c c", "Šíç"),
        (r"Stra\ss e \O rsted \AA", "Straße Ørsted Å"), ("740--755---x", "740–755—x"),
        (r"100\% \& ``q'' a~b", "100% & “q” a\u00a0b"), (r"{{A} {B}}", "A B"),
        (r"$\beta$-VAE, $L_2$, $\lambda$", "β-VAE, L2, λ"),
        (r"$\mathcal{O}(n \log n)$, $x \in \mathbb{R}$", "O(n logn), x ∈R"),
        (r"Don{\textquotesingle}t", "Don't"), (r"\unknown{x} \textsc{Y}", "x Y"),
        ("}{ \\", ""), ("two\n  lines", "two lines"),
    ],
)  # fmt: skip
def test_latex_becomes_text(latex, text):
    assert plain_text(latex).strip("\\ ") == text


def test_latex_keeps_emphasis_and_links():
    assert spans(r"a \emph{b {\bf c}} {\em d} $x^2$ \url{http://e.org/~f--g_h}") == (
        Span("a "), Span("b ", "emph"), Span("c", "strong"), Span(" "), Span("d", "emph"),
        Span(" x"), Span("2", "sup"), Span(" "),
        Span("http://e.org/~f--g_h", "link", "http://e.org/~f--g_h"),
    )  # fmt: skip


def test_a_switch_of_latex_ends_with_its_braces_and_means_nothing_outside_of_any():
    assert spans(r"a \em b {\bf c {\em d} e} f") == (
        Span("a b "), Span("c ", "strong"), Span("d", "emph"), Span(" e", "strong"), Span(" f"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("names", "people"),
    [
        ("Lin, Tsung-Yi and Michael Maire", [("Lin", "Tsung-Yi"), ("Maire", "Michael")]),
        ('A{\\"a}ron van den Oord', [("van den Oord", "Aäron")]),
        ("de la Cruz, Juan", [("de la Cruz", "Juan")]),
        ("{Barnes and Noble} and others", [("Barnes and Noble", ""), ("others", "")]),
        ("OpenAI", [("OpenAI", "")]),
        ("", []),
        (" and , and Doe, J.", [("Doe", "J.")]),
    ],
)
def test_names(names, people):
    found = parse_persons(names)
    assert [(person.family, person.given) for person in found] == people


def test_name_with_suffix():
    assert parse_persons("King, Jr., Martin Luther") == (
        PersonName("King", "Martin Luther", "Jr."),
    )


def normal(text):
    return normalise(parse(text)[0][0])


def test_biblatex_becomes_bibtex():
    entry = normal(
        "@online{a, title={T}, subtitle={S}, date={2020-03-01}, journaltitle={J},"
        " doi={https://doi.org/10.1/x\\_y}, eprint={2001.01234v2}, archiveprefix={arXiv}}"
    )
    assert entry.type == "misc"
    assert entry.fields == {
        "title": "T: S", "year": "2020", "month": "March", "journal": "J", "doi": "10.1/x_y",
        "eprint": "2001.01234", "eprinttype": "arxiv",
    }  # fmt: skip
    assert normal("@thesis{a, type={mathesis}, institution={LMU}}").type == "mastersthesis"
    assert normal("@thesis{a, type={phdthesis}, institution={LMU}}").fields["school"] == "LMU"


@pytest.mark.parametrize(
    "field",
    ["journal={arXiv preprint arXiv:1706.03762}", "url={https://arxiv.org/abs/1706.03762v5}"],
)
def test_arxiv_numbers_are_found_where_exporters_put_them(field):
    assert normal(f"@article{{a, {field}}}").fields["eprint"] == "1706.03762"


SNIPPETS = st.sampled_from(
    ["@article{k,", "@misc{", "@string{x=", "@comment{", "title", "=", "{", "}", '"', ",", "#",
     "\n", "\\", "%", " and ", "author", "2014", "(", ")", "$", "~", "é", "\0", "--", "@", "crossref",
     "\\'", "k}", "doi", "month=jan"]
)  # fmt: skip


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=300), st.lists(SNIPPETS, max_size=60).map("".join)))
def test_any_text_is_read_and_written_back(text):
    """No text fails, all locations exist, and pybtex reads what we write."""
    from pybtex.database.input.bibtex import Parser

    entries, findings = parse(text)
    lines = text.count("\n") + 1
    assert all(1 <= fault.location.line <= lines for fault in findings)
    assert all(1 <= entry.line <= lines for entry in entries)
    merged, _ = merge(map(normalise, entries))
    read = Parser().parse_string(bibtex(with_parents(merged)))
    assert {key.casefold() for key in merged} == {key.casefold() for key in read.entries}


@settings(max_examples=100)
@given(st.text(alphabet="\\{}$~^_-`'\"ab \n", max_size=200))
def test_any_latex_is_text_without_commands(latex):
    assert "{" not in plain_text(latex).replace("\\{", "") or "\\{" in latex
    assert all(span.text for span in spans(latex))


@pytest.mark.parametrize(
    "piece",
    ["@", "@a{", "{", '"', "@a{x,y={", "@misc{k,\n", "\\", "%", "@ ", "a=", "@misc{a b}", "$", " "],
)
def test_time_grows_no_faster_than_the_text(piece):
    """A quadratic reader would need minutes for half a megabyte."""
    text = "@misc{k, title={" + piece * (500_000 // len(piece))
    with patience():
        entries, _ = parse(text)
        for entry in entries:
            plain_text(entry.get("title"))


def test_strings_that_multiply_are_refused_before_they_take_memory() -> None:
    """A file of 1.4 kB took 13.7 GB."""
    names = "abcdefghijklmnopqrstuvwxyz"
    lines = ["@string{a = {" + "x" * 100 + "}}"]
    lines += [f"@string{{{new} = {' # '.join([old] * 8)}}}" for old, new in pairwise(names)]
    lines += [f"@misc{{k{n}, title = {{A}}, note = z # c}}" for n in range(5)]
    entries, findings = parse_bib("\n".join(lines), "a.bib")
    assert sum(len(field) for entry in entries for field in entry.fields.values()) < 100_000
    assert findings[0].rule == "bib-syntax" and "too much text" in findings[0].message


def test_a_name_that_many_entries_use_is_no_multiplication() -> None:
    text = "@string{j = {Journal of Everything}}\n"
    text += "".join(f"@article{{k{n}, journal = j}}\n" for n in range(5000))
    entries, findings = parse_bib(text, "a.bib")
    assert len(entries) == 5000 and not findings
    assert entries[-1].fields["journal"] == "Journal of Everything"
