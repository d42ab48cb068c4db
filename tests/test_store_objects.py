"""What programs hand to ``store``: it comes back as it was, or is refused with advice."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
import warnings
from collections import namedtuple
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook import store
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.results.request import Request, read_table
from sphinx_mmbook.core.results.tables.columns import Columns
from sphinx_mmbook.core.results.value_lookup import RowIndex, parse_reference, value_text
from sphinx_mmbook.core.results.values.cell_values import item
from sphinx_mmbook.storing import StoreError
from sphinx_mmbook.storing.files import files_of

FORMATS = (".csv", ".tsv", ".json", ".parquet")


@pytest.fixture
def chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a chapter, in which we are."""
    folder = tmp_path / "book" / "a"
    folder.mkdir(parents=True)
    (tmp_path / "book" / "conf.py").touch()
    (folder / "index.md").write_text("# A\n")
    monkeypatch.chdir(folder)
    with warnings.catch_warnings():  # this test is not a program of the book
        warnings.filterwarnings("ignore", message=".*not which program made it")
        yield folder


def back(obj: object, suffix: str = ".csv") -> pd.DataFrame:
    """Write an object as ``store`` does, and read it as a page does."""
    path = Path(f"x{suffix}").resolve()
    path.write_bytes(files_of(obj, path)[path.name])
    return read_table(Request(path, path.name, Location("index.md")))


def cells(table: pd.DataFrame) -> list[list[Any]]:
    return [
        [item(value) for value in table.iloc[:, position]] for position in range(table.shape[1])
    ]


# What comes back

NUMBERS = st.one_of(
    st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=5),
    st.lists(st.floats(allow_nan=False), min_size=1, max_size=5),
    st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1, max_size=5),
)


@given(NUMBERS, st.sampled_from(FORMATS))
def test_numbers_come_back_as_they_were(chapter: Path, numbers: list[Any], suffix: str) -> None:
    (read,) = cells(back(pd.DataFrame({"x": numbers}), suffix))
    assert read == numbers
    assert [math.copysign(1, a) for a in read] == [math.copysign(1, a) for a in numbers]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(FORMATS),
)
def test_texts_come_back_in_as_many_rows(chapter: Path, texts: list[str], suffix: str) -> None:
    # A letter in front: what is a number, or missing, is read as one from a CSV file.
    texts = [f"x{text}x" for text in texts]
    (read,) = cells(back({"text": texts}, suffix))
    assert read == [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]


@pytest.mark.parametrize("suffix", FORMATS)
def test_floats_of_32_bits_are_written_short(chapter: Path, suffix: str) -> None:
    array = np.array([0.1, 0.7], dtype="float32")
    record = np.array([(0.1,), (0.7,)], dtype=[("x", "f4")])
    for obj in ({"x": array}, record, [np.float32(0.1), np.float32(0.7)]):
        assert cells(back(obj, suffix)) == [[0.1, 0.7]]
    if suffix != ".parquet":  # which has a type for them
        assert cells(back(pd.DataFrame({"x": array}), suffix)) == [[0.1, 0.7]]
        frame = pd.DataFrame({"x": pd.array([0.1, None], dtype="Float32")})
        assert cells(back(frame, suffix)) == [[0.1, None]]
    masked = np.ma.masked_array(array, [False, True])
    assert cells(back(masked, suffix)) == [[0.1, None]]
    assert cells(back(np.longdouble("0.1"), suffix))[1] == [0.1]


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_times_are_the_same_text_in_each_format(chapter: Path, suffix: str) -> None:
    frame = pd.DataFrame({
        "day": pd.to_datetime(["2024-01-01", None]),
        "zone": pd.to_datetime(["2024-01-01 12:00", "2024-06-01 00:00"]).tz_localize("Europe/Berlin"),
        "took": pd.to_timedelta(["1D", "2h"]),
    })  # fmt: skip
    read = cells(back(frame, suffix))
    assert [value or None for value in read[0]] == ["2024-01-01", None]
    assert read[1] == ["2024-01-01 12:00:00+01:00", "2024-06-01 00:00:00+02:00"]
    assert read[2] == ["1 days 00:00:00", "0 days 02:00:00"]


def test_a_missing_time_in_an_array_is_missing(chapter: Path) -> None:
    array = np.array(["NaT", "2024-01-01"], dtype="M8[D]")
    assert store(array, "results/x.csv").read_text() == 'value\n""\n2024-01-01\n'
    both = np.array([["NaT", "2024-01-01"]], dtype="M8[D]")
    assert store(both, "results/x.csv").read_text() == "1,2\n,2024-01-01\n"


