"""What pages ask of files of R and Parquet, looked for before any build."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.results.head import MAX_BYTES, cells_of

R = Path(__file__).parents[3] / "fixtures" / "r"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """The results of a book with one page."""
    folder = tmp_path / "book" / "results"
    folder.mkdir(parents=True)
    (folder.parent / "conf.py").touch()
    for name in ("lm-iris.rds", "glm-binomial.rds", "frame.rds", "list.rds", "several.Rda",
                 "matrix.rds", "table-two.rds"):  # fmt: skip
        shutil.copy(R / name, folder / name)
    frame = pd.DataFrame({"top1": [0.5], "n": [3]}, index=pd.Index(["clip"], name="model"))
    frame.to_parquet(folder / "scores.parquet")
    return folder


def found(results: Path, *lines: str) -> list[str]:
    """Return what the rules of this room say of a page."""
    (results.parent / "index.md").write_text("# Page\n\n" + "\n\n".join(lines) + "\n")
    findings = judge(load_book(results.parent))
    rules = (
        "result-value",
        "result-option",
        "result-unreadable",
        "result-extra",
        "result-too-large",
    )
    return [finding.message for finding in findings if finding.rule in rules]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("lm-iris.rds#Petal.Lenght,Estimate", "has no row 'Petal.Lenght'; did you mean"),
        ("lm-iris.rds#(Intercept),Estimat", "has no column 'Estimat'; did you mean 'Estimate'?"),
        ("glm-binomial.rds#(Intercept),t value", "has no column 't value'"),
        ("matrix.rds#nobody,none", "has no column 'none'"),
        ("table-two.rds#nobody,none", "has no column 'none'"),
        ("scores.parquet#clip,top5", "has no column 'top5'; did you mean 'top1'?"),
        ("list.rds#nothing:a,b", "has no object 'nothing'"),
        ("several.Rda#a,b", "objects"),
    ],
)
def test_misspelt_names_in_files_of_r_and_parquet_are_found(
    results: Path, value: str, said: str
) -> None:
    messages = found(results, f"{{stored}}`results/{value}`")
    assert len(messages) == 1 and said in messages[0], messages


def test_the_columns_of_a_large_parquet_file_are_known_by_its_footer(results: Path) -> None:
    numbers = range(300_000)
    pd.DataFrame({"model": map(str, numbers), "n": numbers}).to_parquet(results / "large.parquet")
    assert (results / "large.parquet").stat().st_size > MAX_BYTES
    messages = found(results, "{stored}`results/large.parquet#7,m`")
    assert len(messages) == 1 and "has no column 'm'" in messages[0], messages


@pytest.mark.parametrize(
    "value",
    [
        "lm-iris.rds#(Intercept),Estimate|.2f", "lm-iris.rds#[1],t value",
        "glm-binomial.rds#(Intercept),z value", "scores.parquet#clip,n",
        "scores.parquet#nobody,n",  # cells of Parquet files are left to the build
    ],
)  # fmt: skip
def test_names_that_are_there_are_not_found(results: Path, value: str) -> None:
    assert found(results, f"{{stored}}`results/{value}`") == []


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("a,b\n" + "1,2\n" * 1_001, "", "would be a table of 1,001 rows and 2 columns"),
        ("a," * 100 + "b\n" + "1," * 100 + "2\n", "", "would be a table of 1 rows and 101 columns"),
        ("a,b,c\n1,2,3\n", ":align: lr", "shows 3 columns, but ':align: lr' has 2 letters"),
        ("a,b\n1,2\n", ":rows: 5-9", "has no row for ':rows:' among its 1"),
        ("a,b\n1,2\n", ":header-rows: 3", "has fewer rows (2) than ':header-rows: 3'"),
        ("a,b\n1,2,3,4\n", "", "has 2 names above 4 columns"),
        ('a,b\n"1,2\n', "", "is not a CSV: unexpected end of data"),
        ("a,b\n" + "1,2\n" * 1_001, ":rows: 1-9\n:align: lr", ""),
        ("a,b\n" + "1,2\n" * 1_001, ":where: a < 1", ""),
        ("a,b\n1,2\n", ":group-by: a\n:align: l", ""),
    ],
)
def test_tables_that_only_the_build_refused_are_told(
    results: Path, text: str, options: str, said: str
) -> None:
    (results / "a.csv").write_text(text)
    messages = found(results, f"```{{stored-table}} results/a.csv\n{options}\n```")
    assert [said in message for message in messages] == ([True] if said else [])


@pytest.mark.parametrize(
    ("target", "option", "said"),
    [
        ("lm-iris.rds", ":columns: =Term, Estimat", "has no column 'Estimat'"),
        ("scores.parquet", ":digits: top5=2", "has no column 'top5'"),
        ("scores.parquet", ":where: topp > 1", "has no column 'topp'"),
        ("several.Rda", ":element: none", "has no object 'none'"),
    ],
)
def test_options_that_do_not_fit_files_of_r_and_parquet(
    results: Path, target: str, option: str, said: str
) -> None:
    messages = found(results, f"```{{stored-table}} results/{target}\n{option}\n```")
    assert len(messages) == 1 and said in messages[0], messages


@pytest.mark.parametrize(
    ("data", "known"),
    [
        ({"clip": 0.5, "vit": {"top1": 0.7, "top5": None}},
         [["clip", "0.5"], ["vit.top1", "0.7"], ["vit.top5", ""]]),
        ([{"a": 1}, {"b": 2}], [["1", ""], ["", "2"]]),
        ({"clip": {"top1": 0.5}, "vit": {"top1": 0.7}}, None),
        ({"clip": [0.5, 0.7], "vit": 1}, None),
        ({"schema": {}, "data": 1}, None),
        ({}, None),
        ([], None),
    ],
)  # fmt: skip
def test_records_and_single_values_of_json_are_known_and_other_forms_left_to_the_build(
    tmp_path: Path, data: object, known: list[list[str]] | None
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(data))
    cells = cells_of(tmp_path / "a.json")
    assert (cells and cells.rows) == known


def test_no_file_outside_of_the_book_is_read(results: Path) -> None:
    outside = results.parents[1] / "secret.csv"
    outside.write_text("password,x\n1,2\n")
    (results / "link.csv").symlink_to(outside)
    os.mkfifo(results / "pipe.csv")
    names = ("results/link.csv", "../secret.csv", "results/pipe.csv")
    said = " ".join(found(results, *(f"{{stored}}`{name}#a,passwor`" for name in names)))
    assert "password" not in said


def test_models_of_r_without_what_shows_them_are_found(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ("{stored}`results/lm-iris.rds#[1],Estimate`", "{stored}`results/matrix.rds#[1],a`",
            "```{stored-models}\nresults/glm-binomial.rds = (1)\n```")  # fmt: skip
    here = found(results, *page)
    monkeypatch.setitem(sys.modules, "scipy", None)
    advice = 'write "sphinx-mmbook[live,r]" in the book\'s pyproject.toml, then make html'
    new = [message for message in found(results, *page) if message not in here]
    assert [message.partition(" ")[0] for message in new] == [
        "'results/lm-iris.rds'", "'results/glm-binomial.rds'"
    ]  # fmt: skip
    assert all(f"needs the package scipy; {advice}" in message for message in new)


def test_a_statistic_of_a_model_is_no_row_and_the_message_says_where_it_is(results: Path) -> None:
    (message,) = found(results, "{stored}`results/lm-iris.rds#r.squared`")
    assert "'r.squared' is not a row of them; show it with {stored-models}, or let the" in message


def test_looking_into_files_of_r_loads_no_pandas(results: Path) -> None:
    (results.parent / "index.md").write_text("# A\n\n{stored}`results/lm-iris.rds#x,Estimate`\n")
    code = (
        "import sys, sphinx_mmbook.cli as cli; cli.main(['check', sys.argv[1]]);"
        "sys.exit('pandas' in sys.modules or 'scipy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(results.parent)], capture_output=True)
    assert run.returncode == 0 and b"has no row 'x'" in run.stdout, run
