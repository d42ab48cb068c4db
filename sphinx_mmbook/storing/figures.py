"""Figures as files, the same bytes for the same figure; those of other packages as stills."""

from __future__ import annotations

import io
import re
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.storing.caller import StoreError
from sphinx_mmbook.storing.dark import darkened
from sphinx_mmbook.storing.tables import is_a

if TYPE_CHECKING:
    from collections.abc import Callable

#: What each ending writes: a vector figure is SVG for the website and PDF for LaTeX.
FORMATS = {"": ("svg", "pdf"), ".svg": ("svg", "pdf"), ".pdf": ("svg", "pdf"), ".png": ("png",)}
#: What would differ from day to day.
_METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
    "png": {"Software": None},
}
PNG_DPI = 200
_LOTS = re.compile(rb'(?:\bid="defs-| trace)([0-9a-f]{6})"')
_BLANKS = re.compile(rb"(?<![ \t])[ \t]++$", re.MULTILINE)


def figure_in(obj: Any) -> Any | None:
    """Return the figure that an object is or belongs to: axes, a grid of seaborn, a display.

    What plotnine and seaborn.objects describe is drawn; pictures of PIL and figures of plotly and
    altair are returned as they are.
    """
    if isinstance(obj, type):
        return None
    if is_a(obj, "plotnine", "ggplot"):
        return obj.draw()
    if is_a(obj, "seaborn", "Plot"):
        from matplotlib.figure import Figure  # noqa: PLC0415 -- seaborn has loaded it already

        figure = Figure()
        obj.on(figure).plot()
        return figure
    for candidate in (obj, *(getattr(obj, name, None) for name in ("figure", "fig", "figure_"))):
        if hasattr(candidate, "savefig") and hasattr(candidate, "get_size_inches"):
            return candidate
        if candidate is not None and _still_of(candidate):
            return candidate
    return None


def _still_of(obj: Any) -> Callable[[Any, str], bytes] | None:
    """Return what makes a file of a figure that matplotlib did not draw."""
    for package, names, make in STILLS:
        if is_a(obj, package, *names):
            return make
    return None


def _picture(image: Any, kind: str) -> bytes:
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def _of_plotly(figure: Any, kind: str) -> bytes:
    data: bytes = figure.to_image(format=kind, scale=1 if kind == "svg" else 2)
    return without_lots(data) if kind == "svg" else data


def without_lots(svg: bytes) -> bytes:
    """Return an SVG of plotly with names that count instead of those drawn by lot."""
    for number, lot in enumerate(dict.fromkeys(_LOTS.findall(svg))):
        svg = svg.replace(lot, b"%06d" % number)
    return svg


def _of_altair(chart: Any, kind: str) -> bytes:
    target: Any = io.StringIO() if kind == "svg" else io.BytesIO()
    chart.save(target, format=kind, **({"scale_factor": 2} if kind == "png" else {}))
    found = target.getvalue()
    return found.encode() if isinstance(found, str) else found


#: Packages, their classes of figures, and what makes a still of one.
STILLS: tuple[tuple[str, tuple[str, ...], Callable[[Any, str], bytes]], ...] = (
    ("PIL", ("Image",), _picture),
    ("plotly", ("BaseFigure",), _of_plotly),
    ("altair", ("TopLevelMixin",), _of_altair),
)
#: What a package needs to make a still, and may lack.
NEEDS = {"plotly": "kaleido", "altair": "vl-convert-python"}


def _still_files(figure: Any, stem: str, suffix: str) -> dict[str, bytes]:
    """Return the stills of a figure: SVG for the website, PNG for what cannot show that.

    :raises StoreError: if it is a picture and no PNG is asked for, or a package is missing.
    """
    package = type(figure).__module__.partition(".")[0]
    make = _still_of(figure) or _picture
    if make is _picture and suffix not in ("", ".png"):
        raise StoreError(f"a picture of PIL is stored as .png; write '{stem}.png'")
    kinds = ("png",) if make is _picture or suffix == ".png" else ("svg", "png")
    try:
        found = {f"{stem}.{kind}": make(figure, kind) for kind in kinds}
    except (ImportError, ValueError, RuntimeError) as error:  # each has its own
        needed = NEEDS.get(package)
        if needed is None:
            raise
        raise StoreError(
            f"a figure of {package} cannot be made a still ({type(error).__name__}); "
            f"install what draws it: pip install {needed}; or draw it with matplotlib"
        ) from None
    return {
        name: _BLANKS.sub(b"", data) if name.endswith(".svg") else data
        for name, data in found.items()
    }


def figure_files(figure: Any, stem: str, suffix: str, dark: Any = None) -> dict[str, bytes]:
    """Return the files of a figure by name, the one for the website first.

    ``dark`` is the figure that dark pages show, or True: the same with light lines and letters.

    :raises StoreError: if a figure is not a figure of matplotlib, and cannot be drawn as asked.
    """
    kinds = FORMATS[suffix]
    if _still_of(figure):
        found = _still_files(figure, stem, suffix)
    else:
        found = {f"{stem}.{kind}": _drawn(figure, stem, kind) for kind in kinds}
    if dark is None or dark is False:
        return found
    return found | _twin(figure, f"{stem}-dark", kinds[0], dark)


def _twin(figure: Any, stem: str, kind: str, dark: Any) -> dict[str, bytes]:
    """Return the file that dark pages show."""
    other = figure if dark is True else figure_in(dark)
    if other is None or (dark is True and _still_of(figure)):
        advice = "give the figure that dark pages are to show: dark=figure"
        raise StoreError(f"dark={dark!r} works with figures of matplotlib only; {advice}")
    if _still_of(other):
        made = _still_files(other, stem, f".{kind}")
        return {name: data for name, data in made.items() if name.endswith(kind)}
    with darkened(other) if dark is True else nullcontext():
        return {f"{stem}.{kind}": _drawn(other, stem, kind, transparent=True)}


def _drawn(figure: Any, stem: str, kind: str, **options: bool) -> bytes:
    """Return a figure of matplotlib as a file; letters of an SVG are outlines, and need no font."""
    from matplotlib import rc_context  # noqa: PLC0415 -- the figure has loaded it already

    target = io.BytesIO()
    more = {"dpi": PNG_DPI} if kind == "png" else {}
    with rc_context({"svg.hashsalt": stem, "svg.fonttype": "path"}):
        figure.savefig(target, format=kind, metadata=_METADATA[kind], **more, **options)
    # Hooks that tidy up take spaces at line ends away, and the figure would count as edited.
    return _BLANKS.sub(b"", target.getvalue()) if kind == "svg" else target.getvalue()
