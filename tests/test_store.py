"""Storing results from programs: what is written, when, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sphinx_mmbook import store
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.provenance.hashing import digest, source_digest
from sphinx_mmbook.core.provenance.state import Results
from sphinx_mmbook.core.results.fitted_model import read_model
from sphinx_mmbook.core.results.request import Request, read_table
from sphinx_mmbook.storing import StoreError

RESULTS = Path(__file__).parent / "fixtures" / "r"


@pytest.fixture
def chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a chapter, in which we are."""
    folder = tmp_path / "book" / "chapters" / "a"
    for path in ("code", "data"):
        (folder / path).mkdir(parents=True)
    (tmp_path / "book" / "conf.py").touch()
    (tmp_path / "book" / "index.md").touch()
    (folder / "index.md").write_text("# A\n")
    monkeypatch.chdir(folder)
    with warnings.catch_warnings():  # this test is not a program of the book
        warnings.filterwarnings("ignore", message=".*not which program made it")
        yield folder


def run(chapter: Path, code: str, name: str = "code/x.py", cwd: Path | None = None) -> Any:
    """Run code as a program of the chapter."""
    script = chapter / name
    if not script.is_file() or script.read_text() != code:
        script.write_text(code)
        os.utime(script, (time.time() - 10,) * 2)
    command = [sys.executable, str(script)]
    return subprocess.run(command, cwd=cwd or chapter, capture_output=True, text=True)


def sidecar(chapter: Path, name: str = "x.csv") -> Any:
    return json.loads((chapter / "results" / f"{name}.prov.json").read_text())


def frame(path: Path) -> pd.DataFrame:
    return read_table(Request(path, path.name, Location("index.md")))


# What is written


def test_a_data_frame_is_given_back_as_it_was(chapter: Path) -> None:
    table = pd.DataFrame({"model": ["clip", 'a "b", c'], "n": [1, 2], "x": [0.1, 1 / 3]})
    for suffix in (".csv", ".tsv", ".json", ".parquet"):
        read = frame(store(table, f"results/x{suffix}"))
        assert list(read.columns) == ["model", "n", "x"]
        assert read["model"].tolist() == table["model"].tolist()
        assert [float(value) for value in read["x"]] == table["x"].tolist()


@pytest.mark.parametrize(
    ("obj", "text"),
    [
        (pd.DataFrame({"x": [1.0, None]}), 'x\n1.0\n""\n'),
        (pd.DataFrame({"x": [1, 2]}, index=["a", "b"]), ",x\na,1\nb,2\n"),
        (pd.DataFrame({"x": [1, 2]}, index=pd.Index([2020, 2021], name="year")), "year,x\n2020,1\n2021,2\n"),
        (pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])), "a x,a y\n1,2\n"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "a,a\n1,2\n"),
        (pd.DataFrame({"x": [1]}, index=pd.MultiIndex.from_tuples([("a", 1)], names=["k", "n"])), "k,n,x\na,1,1\n"),
        (pd.Series([1.5, 2.5], index=["a", "b"], name="score"), ",score\na,1.5\nb,2.5\n"),
        (pd.Series([1, 2]), "value\n1\n2\n"),
        (np.array([1.5, np.nan]), 'value\n1.5\n""\n'),
        (np.array([[1, 2], [3, 4]]), "1,2\n1,2\n3,4\n"),
        (np.array([0.1], dtype="float32"), "value\n0.1\n"),
        (np.array([(1, 2.5)], dtype=[("n", int), ("x", float)]), "n,x\n1,2.5\n"),
        (np.array([True, False]), "value\nTrue\nFalse\n"),
        (np.array(["2024-01-02"], dtype="datetime64[D]"), "value\n2024-01-02\n"),
        (0.1 + 0.2, ",value\nvalue,0.30000000000000004\n"),
        (np.float32(0.1), ",value\nvalue,0.1\n"),
        (2**70, f",value\nvalue,{2**70}\n"),
        (np.array(3), ",value\nvalue,3\n"),
        ({"top1": 0.5, "n": np.int64(3), "ok": True}, ",value\ntop1,0.5\nn,3\nok,True\n"),
        ({"a": {"p": 0.5, "n": 2}, "b": {"p": 0.25}}, ",p,n\na,0.5,2\nb,0.25,\n"),
        ({"x": [1, 2], "y": np.array([0.5, 1.5])}, "x,y\n1,0.5\n2,1.5\n"),
        ([{"m": "clip", "x": 1}, {"m": "glide", "y": 2}], "m,x,y\nclip,1,\nglide,,2\n"),
        ([1, 2.5], "value\n1\n2.5\n"),
        ([[1, "a"], [2, "b"]], "1,2\n1,a\n2,b\n"),
        (float("inf"), ",value\nvalue,inf\n"),
        (-0.0, ",value\nvalue,-0.0\n"),
    ],
)  # fmt: skip
def test_objects_as_csv(chapter: Path, obj: object, text: str) -> None:
    path = store(obj, "results/x.csv")
    assert path == chapter / "results" / "x.csv"
    assert path.read_bytes().decode() == text


