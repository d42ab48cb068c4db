"""A figure of matplotlib for dark pages: black and white change places, colours stay."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Black becomes the first grey, white the second, as on the dark pages of most themes.
LIGHT, DARK = 0.9, 0.08
#: How far apart red, green and blue are in what is not grey.
TINT = 0.08
NAMES = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")


@contextmanager
def darkened(figure: Any) -> Iterator[None]:
    """Draw all that is black, grey or white the other way round, as long as this lasts.

    What stands on a picture or on cells that are coloured by value keeps its colour.
    """
    figure.draw_without_rendering()  # the axes make their ticks when they are drawn
    artists = [artist for artist in figure.findobj() if not _is_on_picture(artist)]
    for name in ("arrow_patch", "_bbox_patch"):  # of texts
        artists += [part for one in artists if (part := getattr(one, name, None)) is not None]
    before = [(artist, dict(vars(artist))) for artist in artists]
    try:
        for artist in artists:
            _turn(artist)
        yield
    finally:
        for artist, state in before:
            vars(artist).clear()
            vars(artist).update(state)


def _turn(artist: Any) -> None:
    if getattr(artist, "get_array", lambda: None)() is not None:
        return
    colours = {name: getattr(artist, f"get_{name}", lambda: None)() for name in NAMES}
    for name, colour in colours.items():
        with suppress(TypeError, ValueError):  # not set, or no colour
            if len(turned := _turned(colour)):
                getattr(artist, f"set_{name}")(turned[0] if len(turned) == 1 else turned)


def _turned(colour: Any) -> Any:
    from matplotlib.colors import to_rgba_array  # noqa: PLC0415 -- the figure has loaded it already

    found = to_rgba_array(colour)
    grey = found[:, :3].max(axis=1) - found[:, :3].min(axis=1) < TINT
    found[grey, :3] = LIGHT - (LIGHT - DARK) * found[grey, :3]
    return found


def _is_on_picture(artist: Any) -> bool:
    axes: Any = getattr(artist, "axes", None)
    if artist not in getattr(axes, "texts", ()):
        return False
    return bool(axes.images) or any(one.get_array() is not None for one in axes.collections)
