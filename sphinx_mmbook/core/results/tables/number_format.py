"""Numbers as text. What is printed is the stored number, rounded to the digits shown.

Decided: the number that the file stores is rounded exactly as it is in memory, half to even, as
Python's ``format`` and R's ``format`` do. So 0.125 gives 0.12, and 2.675, which as a float is
2.67499999999999982236431605997495353221893310546875, gives 2.67. A share is multiplied before, as
Python's ``%`` does: 0.9345 gives 93.5%.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Literal

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.values.fault import wrong_option

if TYPE_CHECKING:
    from collections.abc import Iterable

Number = int | float | Decimal

#: Significant digits of the largest value in a column for which the author gives none; and at
#: least two digits after the point, at most eight.
SIGNIFICANT, FEWEST, MOST = 4, 2, 8
#: With up to this many digits a small value beside it is shown, and not as zero; with more, all
#: values have an exponent.
STILL_SIGNIFICANT = 7
#: Powers of ten outside of which numbers are written with an exponent.
TINY, HUGE = -6, 15
MOST_DIGITS = 15
#: More digits than a float has; some builds of Python print decimals of at most 4,300.
PRINTABLE = Context(prec=1_000)

SPEC = re.compile(r"(?P<sign>\+?)(?P<comma>,?)(?:\.(?P<digits>\d{1,2}))?(?P<style>[fge%dp]?)")
STYLES: dict[str, tuple[Style, int]] = {
    "": ("fixed", 0), "f": ("fixed", 2), "d": ("fixed", 0), "g": ("significant", 3),
    "e": ("exponent", 2), "%": ("percent", 1), "p": ("p", 3),
}  # fmt: skip
TRUE_MINUS = "\N{MINUS SIGN}"
Style = Literal["fixed", "significant", "exponent", "percent", "p"]


@dataclass(frozen=True)
class NumberFormat:
    """How numbers are written. ``digits`` are significant for that style, else after the point.

    The style ``p`` is that of probabilities: what would be printed as zero is "<0.001".
    """

    style: Style = "fixed"
    digits: int = 0
    thousands: bool = False
    sign: bool = False


@dataclass(frozen=True)
class NumberSigns:
    """The signs of which a language makes numbers; ``percent`` has the number in its gap."""

    decimal: str = "."
    group: str = ","
    minus: str = "-"
    percent: str = "{}%"

    def write(self, text: str) -> str:
        """Return a number as :func:`formatted` gives it in these signs: 1,234.5 as 1.234,5."""
        number = text.removesuffix("%")
        signs: dict[str, str | int | None] = {".": self.decimal, ",": self.group, "-": self.minus}
        number = number.translate(str.maketrans(signs))
        return self.percent.format(number) if text.endswith("%") else number


#: Those of English, with the hyphen for a minus sign.
ASCII_SIGNS = NumberSigns()


def signs_of(language: str) -> NumberSigns:
    """Return the signs of a language ("de", "de_CH") by Babel, which has them of Unicode's CLDR.

    Minus signs are true ones, also where the CLDR has the hyphen that keyboards have. A language
    that Babel does not know has those of English.
    """
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 -- only where pages are made

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    signs = locale.number_symbols.get("latn", {})
    pattern = locale.percent_formats[None].pattern
    before, _, after = re.sub(r"[#0.,]+", "{}", pattern, count=1).partition("{}")
    return NumberSigns(signs["decimal"], signs["group"], TRUE_MINUS, f"{before}{{}}{after}")


def parse_format(spec: str) -> NumberFormat:
    """Return the format that ``spec`` says, in Python's language for it: ``.1f``, ``,d``, ``.1%``.

    There are ``f`` (digits after the point), ``d`` (none), ``g`` (significant digits), ``e``,
    ``%``, and ``p`` for probabilities; before them ``+`` for a sign, ``,`` for thousands.

    :raises ResultFault: if it is not one.
    """
    match = SPEC.fullmatch(spec.strip())
    digits = int(match["digits"]) if match and match["digits"] else None
    if not match or not match[0] or (digits or 0) > MOST_DIGITS:
        raise wrong_option(
            f"has the format '{spec}'; write '.2f' for two digits after the point, '.3g' for three "
            "significant ones, '.1%' for percent, ',d' for thousands or 'p' for probabilities"
        )
    style, usual = STYLES[match["style"]]
    number = usual if digits is None or match["style"] == "d" else digits
    if style == "significant":
        number = max(number, 1)
    return NumberFormat(style, number, bool(match["comma"]), bool(match["sign"]))


def is_format(spec: str) -> bool:
    """Whether ``spec`` looks like a format, perhaps one with too many digits."""
    return bool(spec.strip()) and SPEC.fullmatch(spec.strip()) is not None


def formatted(value: Number, form: NumberFormat) -> str:
    """Return ``value`` as ``form`` wants it, in the signs of ASCII; zero never has a sign."""
    exact = Decimal(value)
    if not exact.is_finite():
        return "NaN" if exact.is_nan() else "Inf" if exact > 0 else "-Inf"
    flags = "+" * form.sign + "z"
    comma = "," * form.thousands
    power = exact.adjusted() if exact else 0
    if form.style == "p" and 0 <= exact < Decimal(10) ** -form.digits:
        return f"<{Decimal(10) ** -form.digits:f}"
    if form.style == "percent":
        # As Python: a float is multiplied before it is rounded, 0.9345 is 93.5 %, not 93.4 %.
        share = value if isinstance(value, float) else exact
        return f"{share:{flags}{comma}.{form.digits}%}"
    if form.style == "significant":
        return _significant(exact, form.digits, flags, comma)
    if form.style == "exponent" or (power >= HUGE and not isinstance(value, int)):
        return _with_exponent(f"{PRINTABLE.plus(exact):{flags}.{form.digits}e}")
    return f"{exact:{flags}{comma}.{form.digits}f}"


def fixed(value: Number, digits: int, *, thousands: bool = False) -> str:
    """Return ``value`` with ``digits`` digits after the point."""
    return formatted(value, NumberFormat("fixed", digits, thousands))


def automatic(values: Iterable[Number], *, thousands: bool = False) -> list[str]:
    """Return the values of a column with the digits that suit all of them, as R's print does."""
    numbers = list(values)
    sizes = [size for size in map(abs, map(Decimal, numbers)) if size.is_finite() and size]
    digits = _digits(max(sizes).adjusted(), min(sizes).adjusted()) if sizes else FEWEST
    if digits is None:
        form = NumberFormat("exponent", SIGNIFICANT - 1)
        return [formatted(value, form) for value in numbers]
    texts = [fixed(value, digits, thousands=thousands) for value in numbers]
    return _without_common_zeros(texts, digits)


