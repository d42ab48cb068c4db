"""The elements of R's serialization: integers, numbers and bytes, as XDR, binary or text.

Source: R Internals, section "Serialization Formats". No element is larger than what is left of the
file: a length that claims more is refused before anything is allocated.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.values.fault import unreadable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: How R stores the missing integer and truth value.
NA = -(2**31)
WORD = re.compile(rb"\S+")
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
ESCAPED = dict(zip(b"ntvbrfa", b"\n\t\v\b\r\f\a", strict=True))


def open_stream(data: bytes, start: int) -> BinaryStream | TextStream:
    """Return what follows the mark of the format, ``X``, ``B`` or ``A``, that is at ``start``."""
    kind, begin = data[start : start + 1], data.find(b"\n", start) + 1
    if kind == b"A":
        return TextStream(data, begin)
    return BinaryStream(data, begin, ">" if kind == b"X" else "<")


def cut_off() -> Exception:
    """Return the fault of a file that ends before what it announces."""
    return unreadable("is cut off or damaged; store the result again")


class BinaryStream:
    """XDR, which is big-endian, or the native form of a little-endian machine."""

    def __init__(self, data: bytes, position: int, order: str) -> None:
        self.data, self.position = data, position
        self.order, self.byteorder = order, "big" if order == ">" else "little"

    def check(self, count: int) -> int:
        """Return ``count`` if that many objects may be left; each takes at least four bytes.

        :raises ResultFault: if it is negative, or the file too short.
        """
        if not 0 <= count <= (len(self.data) - self.position) // 4:
            raise cut_off()
        return count

    def text(self, count: int) -> bytes:
        """Return that many bytes."""
        end = self.position + count
        if count < 0 or end > len(self.data):
            raise cut_off()
        found = self.data[self.position : end]
        self.position = end
        return found

    raw = text

    def integer(self) -> int:
        """Return one integer."""
        return int.from_bytes(self.text(4), self.byteorder, signed=True)  # type: ignore[arg-type]

    def integers(self, count: int) -> NDArray[np.int32]:
        """Return integers."""
        import numpy as np  # noqa: PLC0415 -- the command line does not need it

        return np.frombuffer(self.text(4 * count), f"{self.order}i4").astype(np.int32)

    def doubles(self, count: int) -> NDArray[np.float64]:
        """Return numbers."""
        import numpy as np  # noqa: PLC0415 -- see above

        return np.frombuffer(self.text(8 * count), f"{self.order}f8").astype(np.float64)


class TextStream:
    """The text form, an element a word; strings have their length before them."""

    def __init__(self, data: bytes, position: int) -> None:
        self.left = (len(data) - position) // 2
        self.words = (match.group() for match in WORD.finditer(data, position))

    def check(self, count: int) -> int:
        """Return ``count``; each object takes a letter and a space at least."""
        if not 0 <= count <= self.left:
            raise cut_off()
        return count

    def word(self) -> bytes:
        """Return the next word."""
        word = next(self.words, None)
        if word is None:
            raise cut_off()
        return word

    def integer(self) -> int:
        """Return one integer."""
        word = self.word()
        return NA if word == b"NA" else int(word[:12])

    def integers(self, count: int) -> NDArray[np.int32]:
        """Return integers."""
        import numpy as np  # noqa: PLC0415 -- see above

        return np.array([self.integer() for _ in range(self.check(count))], dtype=np.int32)

    def doubles(self, count: int) -> NDArray[np.float64]:
        """Return numbers."""
        import numpy as np  # noqa: PLC0415 -- see above

        return np.array([_double(self.word()) for _ in range(self.check(count))], dtype=np.float64)

    def text(self, count: int) -> bytes:
        """Return a string; an empty one leaves no word."""
        if count == 0:
            return b""
        found = ESCAPE.sub(_unescape, self.word())
        if len(found) != count:
            raise cut_off()
        return found

    def raw(self, count: int) -> bytes:
        """Return bytes, each written as two hexadecimal digits."""
        return bytes(int(self.word(), 16) for _ in range(self.check(count)))


def _double(word: bytes) -> float:
    if word == b"NA":
        return math.nan
    # saveRDS(ascii = NA) writes numbers in hexadecimal, which are exact.
    return float.fromhex(word.decode()) if b"x" in word else float(word)


def _unescape(match: re.Match[bytes]) -> bytes:
    code: Any = match[1]
    return bytes([int(code, 8) & 255]) if code.isdigit() else bytes([ESCAPED.get(code[0], code[0])])