def test_numbers_as_json_stand_one_a_line(chapter: Path) -> None:
    path = store({"top1": 0.763, "n": 5, "none": float("nan"), "inf": np.inf}, "results/x.json")
    assert (
        path.read_text() == '{\n  "top1": 0.763,\n  "n": 5,\n  "none": null,\n  "inf": 1e999\n}\n'
    )
    assert json.loads(path.read_text())["inf"] == float("inf")


class Tensor:
    """As much of torch's tensor as storing needs."""

    def __init__(self, array: Any) -> None:
        self.array = np.asarray(array, dtype="float32")

    def detach(self) -> Tensor:
        return self

    def cpu(self) -> Tensor:
        return self

    def numpy(self) -> Any:
        return self.array

    def item(self) -> float:
        return self.array.item()


def test_data_frames_of_other_packages_go_through_pandas(chapter: Path) -> None:
    class Frame:
        def to_pandas(self) -> pd.DataFrame:
            return pd.DataFrame({"x": [1]})

    assert store(Frame(), "results/x.csv").read_text() == "x\n1\n"


def test_tensors_are_arrays_and_numbers(chapter: Path) -> None:
    assert store(Tensor([0.5, 0.1]), "results/x.csv").read_text() == "value\n0.5\n0.1\n"
    assert store(Tensor(0.5), "results/n.csv").read_text() == ",value\nvalue,0.5\n"
    assert store({"loss": Tensor(0.5)}, "results/d.csv").read_text() == ",value\nloss,0.5\n"


def test_the_regression_of_statsmodels_is_that_of_r(chapter: Path) -> None:
    formula = pytest.importorskip("statsmodels.formula.api")
    fit = formula.ols(
        "Q('Sepal.Length') ~ Q('Sepal.Width') + Q('Petal.Length') + Q('Petal.Width') + Species",
        iris(),
    ).fit()
    ours = frame(store(fit, "results/iris.csv"))
    r = frame(RESULTS / "lm-iris.rds")
    assert ours.iloc[:, 0].tolist() == r.iloc[:, 0].tolist()
    assert list(ours.columns) == list(r.columns)
    limits = frame(chapter / "results/iris-confint.csv")
    assert list(limits.columns[1:]) == ["2.5 %", "97.5 %"]
    assert limits.iloc[:, 0].tolist() == r.iloc[:, 0].tolist()
    of_r = [0.3257652760, 0.66601260074]  # confint(lm(Sepal.Length ~ ., iris))["Sepal.Width", ]
    assert limits.iloc[1, 1:].tolist() == pytest.approx(of_r, rel=1e-9)
    for position in range(1, 5):
        digits = 3 if position == 3 else 4
        texts = [
            [f"{value:.{digits}f}" for value in table.iloc[:, position]] for table in (ours, r)
        ]
        assert texts[0] == texts[1]
    width = ours[ours.iloc[:, 0] == "Sepal.Width"].iloc[0, 1:5]
    assert [f"{width.iloc[0]:.4f}", f"{width.iloc[1]:.4f}", f"{width.iloc[2]:.3f}"] == [
        "0.4959", "0.0861", "5.761",
    ]  # fmt: skip
    models = [
        read_model(Request(path, path.name, Location("index.md")), table)
        for path, table in (
            (chapter / "results/iris.csv", ours), (RESULTS / "lm-iris.rds", r),
        )
    ]  # fmt: skip
    good, of_r = models[0].fit, models[1].fit
    assert {
        "nobs",
        "r.squared",
        "adj.r.squared",
        "AIC",
        "BIC",
        "sigma",
    } <= good.keys() & of_r.keys()
    for name in good.keys() & of_r.keys():
        assert good[name] == pytest.approx(of_r[name], rel=1e-9), name
    assert set(sidecar(chapter, "iris.csv")["files"]) == {
        "iris.csv",
        "iris-confint.csv",
        "iris-fit.csv",
    }


