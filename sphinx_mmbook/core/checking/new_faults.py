"""What a branch is to answer for: the faults that it makes, not those in a file it touches.

A finding that was there before, in whatever line, is an old one. Where a page has more of the same
than before, those on changed lines are the new ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sphinx_mmbook.core.checking.baseline import Fingerprint, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sphinx_mmbook.core.finding import Finding

#: A new file that has so many lines of one that is gone, as a share, is that file under a new name.
SAME = 0.5


@dataclass(frozen=True)
class Since:
    """What changed since a revision.

    ``before`` counts the findings of then, ``lines`` has the changed lines of each file, ``old``
    the former names of files that were moved.
    """

    before: Counter[Fingerprint] = field(default_factory=Counter)
    lines: Mapping[str, frozenset[int]] = field(default_factory=dict)
    old: Mapping[str, str] = field(default_factory=dict)


def changes(
    then: Path, now: Path, paths: Iterable[str], before: Iterable[Finding], texts: tuple[str, ...]
) -> Since:
    """Compare two versions of a book in the files at ``paths``, which differ.

    ``texts`` are the endings of the names of files that are read line by line.
    """
    both = {
        path: (_lines(then / path), _lines(now / path)) for path in paths if path.endswith(texts)
    }
    gone = {path: old for path, (old, new) in both.items() if old and not new}
    moved: dict[str, str] = {}
    lines: dict[str, frozenset[int]] = {}
    for path, (old, new) in sorted(both.items()):
        if new and not old and (source := _source(new, gone)):
            moved[path] = source
        lines[path] = _changed(gone.pop(moved[path]) if path in moved else old, new)
    return Since(Counter(map(fingerprint, before)), lines, moved)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8-sig").split("\n") if not file.is_symlink() else []
    except (OSError, UnicodeDecodeError):
        return []


def _source(new: list[str], gone: Mapping[str, list[str]]) -> str:
    """Return the file that is gone of which a new one has most of its lines, if there is one."""
    source = max(gone, key=lambda name: _alike(gone[name], new), default="")
    return source if source and _alike(gone[source], new) >= SAME else ""


def _alike(old: list[str], new: list[str]) -> float:
    """Return the share of lines in common."""
    common = Counter(old) & Counter(new)
    return common.total() / max(len(old), len(new))


def _changed(old: list[str], new: list[str]) -> frozenset[int]:
    """Return the numbers of the lines that are new or changed."""
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    parts = [range(begin, end) for tag, _, _, begin, end in opcodes if tag != "equal"]
    return frozenset(number + 1 for part in parts for number in part)


def new_findings(findings: Iterable[Finding], since: Since) -> list[Finding]:
    """Return the findings that were not there before, in their order."""

    def is_changed(finding: Finding) -> bool:
        at = finding.location
        return not at.cell and at.line in since.lines.get(at.path, ())

    same: defaultdict[Fingerprint, list[Finding]] = defaultdict(list)
    for finding in findings:
        rule, path, message = fingerprint(finding)
        same[rule, since.old.get(path, path), message].append(finding)
    new: list[Finding] = []
    for key, some in same.items():
        fresh = max(len(some) - since.before[key], 0)
        # Python's sort keeps the order of equals: of those, the last was likely added last.
        new += sorted(some, key=is_changed)[len(some) - fresh :]
    return sorted(new)
