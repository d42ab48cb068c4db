"""The name that somebody probably meant: the one "did you mean" of all messages."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Pieces that more names have say nothing about any of them, such as "fig" in labels.
COMMON = 300
CANDIDATES = 20


def nearest(name: str, names: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the one of ``names`` that is nearest to ``name``, or the empty string.

    ``cutoff`` is the share of letters in common, from 0 to 1.
    """
    near = get_close_matches(name, list(names), n=1, cutoff=cutoff)
    return near[0] if near else ""


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` for the nearest of ``names``, or the empty string."""
    near = nearest(name, names)
    return f"; did you mean '{near}'?" if near else ""


def did_you_mean_of(name: str, names: Sequence[str]) -> str:
    """Return ``did you mean 'x'?``, or all of ``names`` if none is near."""
    near = nearest(name, names)
    return f"did you mean '{near}'?" if near else f"it has {quoted_list(names)}"


def quoted_list(names: Iterable[str], most: int = 12) -> str:
    """Return the first ``most`` names, each in quotes, with commas between."""
    quoted = [f"'{name}'" for name in names]
    return ", ".join(quoted[:most]) + ", …" * (len(quoted) > most)


class Nearest:
    """Names, found by pieces of three characters; only the most similar are compared letter by
    letter, since that takes as long as a thousand look-ups."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)

    @cached_property
    def pieces(self) -> dict[str, list[str]]:
        """The names that have each piece; made when a name is looked for, which is rare."""
        pieces: dict[str, list[str]] = {}
        for name in sorted(self.names):  # of names as near, the same are compared in each run
            for piece in _pieces(name):
                pieces.setdefault(piece, []).append(name)
        return pieces

    def to(self, name: str, cutoff: float = 0.7) -> str:
        """Return the name that is nearest to ``name``, nothing if none is near.

        ``cutoff`` is the share of letters in common, from 0 to 1.
        """
        shared: Counter[str] = Counter()
        for piece in _pieces(name):
            names = self.pieces.get(piece, ())
            if len(names) <= COMMON:
                shared.update(names)
        candidates = [other for other, _ in shared.most_common(CANDIDATES)]
        return nearest(name, candidates, cutoff)


def _pieces(name: str) -> dict[str, None]:
    text = f"^{name.lower()[:200]}$"
    return dict.fromkeys(text[index : index + 3] for index in range(len(text) - 2))