def iris() -> pd.DataFrame:
    datasets = pytest.importorskip("sklearn.datasets")
    data = datasets.load_iris(as_frame=True)
    names = ["Sepal.Length", "Sepal.Width", "Petal.Length", "Petal.Width"]
    table = data.data.set_axis(names, axis=1)
    return table.assign(Species=[data.target_names[kind] for kind in data.target])


def test_a_generalised_model_has_z_values(chapter: Path) -> None:
    api = pytest.importorskip("statsmodels.api")
    data = iris()
    long = (data["Petal.Length"] > 4.9).astype(int)
    fit = api.GLM(
        long, api.add_constant(data[["Sepal.Width"]]), family=api.families.Binomial()
    ).fit()
    table = frame(store(fit, "results/glm.csv"))
    assert list(table.columns[1:]) == ["Estimate", "Std. Error", "z value", "Pr(>|z|)"]
    assert table.iloc[:, 0].tolist() == ["(Intercept)", "Sepal.Width"]


def test_scikit_learns_results_are_tables_without_times(chapter: Path) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    from sklearn.metrics import classification_report
    from sklearn.model_selection import GridSearchCV, cross_validate

    data = iris()
    x, y = data.iloc[:, :4], data["Species"]
    search = GridSearchCV(linear.RidgeClassifier(), {"alpha": [0.1, 1.0]}, cv=3).fit(x, y)
    path = store(search, "results/search.csv")
    table = frame(path)
    assert [float(value) for value in table["param_alpha"]] == [0.1, 1.0]
    assert "mean_test_score" in table and not any("time" in name for name in table)
    before = path.read_bytes()
    store(
        GridSearchCV(linear.RidgeClassifier(), {"alpha": [0.1, 1.0]}, cv=3).fit(x, y),
        "results/search.csv",
    )
    assert path.read_bytes() == before
    report = classification_report(y, search.predict(x), output_dict=True)
    read = frame(store(report, "results/report.csv")).set_index("")
    assert float(read.loc["accuracy", "f1-score"]) == report["accuracy"]
    scores = frame(store(cross_validate(linear.RidgeClassifier(), x, y, cv=3), "results/cv.csv"))
    assert list(scores.columns) == ["test_score"]


FIGURE = """\
import sys
import matplotlib; matplotlib.use("agg")
import matplotlib.pyplot as plt
from sphinx_mmbook import store
fig, ax = plt.subplots(figsize=(2, 1))
ax.plot([1, 2], label="a"); ax.legend(); ax.fill_between([1, 2], [0, 1], hatch="/")
store(ax, "results/loss.svg")
store(fig, "results/loss-0.1.png")
store(fig, "results/second-0.1")
"""


@pytest.mark.long
def test_a_figure_is_written_for_all_outputs_with_the_same_bytes_each_day(chapter: Path) -> None:
    made = []
    for time_ in ("2020-01-01", "2024-06-30"):
        env = {**os.environ, "SOURCE_DATE_EPOCH": str(int(pd.Timestamp(time_).timestamp()))}
        (chapter / "code/x.py").write_text(FIGURE)
        subprocess.run([sys.executable, "code/x.py"], env=env, check=True)
        files = sorted((chapter / "results").iterdir())
        made.append({path.name: path.read_bytes() for path in files if ".prov." not in path.name})
        for path in files:
            path.unlink()
    assert list(made[0]) == [
        "loss-0.1.png", "loss.pdf", "loss.svg", "second-0.1.pdf", "second-0.1.svg",
    ]  # fmt: skip
    assert made[0] == made[1]
    assert made[0]["loss.svg"].lstrip().startswith(b"<?xml") and b"<text" not in made[0]["loss.svg"]
    assert made[0]["loss.pdf"].startswith(b"%PDF")


# What is refused


