"""The coefficient table of a model that R fitted, computed as ``summary()`` does.

The estimates have the covariance s² (R'R)⁻¹, where R is the triangle of the fit's QR
decomposition and s² the residual variance (J. M. Chambers, Linear models, in: Statistical Models
in S, 1992, chapter 4).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.values.fault import missing_extra, unfit
from sphinx_mmbook.core.results.values.frames import column, frame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pandas import DataFrame

    from sphinx_mmbook.core.results.readers.r.objects import RValue

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
    z = _is_z(model)
    freedom = float(parts["df.residual"].values()[0])
    variance = 1.0 if z else _variance(parts, freedom, generalised="glm" in model.classes)
    positions, errors = _standard_errors(parts, variance)
    table = [[value, None, None, None] for value in estimates.values()]
    for position, error in zip(positions, errors, strict=True):
        ratio = table[position][0] / error if error else math.nan
        table[position][1:] = [error, ratio, _two_sided(ratio, math.inf if z else freedom)]
    columns = [column([row[position] for row in table]) for position in range(4)]
    return frame(titles(model), [column(estimates.strings("names")), *columns])


def titles(model: RValue) -> list[str]:
    """Return the names of the columns of a model's coefficient table."""
    letter = "z" if _is_z(model) else "t"
    return ["", "Estimate", "Std. Error", f"{letter} value", f"Pr(>|{letter}|)"]


def _is_z(model: RValue) -> bool:
    return "glm" in model.classes and _family(model.members()).startswith(KNOWN_VARIANCE)


def analysis_of_variance(model: RValue) -> DataFrame:
    """Return the table of an ``aov`` object, one row by term, as R's ``summary.aov`` computes it.

    The effects are the data in the coordinates of the QR decomposition: the squares of those that
    belong to a term are what it explains beyond the terms before it.

    :raises ResultFault: if scipy is not there.
    """
    parts = model.members()
    terms = parts["terms"].attributes["term.labels"].values()
    rank, assign = int(parts["rank"].values()[0]), parts["assign"].values()
    pivot = parts["qr"].members()["pivot"].values()[:rank]
    effects = parts["effects"].values()[:rank]
    squares: dict[int, list[float]] = {}
    for place, effect in zip(pivot, effects, strict=True):
        squares.setdefault(assign[place - 1], []).append(effect**2)
    freedom = float(parts["df.residual"].values()[0])
    left = _variance(parts, freedom, generalised=False)
    rows = [
        [terms[term - 1], len(found), sum(found), sum(found) / len(found)]
        for term, found in sorted(squares.items())
        if term > 0
    ]
    ratios = [row[3] / left if left else math.nan for row in rows]
    chances = [_above(ratio, row[1], freedom) for ratio, row in zip(ratios, rows, strict=True)]
    rows.append(["Residuals", int(freedom), left * freedom, left])
    names = ["", "Df", "Sum Sq", "Mean Sq", "F value", "Pr(>F)"]
    columns = [[row[place] for row in rows] for place in range(4)]
    return frame(names, [column(cells) for cells in (*columns, [*ratios, None], [*chances, None])])


def _above(ratio: float, one: float, other: float) -> float:
    """Return the probability of a ratio of variances at least as large, by F."""
    try:
        from scipy.special import fdtrc  # noqa: PLC0415 -- an extra
    except ImportError:
        raise missing_extra("scipy", "r") from None
    return float(fdtrc(one, other, ratio))


def fit_of(model: RValue) -> dict[str, float | None]:
    """Return the goodness of fit of an ``lm`` or ``glm``, by the names of the R package broom."""
    parts = model.members()
    freedom = float(parts["df.residual"].values()[0])
    if "glm" in model.classes:
        return _fit_of_glm(parts, freedom)
    return _fit_of_lm(parts, freedom)


def _fit_of_glm(parts: dict[str, RValue], freedom: float) -> dict[str, float | None]:
    weights = _floats(parts["prior.weights"])
    count = int((weights != 0).sum())
    aic, rank = parts["aic"].values()[0], int(parts["rank"].values()[0])
    # Families with a dispersion to estimate have one parameter more; stats:::logLik.glm.
    estimated = _family(parts) in ("gaussian", "Gamma", "inverse.gaussian")
    likelihood = None if aic is None else rank + estimated - aic / 2
    return {
        "nobs": count,
        "deviance": parts["deviance"].values()[0],
        "null.deviance": parts["null.deviance"].values()[0],
        **_criteria(likelihood, rank + estimated, count),
        "df.residual": freedom,
    }


def _fit_of_lm(parts: dict[str, RValue], freedom: float) -> dict[str, float | None]:
    """Return what ``summary.lm``, ``logLik.lm`` and ``AIC`` of R's package stats return."""
    import numpy as np  # noqa: PLC0415 -- the command line does not need it

    residuals, fitted = _floats(parts["residuals"]), _floats(parts["fitted.values"])
    has_weights = "weights" in parts and parts["weights"].kind == "REAL"
    weights = _floats(parts["weights"]) if has_weights else np.ones(len(residuals))
    used = (weights != 0) & ~np.isnan(residuals)
    residuals, fitted, weights = residuals[used], fitted[used], weights[used]
    rank, count = int(parts["rank"].values()[0]), len(residuals)
    intercept = int("(Intercept)" in parts["coefficients"].strings("names"))
    centre = np.average(fitted, weights=weights) if intercept else 0.0
    explained = float((weights * (fitted - centre) ** 2).sum())
    left = float((weights * residuals**2).sum())
    squared = explained / (explained + left) if rank > intercept else 0.0
    variance = left / freedom if freedom else math.nan
    likelihood = None  # infinite for an exact fit
    if left > 0:
        likelihood = -(count * (math.log(2 * math.pi * left / count) + 1)) / 2
        likelihood += float(np.log(weights).sum()) / 2
    return {
        "nobs": count,
        "r.squared": squared,
        "adj.r.squared": 1 - (1 - squared) * (count - intercept) / freedom if freedom else None,
        "sigma": math.sqrt(variance) if freedom else None,
        "statistic": explained / (rank - intercept) / variance if rank > intercept else None,
        **_criteria(likelihood, rank + 1, count),
        "df.residual": freedom,
    }


def _criteria(likelihood: float | None, parameters: int, count: int) -> dict[str, float | None]:
    """Return the log-likelihood and the criteria of Akaike and Bayes (Schwarz)."""
    if likelihood is None:
        return {"logLik": None, "AIC": None, "BIC": None}
    bayes = -2 * likelihood + parameters * math.log(count)
    return {"logLik": likelihood, "AIC": -2 * likelihood + 2 * parameters, "BIC": bayes}


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
    positions = [pivot - 1 for pivot in decomposition["pivot"].values()[:rank]]
    return positions, errors.tolist()


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
