"""Figures of matplotlib as files, the same bytes for the same figure."""

from __future__ import annotations

import io
import re
from typing import Any

#: What each ending writes: a vector figure is SVG for the website and PDF for LaTeX.
FORMATS = {"": ("svg", "pdf"), ".svg": ("svg", "pdf"), ".pdf": ("svg", "pdf"), ".png": ("png",)}
#: What would differ from day to day.
_METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
    "png": {"Software": None},
}
PNG_DPI = 200
_BLANKS = re.compile(rb"[ \t]+$", re.MULTILINE)


def figure_in(obj: Any) -> Any | None:
    """Return the figure that an object is or belongs to: axes, a grid of seaborn, a display."""
    if isinstance(obj, type):
        return None
    for candidate in (obj, *(getattr(obj, name, None) for name in ("figure", "fig", "figure_"))):
        if hasattr(candidate, "savefig") and hasattr(candidate, "get_size_inches"):
            return candidate
    return None


def figure_files(figure: Any, stem: str, suffix: str) -> dict[str, bytes]:
    """Return the files of a figure by name, the one for the website first.

    The letters of an SVG are outlines: no browser needs the font.
    """
    from matplotlib import rc_context  # noqa: PLC0415 -- the figure has loaded it already

    found = {}
    for kind in FORMATS[suffix]:
        target = io.BytesIO()
        options = {"dpi": PNG_DPI} if kind == "png" else {}
        with rc_context({"svg.hashsalt": stem, "svg.fonttype": "path"}):
            figure.savefig(target, format=kind, metadata=_METADATA[kind], **options)
        data = target.getvalue()
        # Hooks that tidy up take blanks at line ends away, and the figure would count as edited.
        found[f"{stem}.{kind}"] = _BLANKS.sub(b"", data) if kind == "svg" else data
    return found
