"""What a change of a book has led to: faults that were not there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.baseline import fingerprint
from sphinx_mmbook.core.checking.judge import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sphinx_mmbook.core.finding import Finding


def new_faults(
    book: Path, before: Iterable[Finding], renamed: Callable[[str], str] = str
) -> list[Finding]:
    """Return the findings, but those of level info, that a book did not have before.

    ``renamed`` makes a path or message of before one of now.
    """
    known = {tuple(map(renamed, fingerprint(finding))) for finding in before}
    return [
        finding
        for finding in judge(load_book(book))
        if finding.level != "info" and fingerprint(finding) not in known
    ]
