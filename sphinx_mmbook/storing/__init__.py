"""Storing results from a chapter's program or notebook: light, and without Sphinx."""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.provenance import digest, read_provenance, sidecar_name
from sphinx_mmbook.core.staging import recover, replace_files
from sphinx_mmbook.storing.caller import StoreError, find_caller
from sphinx_mmbook.storing.files import files_of
from sphinx_mmbook.storing.origin import circumstances, origin_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sphinx_mmbook.core.provenance import Provenance
    from sphinx_mmbook.storing.caller import Caller

__all__ = ["StoreError", "store"]


def store(
    obj: Any,
    path: str | os.PathLike[str],
    *,
    inputs: Iterable[str | os.PathLike[str]] = (),
    script: str | os.PathLike[str] | None = None,
    seed: int | str | None = None,
) -> Path:
    """Store a result in an open format, with a sidecar that says where it comes from.

    Example::

        from sphinx_mmbook import store

        store(table, "results/accuracy.csv", inputs=["data/predictions.csv"], seed=1)
        store(fig, "results/accuracy.svg")
        store({"top1": 0.763, "top5": 0.934}, "results/accuracy.json")
        store(smf.ols("y ~ x", data).fit(), "results/regression.csv")

    ``path`` is relative to the chapter's folder, from wherever the program is run. Its ending is
    the format: CSV, TSV, JSON or Parquet for data; a figure becomes SVG and PDF, or PNG. Stored
    can be data frames, series, arrays with one or two dimensions, numbers, dictionaries of numbers,
    figures of matplotlib, fitted models of statsmodels (two tables: the coefficients and, beside
    it, ``…-fit.csv``), searches and reports of scikit-learn. ``inputs`` are the files that the
    program read, or folders; modules in the book are noted by themselves. ``script`` is noted as
    the program if it is another than the one that runs.

    Either all files and the sidecar are replaced or, also if the process is killed, none. What has
    not changed is not written again. Returns the path of the first file.

    :raises StoreError: if the object, the format or a path cannot be stored.
    :raises OSError: if the folder cannot be written.
    """
    code = sys._getframe(1).f_code
    caller = find_caller(code.co_filename, script)
    if caller.script is None:
        text = f"stored '{path}' without its program, which is no file of the book"
        warnings.warn(f"{text}; keep it in the chapter's folder code/", stacklevel=2)
    elif caller.changed:
        text = f"'{caller.script.name}' was saved while it ran, so what made '{path}' is not known"
        warnings.warn(f"{text}; run it again", stacklevel=2)
    target = caller.inside(path, "result")
    files = files_of(obj, target)
    target = target.with_name(next(iter(files)))
    save(caller, target, files, origin_of(caller, files, list(inputs), seed))
    return target


def save(caller: Caller, target: Path, files: Mapping[str, bytes], origin: Provenance) -> None:
    """Write what has changed of a result and its sidecar.

    :raises OSError: if the folder cannot be written.
    """
    folder = target.parent
    recover(folder)
    sidecar = folder / sidecar_name(target.name)
    old = _old(sidecar)
    changed = {name: data for name, data in files.items() if not _is(folder / name, origin, name)}
    if old and not changed and old.same_origin(origin):
        return
    new = replace(origin, **circumstances(caller, origin))
    gone = sorted(set(old.files) - set(files)) if old else []
    changed[sidecar.name] = new.text().encode()
    replace_files(folder, target.name, changed, gone)


def _is(file: Path, origin: Provenance, name: str) -> bool:
    """Whether a file has the content that it shall have."""
    return file.is_file() and digest(file) == origin.files[name]


def _old(sidecar: Path) -> Provenance | None:
    try:
        return read_provenance(sidecar, sidecar.name)
    except BookError:
        return None
