"""Draw the coefficients of the iris regression with their confidence intervals.

Run in this chapter's folder:  python code/estimates.py   or, if it has changed:  mmbook results run
"""
# mmbook-results: figures/estimates.svg
# mmbook-inputs: results/iris.csv

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd

# The same input gives the same file: no random ids, no date; letters as outlines, so that no font is needed.
mpl.rcParams["svg.hashsalt"] = "estimates"
mpl.rcParams["svg.fonttype"] = "path"

T_QUANTILE = 1.9766  # 97.5 % quantile of the t distribution, 144 degrees of freedom

table = pd.read_csv("results/iris.csv", index_col=0).drop("(Intercept)")[::-1]
names = table.index.str.replace(".", " ").str.replace("Species", "").str.lower()

fig, ax = plt.subplots(figsize=(5.6, 2.6), layout="constrained")
ax.axvline(0, color="0.6", linewidth=1)
ax.errorbar(
    table["Estimate"], names, xerr=T_QUANTILE * table["Std. Error"],
    fmt="o", color="#0072B2", capsize=3,
)  # fmt: skip
ax.set_xlabel("estimate (cm, or cm per cm)")
ax.spines[["top", "right", "left"]].set_visible(False)
ax.tick_params(axis="y", length=0)
fig.savefig("figures/estimates.svg", metadata={"Date": None})