@pytest.mark.parametrize(
    ("obj", "path", "message"),
    [
        (1, "results/x.pkl", "write it as one of .csv"),
        (1, "results/x.npy", "write it as one of .csv"),
        (1, "results/x", "write it as one of .csv"),
        (1, "results/x.svg", "is the name of a figure"),
        (1, "../x.csv", "outside of the chapter's folder"),
        (1, "results/../../x.csv", "outside of the chapter's folder"),
        (1, "/tmp/x.csv", "outside of the chapter's folder"),
        (object(), "results/x.csv", "type builtins.object cannot be stored"),
        (lambda: 1, "results/x.csv", "cannot be stored"),
        (1 + 2j, "results/x.csv", "cannot be stored"),
        ({}, "results/x.csv", "empty"),
        ([], "results/x.csv", "empty"),
        ({"a": object()}, "results/x.csv", "convert it"),
        ({"a": [1], "b": [1, 2]}, "results/x.csv", "different lengths"),
        ({"a": [1], "b": 1}, "results/x.csv", "several kinds"),
        ([[1], [1, 2]], "results/x.csv", "different lengths"),
        (np.zeros((2, 2, 2)), "results/x.csv", "3 dimensions"),
        (np.array([object()]), "results/x.csv", "more than numbers"),
        (np.array([1j]), "results/x.csv", "more than numbers"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "results/x.json", "same name"),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused_and_nothing_written(
    chapter: Path, obj: object, path: str, message: str
) -> None:
    with pytest.raises(StoreError, match=message):
        store(obj, path)
    assert not (chapter / "results").exists()


def test_a_link_out_of_the_chapter_is_refused(chapter: Path, tmp_path: Path) -> None:
    (chapter / "results").symlink_to(tmp_path)
    with pytest.raises(StoreError, match="outside of the chapter"):
        store(1, "results/x.csv")
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize(
    ("inputs", "message"),
    [("data/none.csv", "does not exist"), (["../../../x"], "outside of the book"), (["/etc/passwd"], "outside")],
)  # fmt: skip
def test_inputs_must_be_there_and_in_the_book(chapter: Path, inputs: Any, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        store(1, "results/x.csv", inputs=inputs)
    assert not (chapter / "results").exists()


# Who stores


def test_importing_it_is_light() -> None:
    code = (
        "import sys; from sphinx_mmbook import store; "
        "print([m for m in ('sphinx', 'docutils', 'pandas', 'numpy', 'yaml', 'matplotlib', "
        "'markdown_it', 'importlib.metadata', 'subprocess') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("where", [".", "code", "../..", "../../.."])
def test_paths_count_from_the_chapter_wherever_the_program_is_run(
    chapter: Path, where: str
) -> None:
    (chapter / "data/in.txt").write_text("1")
    code = (
        'from sphinx_mmbook import store\nstore(1, "results/x.csv", inputs="data/in.txt", seed=3)\n'
    )
    done = run(chapter, code, cwd=(chapter / where).resolve())
    assert done.returncode == 0 and not done.stderr, done.stderr
    said = sidecar(chapter)
    assert said["script"] == "code/x.py"
    assert said["script_sha256"] == source_digest(chapter / "code/x.py")
    assert said["inputs"] == {"data/in.txt": digest(chapter / "data/in.txt")}
    assert said["seed"] == 3
    assert said["program"].startswith("Python 3.")


def test_a_program_of_no_book_works_and_a_folder_of_it_too(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    code = 'from sphinx_mmbook import store\nstore(1, "results/x.csv")\n'
    done = run(tmp_path, code)
    assert done.returncode == 0 and not done.stderr, done.stderr
    assert sidecar(tmp_path)["script"] == "code/x.py"


def test_a_program_of_a_chapter_without_a_page_is_told_where_its_result_went(
    chapter: Path,
) -> None:
    (chapter / "index.md").unlink()
    code = 'from sphinx_mmbook import store\nstore(1, "results/x.csv")\n'
    done = run(chapter, code)
    assert "for the whole book: no folder above 'x.py' has a page yet" in done.stderr
    assert (chapter.parents[1] / "results/x.csv").is_file()
    other = run(chapter, code, "../../one.py")
    assert other.returncode == 0 and not other.stderr, other.stderr


def test_modules_of_the_book_are_inputs(chapter: Path) -> None:
    (chapter / "code/helping.py").write_text("VALUE = 1\n")
    code = (
        "import helping\nimport numpy\nfrom sphinx_mmbook import store\n"
        'store(helping.VALUE, "results/x.csv")\n'
    )
    assert run(chapter, code).returncode == 0
    said = sidecar(chapter)
    assert list(said["inputs"]) == ["code/helping.py"]
    assert said["packages"] == {"numpy": np.__version__}
    (chapter / "code/helping.py").write_text("VALUE = 2\n")
    (stored,) = Results(chapter.parent.parent).all(["chapters/a/results/x.csv.prov.json"])
    assert "code/helping.py" in stored.faults[0].text


def test_the_program_is_the_one_that_runs_not_the_module_that_stores(chapter: Path) -> None:
    (chapter / "code/saving.py").write_text(
        'from sphinx_mmbook import store\ndef save():\n    store(1, "results/x.csv")\n'
    )
    assert run(chapter, "import saving\nsaving.save()\n").returncode == 0
    assert sidecar(chapter)["script"] == "code/x.py"


def test_a_program_outside_of_the_book_stores_with_a_warning(chapter: Path, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    code = 'from sphinx_mmbook import store\nstore(1, "results/x.csv")\n'
    done = run(tmp_path, code, cwd=chapter)
    assert done.returncode == 0
    assert "UserWarning: stored 'results/x.csv', but not which program" in done.stderr
    assert "script" not in sidecar(chapter)


def test_a_program_saved_while_it_ran_is_not_taken_for_what_made_the_result(chapter: Path) -> None:
    code = (
        "from sphinx_mmbook import store\nimport pathlib, time\nstore(0, 'results/y.csv')\n"
        "time.sleep(0.05)\npathlib.Path(__file__).write_text('new')\nstore(1, 'results/x.csv')\n"
    )
    done = run(chapter, code)
    assert "saved while it ran" in done.stderr
    (stored,) = Results(chapter.parent.parent).all(["chapters/a/results/x.csv.prov.json"])
    assert stored.state == "stale"


@pytest.mark.parametrize("page", ["index.md", "index.ipynb"])
def test_in_a_notebook_the_page_is_the_program(chapter: Path, page: str) -> None:
    nbformat = pytest.importorskip("nbformat")
    from nbclient import NotebookClient

    cell = 'from sphinx_mmbook import store\nstore({"a": 1}, "results/x.json")\n'
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    if page == "index.ipynb":
        (chapter / "index.md").unlink()
        nbformat.write(notebook, chapter / page)
    else:
        (chapter / page).write_text(f"# A\n\n```{{code-cell}} python3\n{cell}```\n")
    NotebookClient(notebook, resources={"metadata": {"path": str(chapter)}}).execute()
    assert sidecar(chapter, "x.json")["script"] == page
    (stored,) = Results(chapter.parent.parent).all(["chapters/a/results/x.json.prov.json"])
    assert stored.state == "current"


@pytest.mark.long
def test_in_a_notebook_the_files_that_its_cells_read_are_noted(chapter: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    from nbclient import NotebookClient

    cell = "from sphinx_mmbook import store\n"
    cell += 'store({"n": len(open("in.csv").read())}, "results/x.json")\n'
    (chapter / "index.md").write_text(f"# A\n\n```{{code-cell}} python3\n{cell}```\n")
    for name in ("in.csv", "other.csv"):
        (chapter / name).write_text("a\n1\n")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    NotebookClient(notebook, resources={"metadata": {"path": str(chapter)}}).execute()
    assert list(sidecar(chapter, "x.json")["inputs"]) == ["in.csv"]
    for name, state in (("other.csv", "current"), ("in.csv", "stale")):
        (chapter / name).write_text("a\n2\n")
        (stored,) = Results(chapter.parent.parent).all(["chapters/a/results/x.json.prov.json"])
        assert stored.state == state


# When it is written


CODE = 'from sphinx_mmbook import store\nstore({"a": %s}, "results/x.json"%s)\n'


def files_of(chapter: Path) -> dict[str, tuple[bytes, int]]:
    return {f.name: (f.read_bytes(), f.stat().st_mtime_ns) for f in (chapter / "results").iterdir()}


def test_nothing_is_written_when_nothing_changed(chapter: Path) -> None:
    run(chapter, CODE % (1, ""))
    before = files_of(chapter)
    time.sleep(1.1)  # the time in the sidecar counts seconds
    assert run(chapter, CODE % (1, "")).returncode == 0
    assert files_of(chapter) == before


def test_only_the_sidecar_changes_with_the_program(chapter: Path) -> None:
    run(chapter, CODE % (1, ""))
    before = files_of(chapter)
    run(chapter, CODE % (1, "") + "print()\n")
    after = files_of(chapter)
    assert after["x.json"] == before["x.json"]
    assert after["x.json.prov.json"] != before["x.json.prov.json"]


@pytest.mark.parametrize("change", [", seed=2", ', inputs=["data/in.txt"]'])
def test_a_new_seed_or_input_changes_the_sidecar(chapter: Path, change: str) -> None:
    (chapter / "data/in.txt").write_text("1")
    run(chapter, CODE % (1, ""))
    before = files_of(chapter)
    run(chapter, CODE % (1, change))
    assert files_of(chapter)["x.json.prov.json"] != before["x.json.prov.json"]


@pytest.mark.parametrize("text", ["{}", None])
def test_a_result_changed_or_removed_by_hand_is_written_as_it_was(
    chapter: Path, text: str | None
) -> None:
    run(chapter, CODE % (1, ""))
    before = files_of(chapter)
    file = chapter / "results/x.json"
    file.write_text(text) if text else file.unlink()
    time.sleep(1.1)
    run(chapter, CODE % (1, ""))
    after = files_of(chapter)
    assert after["x.json"][0] == before["x.json"][0]
    assert after["x.json.prov.json"] == before["x.json.prov.json"]


def test_a_result_of_windows_line_ends_is_left_alone(chapter: Path) -> None:
    run(chapter, CODE % (1, ""))
    text = (chapter / "results/x.json").read_bytes().replace(b"\n", b"\r\n")
    (chapter / "results/x.json").write_bytes(text)
    run(chapter, CODE % (1, ""))
    assert (chapter / "results/x.json").read_bytes() == text


def git(folder: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-C", str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_commit_is_noted_and_whether_more_than_results_had_changed(chapter: Path) -> None:
    book = chapter.parent.parent

    def two(x: int, y: int) -> str:
        return CODE % (x, "") + CODE.replace("x.json", "y.json") % (y, "")

    git(book, "init", "-q")
    run(chapter, two(1, 1))
    assert "commit" not in sidecar(chapter, "x.json")
    (chapter / "code/x.py").write_text(two(2, 2))
    os.utime(chapter / "code/x.py", (0, 0))
    git(book, "add", ".")
    git(book, "commit", "-qm", "one")
    run(chapter, two(2, 2))
    for name in ("x.json", "y.json"):  # when y is stored, x has changed, but is a result
        assert sidecar(chapter, name)["commit"] == git(book, "rev-parse", "HEAD")
        assert sidecar(chapter, name)["dirty"] is False
    (chapter / "index.md").write_text("# Changed\n")
    git(book, "add", "chapters/a/code")
    run(chapter, two(2, 3))
    assert sidecar(chapter, "y.json")["dirty"] is True


def test_a_run_after_the_commit_says_the_commit_without_changes(chapter: Path) -> None:
    book = chapter.parent.parent
    git(book, "init", "-q")
    git(book, "commit", "-qm", "none", "--allow-empty")
    run(chapter, CODE % (1, ""))
    (chapter / "code/x.py").write_text(CODE % (1, ""))
    os.utime(chapter / "code/x.py", (0, 0))
    run(chapter, CODE % (1, ""))
    before = sidecar(chapter, "x.json")
    assert before["dirty"] is True
    git(book, "add", ".")
    git(book, "commit", "-qm", "all")
    result = (chapter / "results/x.json").stat().st_mtime_ns
    run(chapter, CODE % (1, ""))
    after = sidecar(chapter, "x.json")
    assert (after["commit"], after["dirty"]) == (git(book, "rev-parse", "HEAD"), False)
    assert (chapter / "results/x.json").stat().st_mtime_ns == result
    run(chapter, CODE % (1, ""))
    assert sidecar(chapter, "x.json") == after, "the sidecar stays from then on"


def test_files_that_a_figure_no_longer_has_are_removed(chapter: Path) -> None:
    plt = pytest.importorskip("matplotlib.figure")
    store(plt.Figure(figsize=(1, 1)), "results/a.svg")
    names = {path.name for path in (chapter / "results").iterdir()}
    assert names == {"a.svg", "a.pdf", "a.svg.prov.json"}
    said = sidecar(chapter, "a.svg")
    said["files"]["a.eps"] = "0"
    (chapter / "results/a.eps").touch()
    (chapter / "results/a.svg.prov.json").write_text(json.dumps(said))
    store(plt.Figure(figsize=(2, 1)), "results/a.svg")
    assert {path.name for path in (chapter / "results").iterdir()} == names
