"""One object of R; and its compact vectors ("ALTREP"), expanded within limits.

Source of the latter: R's ``src/main/altclasses.c``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sphinx_mmbook.core.results.readers.r.stream import NA
from sphinx_mmbook.core.results.values.fault import too_large, unfit, unreadable
from sphinx_mmbook.core.results.values.frames import MAX_CELLS

#: Kinds of vectors: truth values, integers, numbers, strings.
VECTORS = frozenset({"LGL", "INT", "REAL", "STR"})


@dataclass(slots=True, eq=False)
class RValue:
    """An object of R. ``kind`` is R's name for the storage: ``"REAL"``, ``"STR"``, ``"VEC"``, ….

    ``data`` is by kind: NumPy arrays for ``"LGL"``, ``"INT"`` and ``"REAL"``, a list of strings or
    ``None`` for ``"STR"``, a list of ``RValue`` for ``"VEC"``, a list of ``(tag, RValue)`` for the
    pairlist ``"LIST"``, the name of a ``"SYM"``; nothing for all that no table is made of.
    """

    kind: str
    data: Any = None
    attributes: dict[str, RValue] = field(default_factory=dict)

    @property
    def classes(self) -> list[str]:
        """The classes, most special first; an object without the attribute has none."""
        return self.strings("class")

    def strings(self, attribute: str) -> list[str]:
        """Return an attribute that is a character vector; nothing if it is not there."""
        value = self.attributes.get(attribute)
        texts = value.data if value is not None and value.kind == "STR" else []
        return ["" if text is None else text for text in texts]

    def pairs(self) -> dict[str, RValue]:
        """Return a pairlist by its tags."""
        return {tag: value for tag, value in self.data if tag} if self.kind == "LIST" else {}

    def children(self) -> list[RValue]:
        """Return the elements of a list.

        :raises ResultFault: if it is not a list.
        """
        if self.kind != "VEC":
            raise self.unexpected("a list is")
        children: list[RValue] = self.data
        return children

    def members(self) -> dict[str, RValue]:
        """Return a named list by its names; the first of two with one name, as R's ``$`` does."""
        members: dict[str, RValue] = {}
        for name, child in zip(self.strings("names"), self.children(), strict=False):
            members.setdefault(name, child)
        return members

    def values(self) -> list[Any]:
        """Return a vector's cells as plain values; NA is ``None``, and so is NaN.

        :raises ResultFault: if it is not a vector of numbers, truth values or strings.
        """
        if self.kind == "STR":
            return list(self.data)
        if self.kind not in VECTORS:
            raise self.unexpected("numbers or strings are")
        cells: list[Any] = self.data.tolist()
        if self.kind == "REAL":
            return [None if math.isnan(cell) else cell for cell in cells]
        if self.kind == "LGL":
            return [None if cell == NA else bool(cell) for cell in cells]
        return [None if cell == NA else cell for cell in cells]

    def unexpected(self, wanted: str) -> Exception:
        """Return the fault of an object that is something else than wanted."""
        return unfit(f"holds {self.kind} where {wanted} wanted; store a table")


DAMAGED = "has a compact vector that is damaged; store the result again"


def expand(name: str, state: RValue) -> RValue:
    """Return the vector of the class ``name`` that ``state`` describes.

    :raises ResultFault: if the class is not known, or the vector larger than a table may be.
    """
    if name in ("compact_intseq", "compact_realseq"):
        return _sequence(state, whole=name == "compact_intseq")
    if name == "deferred_string" and state.kind == "LIST" and state.data:
        return _strings(state.data[0][1])
    if name.startswith("wrap_"):
        children = state.children() if state.kind == "VEC" else [item for _, item in state.data]
        return children[0]
    raise unreadable(f"has a vector of the unknown form '{name[:40]}'; store it with version = 2")


def _sequence(state: RValue, *, whole: bool) -> RValue:
    import numpy as np  # noqa: PLC0415 -- the command line does not need it

    cells: list[Any] = state.values()
    if len(cells) != 3 or None in cells:
        raise unreadable(DAMAGED)
    length, first, step = cells
    # In 30 bytes, a sequence can claim a billion cells.
    if not 0 <= length <= MAX_CELLS:
        raise too_large(f"has a vector of {length:.0f} values; store a summary")
    numbers = first + step * np.arange(int(length))
    return RValue("INT", numbers.astype(np.int32)) if whole else RValue("REAL", numbers)


def _strings(numbers: RValue) -> RValue:
    """Return numbers as R's ``as.character`` writes them, to 15 significant digits."""
    if numbers.kind not in VECTORS:
        raise unreadable(DAMAGED)
    return RValue("STR", [_string(cell) for cell in numbers.values()])


def _string(cell: Any) -> str | None:
    if not isinstance(cell, float):
        return None if cell is None else str(cell)
    if math.isinf(cell):
        return "Inf" if cell > 0 else "-Inf"
    digits, exponent = f"{cell:.14e}".split("e")
    short = digits.rstrip("0").rstrip(".")
    scientific = f"{short}e{int(exponent):+03d}"
    fixed = f"{Decimal(scientific):f}"
    return fixed if len(fixed) <= len(scientific) else scientific
