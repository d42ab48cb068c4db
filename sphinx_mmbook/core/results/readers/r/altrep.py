"""R's compact vectors ("ALTREP"), expanded within limits. Source: R's ``src/main/altclasses.c``."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.readers.r.objects import VECTORS, RValue
from sphinx_mmbook.core.results.values.fault import too_large, unreadable
from sphinx_mmbook.core.results.values.frames import MAX_CELLS

if TYPE_CHECKING:
    from typing import Any

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