def test_a_time_in_nanoseconds_is_no_large_number(chapter: Path) -> None:
    times = {"at": np.datetime64("2024-01-01T10:30", "ns"), "took": np.timedelta64(90, "s")}
    text = store(times, "results/x.csv").read_text()
    assert text == ",value\nat,2024-01-01T10:30:00\ntook,0:01:30\n"


def test_a_sorted_frame_has_no_column_of_old_row_numbers(chapter: Path) -> None:
    frame = pd.DataFrame({"x": [1, 3, 2]}).sort_values("x", ascending=False)
    assert store(frame, "results/x.csv").read_text() == "x\n3\n2\n1\n"
    years = pd.DataFrame({"x": [1, 2]}, index=[2021, 2020])
    assert store(years, "results/x.csv").read_text() == ",x\n2021,1\n2020,2\n"


def test_named_tuples_name_the_columns(chapter: Path) -> None:
    point = namedtuple("point", "x y")
    assert store([point(1, 2)], "results/x.csv").read_text() == "x,y\n1,2\n"


def test_large_integers_beside_missing_ones_stay_exact_in_parquet(chapter: Path) -> None:
    rows = [{"n": 2**60 + 1}, {"n": None}]
    assert cells(back(rows, ".parquet")) == [[2**60 + 1, None]]


def test_decimals_keep_their_digits(chapter: Path) -> None:
    path = store({"x": Decimal("1.10"), "none": Decimal("NaN")}, "results/x.csv")
    assert path.read_text() == ",value\nx,1.10\nnone,\n"
    assert store({"x": Decimal("1.10")}, "results/x.json").read_text() == '{\n  "x": 1.1\n}\n'


def test_settings_of_a_search_are_texts_in_a_frame(chapter: Path) -> None:
    frame = pd.DataFrame({"params": [{"C": 1}], "score": [0.5]})
    assert cells(back(frame, ".json")) == [["{'C': 1}"], [0.5]]


def test_a_series_of_another_package_is_a_column(chapter: Path) -> None:
    class Column:
        def to_pandas(self) -> Any:
            return pd.Series([1, 2], name="n")

    assert store(Column(), "results/x.csv").read_text() == "n\n1\n2\n"


def test_a_tensor_of_16_bits_is_stored(chapter: Path) -> None:
    class Half:
        """A tensor of a kind that NumPy does not have."""

        def __init__(self, is_double: bool = False) -> None:
            self.is_double = is_double

        def detach(self) -> Any:
            return self

        def cpu(self) -> Any:
            return self

        def double(self) -> Any:
            return Half(is_double=True)

        def numpy(self) -> Any:
            if not self.is_double:
                raise TypeError("Got unsupported ScalarType BFloat16")
            return np.array([0.5])

    assert store(Half(), "results/x.csv").read_text() == "value\n0.5\n"


def test_a_display_of_scikit_learn_is_its_figure(chapter: Path) -> None:
    figure = pytest.importorskip("matplotlib.figure").Figure()

    class Display:
        figure_ = figure

    assert store(Display(), "results/x.svg").read_bytes().startswith(b"<?xml")


# What is refused, and what is said


