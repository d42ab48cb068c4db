"""Old faults that a book starts with: known, counted, not shown, and never more of them."""

from __future__ import annotations

import json
import stat
from collections import Counter
from string import punctuation
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sphinx_mmbook.core.finding import Finding

NAME = "mmbook-baseline.json"
#: Rule, path and fault: a finding stays the same when lines above it are added.
Fingerprint = tuple[str, str, str]

#: What depends on the rest of the book: the advice, the nearest name, lines of other places.
_PASSING = re.compile(r";\s.*|(?<!\W)\W+did you mean.*|(?::cell \d+)?:\d+(?::\d+)?\b", re.DOTALL)


class BaselineError(Exception):
    """The baseline cannot be used; the message is for the user."""


def fingerprint(finding: Finding) -> Fingerprint:
    """Return what makes a finding the same in another version of the book."""
    return _fingerprint(finding.rule, finding.location.path, finding.message)


def _fingerprint(rule: str, path: str, message: str) -> Fingerprint:
    # What stands before the advice may end in a quote or not, by what the advice begins with.
    return rule, path, _PASSING.sub("", message).rstrip(punctuation + " ")


def read_baseline(book: Path) -> Counter[Fingerprint]:
    """Return the old faults of a book; none if it has no baseline file.

    :raises BaselineError: if the file is not a baseline.
    """
    file = book / NAME
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise BaselineError(
                f"{NAME} is not a file; make it with 'mmbook check --write-baseline'"
            )
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return Counter()
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"{NAME} cannot be read: {error}") from None
    try:
        items = json.loads(text)["findings"]
        return Counter(
            _fingerprint(str(i["rule"]), str(i["path"]), str(i["message"])) for i in items
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BaselineError(
            f"{NAME} is not a baseline; make it again with 'mmbook check --write-baseline'"
        ) from None


def baseline_text(findings: Iterable[Finding]) -> str:
    """Return a baseline file, one finding a line so that versions merge."""
    rows = sorted(
        json.dumps(dict(zip(("rule", "path", "message"), fingerprint(item), strict=True)))
        for item in findings
    )
    return '{"findings": [\n' + ",\n".join(rows) + "\n]}\n"


def without(findings: Iterable[Finding], old: Counter[Fingerprint]) -> list[Finding]:
    """Return the findings that are not among the old ones, each of which counts once."""
    if not old:
        return list(findings)
    left = old.copy()
    new = []
    for finding in findings:
        key = fingerprint(finding)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(finding)
    return new
