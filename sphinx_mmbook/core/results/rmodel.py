"""The coefficient table of a model that R fitted, computed as ``summary()`` does.

The estimates have the covariance s² (R'R)⁻¹, where R is the triangle of the fit's QR
decomposition and s² the residual variance (J. M. Chambers, Linear models, in: Statistical Models
in S, 1992, chapter 4).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.fault import missing_extra, unfit
from sphinx_mmbook.core.results.frames import column, frame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pandas import DataFrame

    from sphinx_mmbook.core.results.robject import RValue

    Floats = NDArray[np.float64]

#: Classes whose standard errors are those of ``lm`` or ``glm``; others (robust, mixed) are not.
MODELS = (["lm"], ["aov", "lm"], ["glm", "lm"], ["negbin", "glm", "lm"])
#: Families of known variance: estimates are compared with the normal distribution, not with t.
KNOWN_VARIANCE = ("poisson", "binomial", "Negative Binomial")


def coefficients(model: RValue) -> DataFrame:
    """Return the coefficient table of an ``lm`` or ``glm`` object, one row by term.

    Columns as in R: term (without a name), Estimate, Std. Error, t or z value, Pr(>|t|) or
    Pr(>|z|). A term that the data do not determine (``NA`` in R) has missing values.

    :raises ResultFault: if the object is another kind of model, or scipy is not there.
    """
    if model.classes not in MODELS:
        raise unfit(
            f"holds a model of class '{model.classes[0]}', whose standard errors only R knows; "
            'store its table: write.csv(coef(summary(fit)), "results/fit.csv")'
        )
    parts = model.members()
    estimates = parts["coefficients"]
    z = "glm" in model.classes and _family(parts).startswith(KNOWN_VARIANCE)
    freedom = float(parts["df.residual"].values()[0])
    variance = 1.0 if z else _variance(parts, freedom, generalised="glm" in model.classes)
    places, errors = _standard_errors(parts, variance)
    table = [[value, None, None, None] for value in estimates.values()]
    for place, error in zip(places, errors, strict=True):
        ratio = table[place][0] / error if error else math.nan
        table[place][1:] = [error, ratio, _two_sided(ratio, math.inf if z else freedom)]
    letter = "z" if z else "t"
    names = ["", "Estimate", "Std. Error", f"{letter} value", f"Pr(>|{letter}|)"]
    columns = [column([row[place] for row in table]) for place in range(4)]
    return frame(names, [column(estimates.strings("names")), *columns])


def _family(parts: dict[str, RValue]) -> str:
    return str(parts["family"].members()["family"].values()[0])


def _variance(parts: dict[str, RValue], freedom: float, *, generalised: bool) -> float:
    """Return the residual variance; NaN if no degree of freedom is left, as in R."""
    residuals = _floats(parts["residuals"])
    squares = residuals**2
    if "weights" in parts and parts["weights"].kind == "REAL":
        weights = _floats(parts["weights"])
        squares = weights * squares
        if generalised:  # working residuals of cases without weight may be anything
            squares = squares[weights > 0]
    return float(squares.sum()) / freedom if freedom > 0 else math.nan


def _standard_errors(parts: dict[str, RValue], variance: float) -> tuple[list[int], list[float]]:
    """Return the places of the terms that the data determine, and their standard errors."""
    import numpy as np  # noqa: PLC0415 -- the command line does not need it

    rank = int(parts["rank"].values()[0])
    if rank == 0:
        return [], []
    decomposition = parts["qr"].members()
    qr = decomposition["qr"]
    shape = qr.attributes["dim"].values()
    triangle = np.triu(_floats(qr).reshape(shape, order="F")[:rank, :rank])
    inverse = np.linalg.inv(triangle)
    errors = np.sqrt((inverse**2).sum(axis=1) * variance)
    places = [pivot - 1 for pivot in decomposition["pivot"].values()[:rank]]
    return places, errors.tolist()


def _two_sided(ratio: float, freedom: float) -> float:
    """Return the probability of a ratio at least as large, either way, by t or (inf) normal."""
    try:
        from scipy.special import ndtr, stdtr  # noqa: PLC0415 -- an extra
    except ImportError:
        raise missing_extra("scipy", "r") from None
    tail = ndtr(-abs(ratio)) if freedom == math.inf else stdtr(freedom, -abs(ratio))
    return float(2 * tail)


def _floats(value: RValue) -> Floats:
    import numpy as np  # noqa: PLC0415 -- see above

    cells: Any = value.values()
    return np.array([math.nan if cell is None else cell for cell in cells], dtype=np.float64)
