"""Patterns of paths, as Sphinx's ``exclude_patterns`` and globbing toctrees have them."""

from __future__ import annotations

from sphinx_mmbook.core import expressions as re

#: So many folders of any depth a pattern may stand for; with each, matching takes far longer.
MAX_DEPTHS = 3


def excluder(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return what matches excluded paths, as Sphinx's ``exclude_patterns`` do.

    A pattern matches a path or a folder above it: ``**`` any folders, ``*`` and ``?`` no slash.
    """
    parts = filter(None, map(_expression, patterns))
    return re.compile(f"(?:{'|'.join(parts)})(?:/.*)?")


def page_pattern(pattern: str) -> re.Pattern[str]:
    """Return what matches the pages that a pattern in a toctree names; not those in a folder."""
    return re.compile(_expression(pattern))


def _expression(pattern: str) -> str:
    """Return a pattern as a regular expression; empty if it is too complex to be meant."""
    pieces = re.split(r"((?:\*\*/)+|\*\*)", pattern.strip("/"))
    if len(pieces) > 2 * MAX_DEPTHS + 1:
        return ""
    pieces[1::2] = [".*" if piece == "**" else "(?:.*/)?" for piece in pieces[1::2]]
    pieces[::2] = ["/".join(map(_stars, piece.split("/"))) for piece in pieces[::2]]
    return "".join(pieces)


def _stars(name: str) -> str:
    """Return the expression for a name with ``*`` and ``?``, in which no star is tried twice."""
    first, *texts = (re.escape(text).replace(r"\?", "[^/]") for text in name.split("*"))
    # As fnmatch does: the first place of a text is as good as any later one, but at the end.
    middle = "".join(f"(?>[^/]*?{text})" for text in texts[:-1])
    return first + middle + (f"[^/]*{texts[-1]}" if texts else "")
