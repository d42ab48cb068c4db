"""What the columns of a coefficient table are called, whoever wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Names that R, the R package broom, statsmodels and people give to the columns.
ESTIMATE = ("Estimate", "estimate", "coef", "Coef.", "coefficient", "beta")
ERROR = ("Std. Error", "Std..Error", "std.error", "std err", "Std.Err.", "bse", "std_error", "se")
RATIO = (
    "t value", "z value", "t.value", "z.value", "statistic", "t", "z", "t_value", "z_value",
)  # fmt: skip
PROBABILITY = (
    "Pr(>|t|)", "Pr(>|z|)", "Pr...t..", "Pr...z..", "p.value", "P>|t|", "P>|z|", "p_value",
    "p-value", "pvalue", "p",
)  # fmt: skip
LIMITS = ("2.5 %", "97.5 %", "conf.low", "conf.high", "[0.025", "0.975]")
#: Digits after the point that are usual for them.
USUAL_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(ESTIMATE + ERROR + PROBABILITY + LIMITS, 4),
    **dict.fromkeys(RATIO, 3),
}


def is_coefficient_table(names: Sequence[str]) -> bool:
    """Tell whether columns of these names are estimates and their standard errors."""
    return find(names, ESTIMATE) is not None and find(names, ERROR) is not None


def find(names: Sequence[str], known: Sequence[str]) -> int | None:
    """Return the place of the first column that has one of the known names."""
    return next((position for position, name in enumerate(names) if name in known), None)
