"""A figure stored in several formats: each output takes the one that it can show best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.values.fault import unfit

if TYPE_CHECKING:
    from pathlib import Path

#: What browsers and e-book readers show, and what LaTeX does, the best first.
WEB, PRINT = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"), (".pdf", ".png", ".jpg", ".jpeg")
#: Ends the name of a figure for dark pages.
DARK = "-dark"
FORMATS = tuple(dict.fromkeys((*WEB, *PRINT)))


def format_files(path: Path) -> list[Path]:
    """Return the files of the figure that ``path`` names, with or without a suffix.

    :raises ResultFault: by ``result-format`` if no figure can have the name.
    """
    stem = path.with_suffix("") if path.suffix.lower() in FORMATS else path
    if path.suffix and stem == path and any(path.parent.glob(f"{path.name}")):
        known = ", ".join(FORMATS)
        raise unfit(f"is not a figure; store it as one of {known}")
    found = {file.suffix: file for file in _beside(stem)}
    return [found[suffix] for suffix in FORMATS if suffix in found]


def dark_twin(files: list[Path]) -> Path | None:
    """Return the file that dark pages show in the place of a figure, ``loss-dark.svg``."""
    for file in files:
        twin = file.with_name(f"{file.stem}{DARK}{file.suffix}")
        if file.suffix in WEB and twin.is_file():
            return twin
    return None


def _beside(stem: Path) -> list[Path]:
    names = {f"{stem.name}{suffix}" for suffix in FORMATS}
    try:
        return [file for file in stem.parent.iterdir() if file.name in names]
    except OSError:
        return []
