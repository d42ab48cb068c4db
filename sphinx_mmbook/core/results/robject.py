"""One object of R, as a view of what rdata has parsed."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.fault import unfit

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBERS = frozenset({"INT", "REAL", "LGL"})


class RValue:
    """An object of R: its kind, attributes and values. ``raw`` is an ``rdata.parser.RObject``.

    Only what is asked for is converted. So an ``lm`` object can be read although it holds
    functions and whole environments.
    """

    def __init__(self, raw: Any, encoding: str | None = None) -> None:
        while raw.info.type.name == "REF":
            raw = raw.referenced_object
        self.raw = raw
        self.encoding = encoding

    @property
    def kind(self) -> str:
        """R's name for the storage: ``"REAL"``, ``"INT"``, ``"LGL"``, ``"STR"``, ``"VEC"``, …."""
        return str(self.raw.info.type.name)

    @cached_property
    def attributes(self) -> dict[str, RValue]:
        """The attributes: ``names``, ``dim``, ``class``, …."""
        attributes = self.raw.attributes
        return {} if attributes is None else RValue(attributes, self.encoding).pairs()

    @property
    def classes(self) -> list[str]:
        """The classes, most special first; an object without the attribute has none."""
        return self.strings("class")

    def strings(self, attribute: str) -> list[str]:
        """Return an attribute that is a character vector; nothing if it is not there."""
        value = self.attributes.get(attribute)
        texts = value.values() if value is not None and value.kind == "STR" else []
        return ["" if text is None else str(text) for text in texts]

    def pairs(self) -> dict[str, RValue]:
        """Return a pairlist by its tags."""
        return {RValue(node.tag, self.encoding).symbol(): self.child(node.value[0])
                for node in self._nodes() if node.tag is not None}  # fmt: skip

    def members(self) -> dict[str, RValue]:
        """Return a named list by its names; the first of two with one name, as R's ``$`` does."""
        children = [self.child(child) for child in self.raw.value]
        names = self.strings("names")
        return dict(reversed(list(zip(names, children, strict=False))))

    def symbol(self) -> str:
        """Return the name that a symbol is."""
        return str(self._text(self.raw.value)) if self.kind == "SYM" else ""

    def values(self) -> list[Any]:
        """Return a vector's cells as plain values; NA is ``None``, save in numbers, where NaN is.

        :raises ResultFault: if it is no vector of numbers, truth values or strings.
        """
        if self.kind == "STR":
            return [self._text(child) for child in self.raw.value]
        if self.kind not in NUMBERS:
            raise unfit(f"holds {self.kind} where numbers or strings are wanted; store a table")
        cells: list[Any] = self.raw.value.tolist()
        if self.kind == "REAL":
            return [None if math.isnan(cell) else cell for cell in cells]
        return cells

    def child(self, raw: Any) -> RValue:
        """Return a part of this object."""
        return RValue(raw, self.encoding)

    def _nodes(self) -> Iterator[Any]:
        node = self.raw
        while node.info.type.name in {"LIST", "ATTRLIST"}:
            yield node
            node = node.value[1]

    def _text(self, raw: Any) -> str | None:
        """Return a string of R. What is in no known encoding still becomes a string."""
        data: bytes | None = raw.value
        if data is None:
            return None
        for encoding in ("utf-8", self.encoding or "latin-1"):
            try:
                return data.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
        return data.decode("latin-1")
