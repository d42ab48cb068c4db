"""One object of R."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from sphinx_mmbook.core.results.readers.r.stream import NA
from sphinx_mmbook.core.results.values.fault import unfit

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

        :raises ResultFault: if it is none.
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

        :raises ResultFault: if it is no vector of numbers, truth values or strings.
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
