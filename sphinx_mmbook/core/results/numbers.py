"""Numbers as text. What is printed is the stored number, rounded to the digits shown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

#: Significant digits of the largest value in a column for which the author gives none; and at
#: least two digits after the point, at most eight.
SIGNIFICANT, FEWEST, MOST = 4, 2, 8
# Outside of these, numbers are written with an exponent.
TINY, HUGE = 1e-6, 1e15


def fixed(value: float | Decimal, digits: int) -> str:
    """Return ``value`` with ``digits`` digits after the point; zero never has a sign.

    The minus sign is the hyphen of ASCII, so that a number copied from the page can be computed
    with.
    """
    size = float(value)
    if math.isinf(size):
        return "Inf" if size > 0 else "-Inf"
    if abs(size) >= HUGE:
        return f"{value:.{digits}e}"
    return f"{value:z.{digits}f}"


def automatic(values: Iterable[float | Decimal]) -> list[str]:
    """Return the values of a column with the digits that suit all of them, as R's print does."""
    numbers = list(values)
    sizes = [abs(float(value)) for value in numbers]
    largest = max((size for size in sizes if math.isfinite(size)), default=0.0)
    if 0 < largest < TINY or largest >= HUGE:
        return [
            f"{value:.{SIGNIFICANT - 1}e}" if math.isfinite(value) else fixed(value, 0)
            for value in numbers
        ]
    digits = _digits(largest)
    texts = [fixed(value, digits) for value in numbers]
    return _without_common_zeros(texts, digits)


def _digits(largest: float) -> int:
    exponent = math.floor(math.log10(largest)) if largest else 0
    return min(max(SIGNIFICANT - 1 - exponent, FEWEST), MOST)


def _without_common_zeros(texts: list[str], digits: int) -> list[str]:
    """Drop the zeros at the end that all texts share; infinities have none and do not count."""
    finite = [text for text in texts if "." in text]
    spare = min((len(text) - len(text.rstrip("0")) for text in finite), default=0)
    drop = digits + 1 if spare >= digits else spare
    return [text[:-drop] if drop and "." in text else text for text in texts]
