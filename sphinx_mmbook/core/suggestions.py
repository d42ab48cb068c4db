"""The name that somebody probably meant, among many, fast."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Pieces that more names have say nothing about any of them, such as "fig" in labels.
COMMON = 300
CANDIDATES = 20


class Nearest:
    """Names, found by pieces of three characters; only the most similar are compared letter by
    letter, since that takes as long as a thousand look-ups."""

    def __init__(self, names: Iterable[str]) -> None:
        self.pieces: dict[str, list[str]] = {}
        for name in names:
            for piece in _pieces(name):
                self.pieces.setdefault(piece, []).append(name)

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
        near = get_close_matches(name, candidates, 1, cutoff)
        return near[0] if near else ""


def _pieces(name: str) -> set[str]:
    text = f"^{name.lower()[:200]}$"
    return {text[index : index + 3] for index in range(len(text) - 2)}
