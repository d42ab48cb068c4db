"""From an object to the files that hold it. No package is imported to find out what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.storing.caller import StoreError
from sphinx_mmbook.storing.encoding import encode
from sphinx_mmbook.storing.figures import FORMATS, figure_files, figure_in
from sphinx_mmbook.storing.models import coefficients, goodness, intervals, is_model
from sphinx_mmbook.storing.tables import Table, from_array, from_mapping, from_sequence, is_a
from sphinx_mmbook.storing.values import as_array, cell_value

if TYPE_CHECKING:
    from pathlib import Path

TABLES = (".csv", ".tsv", ".json", ".parquet")


def files_of(obj: Any, target: Path, dark: Any = None) -> dict[str, bytes]:
    """Return the files of a result by name, in the folder of ``target``, the main one first.

    ``dark`` is what dark pages show in the place of a figure.

    :raises StoreError: if the object cannot be stored, or not in this format.
    """
    suffix = target.suffix.lower()
    is_table = is_a(obj, "pandas", "DataFrame", "Series")
    figure = None if is_table else figure_in(obj)
    if figure is not None:
        # A name such as 'loss-0.1' has no ending.
        known = suffix in FORMATS
        if not known and suffix[1:].isalpha():
            raise _wrong(target, "a figure", [name for name in FORMATS if name])
        stem, suffix = (target.stem, suffix) if known else (target.name, "")
        return figure_files(figure, stem, suffix, dark)
    if dark is not None:
        raise StoreError("only a figure has a dark twin; leave 'dark' out")
    if suffix in FORMATS and suffix:
        raise StoreError(
            f"'{target.name}' is the name of a figure, but an object of type {_kind(obj)} is "
            "not a figure; give the figure itself (fig), or name a table as .csv"
        )
    if suffix not in TABLES:
        raise _wrong(target, "a table or a number", TABLES)
    if is_model(obj):
        parts = {"": coefficients(obj), "-confint": intervals(obj), "-fit": goodness(obj)}
        return {
            f"{target.stem}{end}{target.suffix}": encode(part, suffix)
            for end, part in parts.items()
        }
    return {target.name: encode(_table(obj), suffix)}


def _table(obj: Any) -> Table | Mapping[str, Any] | Any:
    """Return what can be encoded for any object that is a table, or part of one."""
    if is_a(obj, "pandas", "DataFrame"):
        return obj
    if is_a(obj, "pandas", "Series"):
        return obj.to_frame(name="value" if obj.name is None else obj.name)
    if hasattr(obj, "to_pandas"):  # data frames of other packages
        return _table(obj.to_pandas())
    if hasattr(obj, "cv_results_"):  # a grid search of scikit-learn
        return from_mapping(obj.cv_results_)
    if isinstance(obj, Mapping):
        return from_mapping(obj)
    if hasattr(obj, "detach") and hasattr(obj, "cpu"):  # a tensor
        obj = as_array(obj)
    if isinstance(obj, list | tuple):
        return from_sequence(obj)
    if getattr(obj, "ndim", 0) > 0 and hasattr(obj, "dtype") and hasattr(obj, "tolist"):
        return from_array(obj)
    if advice := _advice(obj):
        raise StoreError(advice)
    if isinstance(obj, str | int | float):
        return {"value": cell_value(obj)}
    try:
        return {"value": cell_value(obj)}
    except StoreError:
        raise StoreError(
            f"an object of type {_kind(obj)} cannot be stored; make it a data frame, an array, "
            "a number, a dictionary of numbers or a figure"
        ) from None


def _advice(obj: Any) -> str:
    """Return what to store in the place of an object that is often taken for a result."""
    if obj is None:
        return "there is nothing to store: the object is None; does its function return something?"
    if isinstance(obj, str) and "\n" in obj:
        return (
            "a text of several lines is not a number or table; store what it was made of, as "
            "classification_report(…, output_dict=True)"
        )
    if hasattr(obj, "as_latex"):
        return "a summary is text for the screen; store the fitted model itself"
    if hasattr(obj, "fit") and not isinstance(obj, type):
        return (
            f"a {type(obj).__name__} itself is not a result; store its scores or coefficients, as "
            "a dictionary or data frame, a search after its fit(), or what statsmodels' fit() gives"
        )
    return ""


def _kind(obj: Any) -> str:
    return f"{type(obj).__module__}.{type(obj).__qualname__}"


def _wrong(target: Path, kind: str, known: Any) -> StoreError:
    advice = f"write it as one of {', '.join(known)}"
    return StoreError(f"'{target.name}': {kind} is not stored in this format; {advice}")