def _digits(largest: int, smallest: int) -> int | None:
    """Return the digits for values between two powers of ten; None if they need an exponent."""
    if not TINY <= largest < HUGE:
        return None
    digits = min(max(SIGNIFICANT - 1 - largest, FEWEST), MOST)
    if -smallest <= digits:
        return digits
    # Else the smallest would be shown as zero.
    return -smallest if -smallest <= MOST and largest - smallest < STILL_SIGNIFICANT else None


def _significant(exact: Decimal, digits: int, flags: str, comma: str) -> str:
    rounded = Decimal(f"{exact:.{digits - 1}e}")
    power = rounded.adjusted() if rounded else 0
    if not TINY <= power < HUGE:
        return _with_exponent(f"{exact:{flags}.{digits - 1}e}")
    return f"{rounded:{flags}{comma}.{max(digits - 1 - power, 0)}f}"


def _with_exponent(text: str) -> str:
    """Write exponents as floats have them: 1.5e-07, where decimals have 1.5e-7."""
    mantissa, _, exponent = text.partition("e")
    if not mantissa.strip("+0."):  # decimals write zero as 0.000e+3
        exponent = "0"
    return f"{mantissa}e{int(exponent):+03d}"


def _without_common_zeros(texts: list[str], digits: int) -> list[str]:
    """Drop the zeros at the end that all texts share; infinities have none and do not count."""
    finite = [text for text in texts if "." in text]
    spare = min((len(text) - len(text.rstrip("0")) for text in finite), default=0)
    drop = digits + 1 if spare >= digits else spare
    return [text[:-drop] if drop and "." in text else text for text in texts]
