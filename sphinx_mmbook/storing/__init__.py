"""Storing results from a chapter's program or notebook: light, and without Sphinx."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.provenance.record import owner_of, record
from sphinx_mmbook.storing.caller import Caller, StoreError, find_caller
from sphinx_mmbook.storing.files import files_of
from sphinx_mmbook.storing.origin import circumstances, origin_of
from sphinx_mmbook.storing.reading import OPENED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike
    from pathlib import Path

    from sphinx_mmbook.core.provenance.sidecar import Provenance

__all__ = ["StoreError", "store"]


def store(
    obj: Any,
    path: str | PathLike[str],
    *,
    inputs: str | PathLike[str] | Iterable[str | PathLike[str]] | None = (),
    script: str | PathLike[str] | None = None,
    seed: int | str | None = None,
    dark: Any = None,
) -> Path:
    """Store a result in an open format, with a sidecar that says where it comes from.

    Example::

        from sphinx_mmbook import store

        store(table, "results/accuracy.csv", inputs=["data/predictions.csv"], seed=1)
        store({"top1": 0.763, "top5": 0.934}, "results/accuracy.json")
        store(fig, "results/accuracy.svg", dark=True)

    ``path`` counts from the chapter's folder, wherever the program is run. Its ending is the
    format: CSV, TSV, JSON or Parquet for data; a figure becomes SVG and PDF, or PNG. Stored can be
    data frames, series, arrays of one or two dimensions, numbers, dictionaries of numbers, figures
    (matplotlib, seaborn, plotnine, altair, plotly, PIL), fitted models of statsmodels (with
    ``…-confint.csv`` and ``…-fit.csv`` beside), searches and reports of scikit-learn. Files of the
    book that the program opened since the import of ``store``, its modules and its arguments are
    noted by themselves; ``inputs`` are further files or folders, opened by another process or a
    library in C. ``script`` is the program if another than that which runs. ``dark`` gives a figure
    a twin for dark pages, ``…-dark.svg``: True exchanges black and white in one of matplotlib, else
    it is the figure to show there. Files and sidecar are replaced at once. Returns the path.

    :raises StoreError: if the object, the format or a path cannot be stored.
    :raises OSError: if the folder cannot be written.
    """
    with OPENED.paused():
        caller = find_caller(sys._getframe(1).f_code.co_filename, script)
        target = caller.path_of(path, "result")
        if doubt := _doubt(caller, target):
            warnings.warn(f"stored '{path}', but {doubt}", stacklevel=2)
        files = files_of(obj, target, dark)
        return _record(caller, target, files, origin_of(caller, files, inputs, seed))


def _record(caller: Caller, target: Path, files: Mapping[str, bytes], origin: Provenance) -> Path:
    target = target.with_name(next(iter(files)))
    _refuse_owned(target, files)
    record(target, files, origin, lambda: circumstances(caller))
    return target


def _refuse_owned(target: Path, names: Iterable[str]) -> None:
    if owned := owner_of(target, names):
        advice = "choose another name; or, if that result is no longer made, delete its files"
        raise StoreError(f"'{owned[0]}' is a file of the result '{owned[1]}'; {advice}")


def _doubt(caller: Caller, target: Path) -> str:
    """Return why it is not known what made the result, or for whom; empty if it is."""
    if caller.script is None:
        return (
            "not which program made it: it is not a file of the book; keep it in the folder code/"
        )
    if caller.changed:
        return f"'{caller.script.name}' was saved while it ran; run it again"
    is_deep = caller.book not in (caller.script.parent, caller.script.parent.parent)
    if caller.chapter == caller.book and is_deep and (caller.book / "conf.py").is_file():
        return (
            f"as '{target}', for the whole book: no folder above '{caller.script.name}' has a page "
            "yet; write the chapter's index.md, run it again, and delete that file"
        )
    return ""