class Anything:
    """Its text differs from run to run."""


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    "value",
    [b"x", Anything(), 1j, [Anything()], np.zeros(2), "x\0y"],
    ids=lambda value: type(value).__name__,
)
def test_a_cell_that_is_no_value_is_refused_in_each_format(
    chapter: Path, value: Any, suffix: str
) -> None:
    frame = pd.DataFrame({"a": pd.Series([value], dtype="object")})
    with pytest.raises(StoreError, match="in column 'a'"):
        store(frame, f"results/x{suffix}")
    assert not (chapter / "results").exists()


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "same name, which Parquet cannot hold; write .csv"),
        (pd.DataFrame({"n": [2**70]}), "write .csv"),
        (pd.DataFrame({"n": [1, "x"]}), "write .csv"),
        ([[1], ["x"]], "write .csv"),
        (pd.DataFrame(), "without columns"),
        ([[], []], "without columns"),
    ],
)  # fmt: skip
def test_parquet_says_what_it_cannot_hold(chapter: Path, frame: Any, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        store(frame, "results/x.parquet")


@pytest.mark.parametrize(
    ("obj", "path", "message"),
    [
        (None, "results/x.csv", "does its function return something"),
        ("precision  recall\n1.0", "results/x.csv", "output_dict=True"),
        ({"n": 10**5000}, "results/x.csv", "thousands of digits"),
        ({1: 1, "1": 2}, "results/x.csv", "make them differ"),
        ((np.zeros(2), np.zeros(2)), "results/x.csv", "give each a name"),
        (pd.DataFrame({"a": []}), "results/x.json", "write .csv"),
        (pd.DataFrame(), "results/x.csv", "without columns"),
        (np.array([object()]), "results/x.png", "give the figure itself"),
        (1, "results/x.prov.json", "name of a provenance file"),
        (1, "results/a:b.csv", "not a name for a result"),
        (1, "results/a#b.csv", "not a name for a result"),
        (1, "results\\x.csv", "not a name for a result"),
        (1, "results/.x.csv", "not a name for a result"),
        (1, "results/sub.csv", "is a folder"),
        ("results/x.csv", pd.DataFrame(), "the path comes second"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(chapter: Path, obj: Any, path: Any, message: str) -> None:
    (chapter / "results/sub.csv").mkdir(parents=True)
    with pytest.raises(StoreError, match=message):
        store(obj, path)
    assert [file.name for file in (chapter / "results").iterdir()] == ["sub.csv"]


def test_a_model_is_refused_with_what_to_store_instead(chapter: Path) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    formula = pytest.importorskip("statsmodels.formula.api")
    data = pd.DataFrame({"x": [1.0, 2, 4], "y": [1.0, 2, 3]})
    model = formula.ols("y ~ x", data)
    for obj in (linear.LinearRegression(), linear.LinearRegression().fit(data[["x"]], data.y)):
        with pytest.raises(StoreError, match="a LinearRegression itself is not a result"):
            store(obj, "results/x.csv")
    with pytest.raises(StoreError, match=r"fit\(\)"):
        store(model, "results/x.csv")
    with (
        pytest.raises(StoreError, match="store the fitted model itself"),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        store(model.fit().summary(), "results/x.csv")


@pytest.mark.parametrize("seed", [1.5, [1, 2]])
def test_a_seed_is_not_cut_to_a_whole_number(chapter: Path, seed: Any) -> None:
    with pytest.raises(StoreError, match="not a whole number"):
        store(1, "results/x.csv", seed=seed)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [("https://example.org/x.csv", "save it in the book"), ([3], "an input is a path"), ("none.csv", "from the chapter's folder")],
)  # fmt: skip
def test_an_input_that_is_no_file_is_refused_with_advice(
    chapter: Path, inputs: Any, message: str
) -> None:
    with pytest.raises(StoreError, match=message):
        store(1, "results/x.csv", inputs=inputs)


def test_no_inputs_are_no_inputs(chapter: Path) -> None:
    assert store(1, "results/x.csv", inputs=None).is_file()


def test_an_arima_model_names_all_its_parameters(chapter: Path) -> None:
    arima = pytest.importorskip("statsmodels.tsa.arima.model")
    values = np.random.default_rng(1).normal(size=60).cumsum()
    fit = arima.ARIMA(values, order=(1, 1, 1)).fit()
    table = pd.read_csv(store(fit, "results/arima.csv"))
    assert table.iloc[:, 0].tolist() == ["ar.L1", "ma.L1", "sigma2"]
    assert (chapter / "results/arima-confint.csv").is_file()


def test_a_file_of_another_result_is_not_overwritten(chapter: Path) -> None:
    api = pytest.importorskip("statsmodels.api")
    fit = api.OLS(np.arange(5.0) ** 2, api.add_constant(np.arange(5.0))).fit()
    store(fit, "results/m.csv")
    before = (chapter / "results/m-fit.csv").read_bytes()
    with pytest.raises(StoreError, match=r"'m-fit.csv' is a file of the result 'm.csv'"):
        store([1, 2], "results/m-fit.csv")
    assert (chapter / "results/m-fit.csv").read_bytes() == before
    store([1, 2], "results/m.csv")  # no model any more
    assert not (chapter / "results/m-fit.csv").exists()
    store([1, 2], "results/m-fit.csv")
    store([1, 3], "results/m.csv")
    assert (chapter / "results/m-fit.csv").is_file()


# Figures of other packages than matplotlib


def run_program(chapter: Path, code: str) -> None:
    script = chapter / "code" / "fig.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text(code)
    os.utime(script, (time.time() - 10,) * 2)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


FIGURES = {
    "plotnine": "import plotnine as p9\nobj = p9.ggplot(data, p9.aes('x', 'y')) + p9.geom_point()\n",
    "seaborn.objects": "import seaborn.objects as so\nobj = so.Plot(data, 'x', 'y').add(so.Dot())\n",
    "seaborn": "import seaborn\nobj = seaborn.relplot(data, x='x', y='y')\n",
    "altair": "import altair\nobj = altair.Chart(data).mark_point().encode(x='x', y='y')\n",
}


@pytest.mark.long
@pytest.mark.parametrize("package", FIGURES)
def test_figures_of_other_packages_are_stored_as_stills(chapter: Path, package: str) -> None:
    code = (
        "import matplotlib; matplotlib.use('agg')\nimport pandas\nfrom sphinx_mmbook import store\n"
        "data = pandas.DataFrame({'x': [1, 2, 3], 'y': [1, 4, 9]})\n"
        + FIGURES[package]
        + "store(obj, 'results/fig.svg')\nstore(obj, 'results/other')\n"
    )
    run_program(chapter, code)
    results = chapter / "results"
    assert b"<svg" in (results / "fig.svg").read_bytes()
    names = sorted(path.name for path in results.glob("other.*"))
    other = "png" if package == "altair" else "pdf"
    assert names == sorted([f"other.{other}", "other.svg", "other.svg.prov.json"])
    before = {path.name: path.read_bytes() for path in results.iterdir()}
    run_program(chapter, code)
    assert {path.name: path.read_bytes() for path in results.iterdir()} == before


def test_pictures_of_pil_are_stored_as_png(chapter: Path) -> None:
    from PIL import Image

    image = Image.new("RGB", (4, 3), "red")
    store(image, "results/heat.png")
    store(image, "results/heat2")
    for name in ("heat.png", "heat2.png"):
        assert Image.open(chapter / "results" / name).size == (4, 3)
    with pytest.raises(StoreError, match=r"a picture of PIL is stored as .png; write 'heat.png'"):
        store(image, "results/heat.svg")


def test_a_figure_that_nothing_here_can_draw_is_refused_with_the_line_that_works(
    chapter: Path,
) -> None:
    import plotly.graph_objects as go

    with pytest.raises(StoreError, match="install what draws it: pip install kaleido"):
        store(go.Figure(go.Scatter(x=[1], y=[1])), "results/fig.svg")


def test_a_figure_gets_a_twin_for_dark_pages(chapter: Path) -> None:
    plt = pytest.importorskip("matplotlib.figure")
    figure = plt.Figure(figsize=(2, 1))
    axes = figure.subplots()
    axes.plot([1, 2], "k")
    axes.plot([2, 1], color="#1f77b4")
    store(figure, "results/plain.svg")
    store(figure, "results/both.svg", dark=True)
    light, dark = ((chapter / f"results/both{end}.svg").read_text() for end in ("", "-dark"))
    assert len(light) == len((chapter / "results/plain.svg").read_text())
    assert "#ffffff" in light and "#ffffff" not in dark  # the ground
    assert "#e6e6e6" in dark and "#e6e6e6" not in light  # what was black
    assert "#1f77b4" in dark and "#1f77b4" in light
    said = json.loads((chapter / "results/both.svg.prov.json").read_text())
    assert list(said["files"]) == ["both-dark.svg", "both.pdf", "both.svg"]
    other = plt.Figure(figsize=(2, 1), facecolor="green")
    store(figure, "results/both.svg", dark=other)
    assert (chapter / "results/both-dark.svg").read_text() != dark
    store(figure, "results/both.svg")
    assert not (chapter / "results/both-dark.svg").exists()
    with pytest.raises(StoreError, match="give the figure that dark pages are to show"):
        store(figure, "results/both.svg", dark="yes")
    with pytest.raises(StoreError, match="only a figure has a dark twin"):
        store({"a": 1}, "results/a.json", dark=True)


def test_what_stands_on_a_picture_keeps_its_colour_on_dark_pages() -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    from sphinx_mmbook.storing.dark import darkened

    axes = Figure().subplots(1, 2)
    axes[0].imshow([[1, 2]])
    texts = [one.text(0, 0, "x", color="black") for one in axes]
    with darkened(axes[0].figure):
        assert texts[0].get_color() == "black"
        assert list(texts[1].get_color()) == pytest.approx([0.9, 0.9, 0.9, 1])
    assert texts[1].get_color() == "black"


def test_names_that_plotly_draws_by_lot_are_the_same_each_day() -> None:
    from sphinx_mmbook.storing.figures import without_lots

    svg = '<svg><defs id="defs-{0}"/><g class="trace scatter trace{1}" clip-path="url(#clip{0}x)"/></svg>'
    drawn = [
        without_lots(svg.format(*lots).encode())
        for lots in (("12ab3c", "0f0f0f"), ("abcdef", "123456"))
    ]
    assert drawn[0] == drawn[1] and drawn[0] == svg.format("000000", "000001").encode()


def test_the_corner_of_a_cross_table_says_its_variables(chapter: Path) -> None:
    data = pd.DataFrame({"model": ["clip", "vit", "clip"], "pet": ["cat", "cat", "dog"]})
    store(pd.crosstab(data["model"], data["pet"]), "results/cross.csv")
    text = (chapter / "results/cross.csv").read_text()
    assert text == "model / pet,cat,dog\nclip,1,1\nvit,1,0\n"
    frame = read_table(Request(chapter / "results/cross.csv", "cross.csv", Location("a.md")))
    assert Columns(frame).position("model") == 0
    assert value_text(RowIndex(frame), parse_reference("cross.csv#clip,dog")) == "1"
