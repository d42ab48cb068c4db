"""Models side by side, and results that are read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.results import cache, large_csv
from sphinx_mmbook.core.results.cache import ResultCache, show_table
from sphinx_mmbook.core.results.fitted_model import Model, Term
from sphinx_mmbook.core.results.model_comparison import compare, parse_comparison
from sphinx_mmbook.core.results.request import Request
from sphinx_mmbook.core.results.values.fault import ResultFault

R = Path(__file__).parents[2] / "fixtures" / "r"
AT = Location("a.md", 2)
#: As ``store`` writes a model of statsmodels: the coefficients, and beside it the fit.
COEFFICIENTS = """\
,Estimate,Std. Error,t value,Pr(>|t|),2.5 %,97.5 %
(Intercept),2.1712662921550767,0.2797941547137798,7.7602274943027725,1.43e-12,1.6,2.7
Sepal.Width,0.4958889384885507,0.0860699223088161,5.7614660857868243,4.87e-08,0.3,0.7
"""
FIT = ",value\nnobs,150.0\nr.squared,0.8673\nAIC,79.116\n"


def request(path, element=""):
    return Request(path, path.name, AT, element)


def model(path, element="", results=None):
    return (results or ResultCache()).model(request(path, element))


def rows(*models, language="en", **options):
    return compare(models, parse_comparison(options), language).rows


def test_r_and_python_side_by_side(tmp_path):
    (tmp_path / "fit.csv").write_text(COEFFICIENTS)
    (tmp_path / "fit-fit.csv").write_text(FIT)
    models = ("(1)", model(R / "lm-iris.rds")), ("(2)", model(tmp_path / "fit.csv"))
    assert rows(*models, stars="", terms="Sepal.Width=*Width*, Petal.Width") == (
        ("*Width*", "0.496***", "0.496***"),
        ("", "(0.086)", "(0.086)"),
        ("Petal.Width", "-0.315*", ""),
        ("", "(0.151)", ""),
        ("Observations", "150", "150"),
        ("R²", "0.867", "0.867"),
        ("Adjusted R²", "0.863", ""),
        ("AIC", "79.1", "79.1"),
        ("BIC", "100.2", ""),
    )


def test_terms_in_the_order_of_the_models():
    table = compare(
        [("a", model(R / "lm-intercept.rds")), ("b", model(R / "lm-weights.rds"))],
        parse_comparison({"digits": "1", "statistics": "nobs=$n$, sigma"}),
    )
    assert [row[0] for row in table.rows] == [
        "(Intercept)",
        "",
        "wt",
        "",
        "hp",
        "",
        "$n$",
        "Residual standard error",
    ]
    assert table.rows[0] == ("(Intercept)", "20.1", "38.0")
    assert table.body[6][0].authored and not table.body[2][0].authored
    assert table.notes == ("Standard errors in parentheses.",)
    assert table.header == ("", "a", "b")


def test_significant_digits_missing_values_and_no_statistics():
    found = rows(("a", model(R / "lm-aliased.rds")), significant="2", missing="–", statistics="")
    assert found == (
        ("(Intercept)", "37"), ("", "(1.6)"), ("wt", "-3.9"), ("", "(0.63)"),
        ("twice", "–"), ("", ""), ("hp", "-0.032"), ("", "(0.0090)"),
    )  # fmt: skip


def test_german_words():
    shown = compare([("a", model(R / "lm-iris.rds"))], parse_comparison({}), "de")
    assert shown.notes == ("Standardfehler in Klammern.",)
    assert "Beobachtungen" in [row[0] for row in shown.rows]


def test_element_and_other_tables(tmp_path):
    assert list(model(R / "elements.rds", "model").terms) == ["(Intercept)", "speed"]
    with pytest.raises(ResultFault, match="holds no model: it has no columns 'Estimate'"):
        model(R / "frame.rds")
    (tmp_path / "a.csv").write_text(COEFFICIENTS)
    assert model(tmp_path / "a.csv").fit == {}
    (tmp_path / "a-fit.csv").symlink_to("/etc/passwd")
    assert model(tmp_path / "a.csv").fit == {}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"terms": "Sepal.Widht"}, "the term 'Sepal.Widht', which no model has; did you mean"),
        ({"statistics": "r2"}, "the statistic 'r2', which no model has"),
        ({"digits": "x"}, "':digits: x'"),
    ],
)
def test_options_that_do_not_fit(options, says):
    with pytest.raises(ResultFault) as caught:
        rows(("a", model(R / "lm-iris.rds")), **options)
    assert says in caught.value.text


def test_a_file_is_read_once(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("model,x\nclip,1\n")
    results = ResultCache()
    for _ in range(3):
        show_table(request(path), {"rows": "1"}, results)
        results.index(request(path))
    assert results.reads == 1
    path.write_text("model,x\nclip,22\n")
    assert show_table(request(path), {}, results).rows == (("clip", "22"),)
    assert results.reads == 2


def test_a_faulty_file_is_read_once_and_reported_where_it_is_shown(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("")
    results = ResultCache()
    for line in (1, 2):
        with pytest.raises(BookError) as caught:
            show_table(Request(path, "a.csv", Location("a.md", line)), {}, results)
        assert caught.value.finding.location.line == line
    assert results.reads == 1


def test_memory_is_bounded(tmp_path):
    results = ResultCache(max_cells=1_000)
    for number in range(20):
        path = tmp_path / f"{number}.csv"
        path.write_text("x\n" + "1\n" * 200)
        results.table(request(path))
    assert len(results._known) == 3
    results.table(request(path))
    assert results.reads == 20


def test_what_is_kept_is_counted_once_however_many_results_there_are(tmp_path, monkeypatch):
    counted = []
    count = cache._cells
    monkeypatch.setattr(cache, "_cells", lambda value: counted.append(1) or count(value))
    results = ResultCache()
    for number in range(50):
        path = tmp_path / f"{number}.csv"
        path.write_text("x\n1\n")
        results.table(request(path))
        results.table(request(path))
    assert len(counted) == 50


def test_parts_of_a_large_file_are_kept_by_what_chose_them(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("x\n" + "".join(f"{n}\n" for n in range(100)))
    results, scans = ResultCache(), []
    scan = cache.scan_text
    monkeypatch.setattr(cache, "scan_text", lambda *a: scans.append(a) or scan(*a))
    small = Request(path, "a.csv", AT, max_bytes=10)
    for options in ({"where": "x > 97"}, {"where": "x > 98"}, {"where": "x > 97"}):
        show_table(small, options, results)
    assert len(scans) == 2


def test_a_file_that_disappears(tmp_path):
    with pytest.raises(ResultFault, match="cannot be opened"):
        ResultCache().table(request(tmp_path / "none.csv"))


def test_each_statistic_has_its_digits():
    digits = {"nobs": 0, "df": 0, "df.residual": 0, "AIC": 1, "BIC": 1, "logLik": 1, "deviance": 1,
              "null.deviance": 1, "sigma": 3, "r.squared": 3}  # fmt: skip
    fitted = Model({"x": Term("x", 1.0, 0.5, 0.04)}, dict.fromkeys(digits, 12.34567))
    found = rows(("a", fitted), statistics=", ".join(digits))
    shown = [row[1] for row in found[-len(digits) :]]
    assert [len(text.partition(".")[2]) for text in shown] == list(digits.values())


def test_statistics_that_no_model_has_get_no_row():
    fitted = Model({"x": Term("x", 1.0, 0.5, 0.04)}, {"nobs": 150.0})
    assert [row[0] for row in rows(("a", fitted))] == ["x", "", "Observations"]


def test_rows_of_a_large_file_are_sought_beyond_those_that_are_in_memory_at_once(
    tmp_path, monkeypatch
):
    path = tmp_path / "a.csv"
    path.write_text("x\n" + "".join(f"{n}\n" for n in range(100)))
    monkeypatch.setattr(large_csv, "CHUNK_CELLS", 10)
    small = Request(path, "a.csv", AT, max_bytes=10)
    for options, first in (
        ({"sort": "-x", "rows": "1-2"}, ("99",)), ({"where": "x > 90", "rows": "1-2"}, ("91",)),
    ):  # fmt: skip
        assert show_table(small, options, ResultCache()).rows[0] == first
