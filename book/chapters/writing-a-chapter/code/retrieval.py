"""How many dimensions does a shared space of images and texts need before retrieval works?

A toy: each image is a random direction, its text the same direction plus noise. A text finds its
image if no other image is nearer, by the cosine of the angle.

Run from anywhere:  python code/retrieval.py   or, if it has changed:  mmbook results run
"""

import matplotlib.pyplot as plt
import numpy as np

from sphinx_mmbook import store

SEED = 20
PAIRS = 1000
NOISE = 1.0  # as long as the image's own vector, on average
DIMENSIONS = (2, 4, 8, 16, 32, 64, 128)


def ranks(dimension: int, rng: np.random.Generator) -> np.ndarray:
    """Return for each text how many images are at least as near as its own."""
    images = rng.normal(size=(PAIRS, dimension))
    texts = images + NOISE * rng.normal(size=(PAIRS, dimension))
    images /= np.linalg.norm(images, axis=1, keepdims=True)
    nearness = texts @ images.T  # the length of a text changes none of its ranks
    return (nearness >= np.diag(nearness)[:, None]).sum(axis=1)


rng = np.random.default_rng(SEED)
rows = []
for dimension in DIMENSIONS:
    rank = ranks(dimension, rng)
    rows.append(
        {
            "dimensions": dimension,
            "recall at 1": float(np.mean(rank <= 1)),
            "recall at 5": float(np.mean(rank <= 5)),
            "median rank": float(np.median(rank)),
        }
    )
store(rows, "results/retrieval.csv", seed=SEED)

enough = next(row["dimensions"] for row in rows if row["recall at 1"] > 0.5)
numbers = {
    "pairs": PAIRS,
    "enough dimensions": enough,
    "recall there": next(row["recall at 1"] for row in rows if row["dimensions"] == enough),
}
store(numbers, "results/retrieval.json", seed=SEED)

fig, ax = plt.subplots(figsize=(5.6, 2.8), layout="constrained")
for name, marker, colour, offset in (
    ("recall at 1", "o", "#0072B2", (10, -5)),
    ("recall at 5", "s", "#D55E00", (-62, 3)),
):
    heights = [row[name] for row in rows]
    ax.plot(DIMENSIONS, heights, marker=marker, color=colour)
    ax.annotate(name, (16, heights[3]), offset, textcoords="offset points", color=colour)
ax.set_xscale("log", base=2)
ax.set_xticks(DIMENSIONS, DIMENSIONS)
ax.set_xlabel("dimensions of the shared space")
ax.set_ylabel("texts that find their image")
ax.set_ylim(0, 1.03)
ax.spines[["top", "right"]].set_visible(False)
store(fig, "results/retrieval.svg", seed=SEED, dark=True)
