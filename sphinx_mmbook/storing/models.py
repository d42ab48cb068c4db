"""Fitted models of statsmodels as tables, named as R names them.

So a table of a model has the same rows and columns whether R or Python fitted it, and one can show
both side by side.
"""

from __future__ import annotations

import math
import re
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.storing.caller import StoreError
from sphinx_mmbook.storing.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Goodness of fit: R's name (as of broom's ``glance``) and those of statsmodels, the first that
#: is there.
FIT = {
    "nobs": ("nobs",),
    "r.squared": ("rsquared",),
    "adj.r.squared": ("rsquared_adj",),
    "pseudo.r.squared": ("prsquared",),
    "statistic": ("fvalue",),
    "p.value": ("f_pvalue", "llr_pvalue"),
    "df": ("df_model",),
    "logLik": ("llf",),
    "AIC": ("aic",),
    "BIC": ("bic_llf", "bic"),
    "deviance": ("deviance", "ssr"),
    "null.deviance": ("null_deviance",),
    "df.residual": ("df_resid",),
}
_LEVEL = re.compile(r"\[(?:[TS]\.)?([^\[\]]*)\]")
_QUOTED = re.compile(r"""Q\((?:"([^"]*+)"|'([^']*+)')\)""")
_CATEGORY = re.compile(r"C\(([^(),]+)(?:,[^\[()]*+(?>(?:\([^\[()]*+\)[^\[()]*+)*))?\)(?=\[|$|:)")


def is_model(obj: Any) -> bool:
    """Whether an object is the result of a fit by statsmodels, or looks like one."""
    return all(hasattr(obj, name) for name in ("params", "bse", "pvalues", "conf_int", "model"))


def coefficients(fit: Any) -> Table:
    """Return one row by term: estimate, standard error, t or z value, p value.

    It is R's ``coef(summary(fit))``: columns of the same names, rows in the order of the formula.

    :raises StoreError: if the model has several equations, or no standard errors.
    """
    if getattr(fit.params, "ndim", 1) != 1:
        raise StoreError("a model with several equations is no one table; store a table of each")
    letter = "t" if getattr(fit, "use_t", False) else "z"
    return _by_term(fit, {
        "Estimate": fit.params, "Std. Error": fit.bse, f"{letter} value": fit.tvalues,
        f"Pr(>|{letter}|)": fit.pvalues,
    })  # fmt: skip


def intervals(fit: Any) -> Table:
    """Return one row by term, as R's ``confint(fit)``: the limits of its 95 % interval."""
    limits = fit.conf_int()
    limits = getattr(limits, "values", limits)
    return _by_term(fit, {"2.5 %": limits[:, 0], "97.5 %": limits[:, 1]})


def _by_term(fit: Any, columns: Mapping[str, Iterable[Any]]) -> Table:
    """Return columns, each with a value by term, as a table with the terms' names."""
    names = _names(fit)
    rows = [
        [name, *(float(cell) for cell in cells)]
        for name, *cells in zip(r_names(names), *columns.values(), strict=True)
    ]
    return Table(["", *columns], [rows[position] for position in _order(fit, names)])


def goodness(fit: Any) -> dict[str, float]:
    """Return the statistics of ``FIT`` that the model has, as R computes them."""
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels announces that bic will change
        for name, attributes in FIT.items():
            for attribute in attributes:
                with suppress(Exception):  # computed when asked for, and not by every model
                    found[name] = float(getattr(fit, attribute))
                    break
        with suppress(Exception):
            found["sigma"] = float(fit.mse_resid) ** 0.5
    if "r.squared" in found and {"AIC", "BIC", "nobs"} <= found.keys():
        # R counts the variance of a linear model among its parameters, statsmodels does not; side
        # by side the two must mean the same.
        found["AIC"] += 2
        found["BIC"] += math.log(found["nobs"])
    return found


def r_names(names: list[str]) -> list[str]:
    """Return the names that R gives the terms: ``(Intercept)``, ``Speciesvirginica``."""
    new = [_r_name(name) for name in names]
    return new if len(set(new)) == len(new) else names


def _r_name(name: str) -> str:
    if name in ("Intercept", "const"):
        return "(Intercept)"
    name = _CATEGORY.sub(r"\1", _QUOTED.sub(r"\1\2", name))
    return _LEVEL.sub(r"\1", name)


def _names(fit: Any) -> list[str]:
    """Return the names of the parameters; an ARIMA model has more than its variables.

    :raises StoreError: if the model does not say them.
    """
    index = getattr(fit.params, "index", None)
    models = [getattr(fit.model, name, None) for name in ("param_names", "exog_names")]
    for names in ([] if callable(index) else [index]) + models:
        if names is not None and len(names) == len(fit.params):
            return [str(name) for name in names]
    raise StoreError("a model without names for its parameters; fit it to a data frame")


def _order(fit: Any, names: list[str]) -> list[int]:
    """Return the terms' places in the order of the formula; statsmodels has categories first."""
    order = list(range(len(names)))
    formula = getattr(fit.model, "formula", None)
    if not isinstance(formula, str) or "~" not in formula:
        return order
    terms = ["Intercept", *(_bare(term) for term in _split(formula.partition("~")[2]))]
    bare = [_bare(_LEVEL.sub("", name)) for name in names]
    if any(term not in terms for term in bare):
        return order
    return sorted(order, key=lambda position: terms.index(bare[position]))


def _split(formula: str) -> list[str]:
    """Split a formula at the plus signs that are not in brackets."""
    parts, depth = [""], 0
    for sign in formula:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "+" and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _bare(term: str) -> str:
    return re.sub(r"\s+", "", term)
