"""Changes of several files and folders, made as a whole: all of them, or none."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinx_mmbook.core.files.paths import is_within
from sphinx_mmbook.core.files.writing import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Changes:
    """What is to be moved (first), and the texts of files to be written (then).

    Paths are relative to one folder; ``texts`` are at their places after the moves.
    """

    moves: tuple[tuple[str, str], ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def carry_out(root: Path, changes: Changes) -> None:
    """Make changes below ``root``; if one cannot be made, all is as it was before.

    :raises OSError: if one cannot be made: nothing that exists is overwritten by a move.
    """
    made: list[Path] = []
    moved: list[tuple[Path, Path]] = []
    try:
        for old, new in ((root / old, root / new) for old, new in changes.moves):
            _make_folders(new.parents, made)
            if new.exists():
                raise FileExistsError(17, "it exists already", str(new))
            old.rename(new)
            moved.append((old, new))
        for name in changes.texts:
            if not name.startswith("..") and not is_within(root, name):
                raise FileNotFoundError(2, "a link here leads out of the book", str(root / name))
            _make_folders((root / name).parents, made)
        write_whole({root / name: text for name, text in changes.texts.items()})
    except BaseException:
        for old, new in reversed(moved):
            new.rename(old)
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def _make_folders(folders: Iterable[Path], made: list[Path]) -> None:
    """Make the folders that are missing, outermost first, and note them."""
    for folder in reversed([*folders]):
        if not folder.exists():
            folder.mkdir()
            made.append(folder)
