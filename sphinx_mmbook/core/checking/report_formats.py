"""Findings for people and for programs: text, lines for editors, JSON, GitHub, SARIF."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx_mmbook import __version__
from sphinx_mmbook.core.finding import LEVELS, Edit, Finding, Location
from sphinx_mmbook.core.rules.registry import all_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: So many findings are seen at a glance.
FEW = 8
_COLOURS = {"error": "31", "warning": "33", "info": "36", "path": "1", "rule": "2"}


def summary(findings: Sequence[Finding]) -> str:
    """Return "2 errors, 1 warning in 2 files", or that nothing was found."""
    if not findings:
        return "no findings"
    counts = Counter(finding.level for finding in findings)
    parts = [
        f"{counts[level]} {level}{'s' * (counts[level] > 1 and level != 'info')}"
        for level in LEVELS
        if counts[level]
    ]
    files = len({finding.location.path for finding in findings})
    fixable = sum(bool(finding.fix) for finding in findings)
    hint = f"; --fix mends {fixable}" if fixable else ""
    return f"{', '.join(parts)} in {files} file{'s' * (files > 1)}{hint}"


def as_text(
    findings: Sequence[Finding],
    source: Callable[[Location], str],
    shown_path: Callable[[str], str] = str,
    colour: bool = False,
    most: int = 1_000_000,
) -> str:
    """Return findings grouped by file, each with its line of source and a caret, and a summary.

    ``source`` gives the text of a location's line, ``shown_path`` a path as the user types it. Of a
    rule with more than twice ``most`` findings only that many are printed.
    """

    def paint(text: str, kind: str) -> str:
        return f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m" if colour else text

    out: list[str] = []
    for path, group in groupby(folded(findings, most), key=lambda finding: finding.location.path):
        out.append(paint(shown_path(path), "path"))
        for finding in group:
            at = finding.location
            location = f"cell {at.cell}, " * bool(at.cell) + line_and_column(at)
            rule = paint(f"[{finding.rule}]", "rule")
            level = paint(finding.level, finding.level)
            out.append(f"  {location + ' ' if location else ''}{level} {finding.message} {rule}")
            start = max(0, at.column - 60)
            line = source(at)[start : start + 100].expandtabs(1).rstrip()
            if line:
                out.append(f"      | {line}")
                out.append(f"      | {' ' * (at.column - 1 - start)}^" if at.column else "      |")
        out.append("")
    return "\n".join([*out, *by_rule(findings, most), summary(findings), ""])


def folded(findings: Sequence[Finding], most: int) -> list[Finding]:
    """Return the findings that are printed: of a rule that is found again and again, the first."""
    left = {slug: most for slug, count in _counts(findings).items() if count > 2 * most}
    kept = []
    for finding in findings:
        if left.get(finding.rule, 1) > 0:
            kept.append(finding)
        if finding.rule in left:
            left[finding.rule] -= 1
    return kept


def _counts(findings: Sequence[Finding]) -> Counter[str]:
    return Counter(finding.rule for finding in findings)


def by_rule(findings: Sequence[Finding], most: int) -> list[str]:
    """Return a line for each rule, those that ``--fix`` mends first; none for few findings."""
    counts = _counts(findings)
    if len(findings) <= FEW:
        return []
    fixable = Counter(finding.rule for finding in findings if finding.fix)
    files_of = Counter(rule for rule, _ in {(item.rule, item.location.path) for item in findings})
    lines = []
    for slug in sorted(counts, key=lambda slug: (-fixable[slug], -counts[slug], slug)):
        number, files = counts[slug], files_of[slug]
        line = f"  {slug}: {number} place{'s' * (number > 1)} in {files} file{'s' * (files > 1)}"
        if fixable[slug]:
            line += f"; --fix mends {fixable[slug]}"
        if number > 2 * most:
            line += f" ({most} shown)"
        lines.append(line)
    hidden = sum(number - most for number in counts.values() if number > 2 * most)
    return ["by rule:", *lines] + [f"{hidden} more places; --all prints each"] * bool(hidden)


def line_and_column(at: Location) -> str:
    """Return "3:2", "3" or nothing, as much of it as there is."""
    return f"{at.line}" * bool(at.line) + f":{at.column}" * bool(at.line and at.column)


def as_unix(findings: Sequence[Finding], shown_path: Callable[[str], str] = str) -> str:
    """Return a line for each finding, ``path:line:column: level: message [rule]``, for editors.

    In a notebook, line and column count inside of a cell, which the message names.
    """
    lines = []
    for finding in findings:
        at = finding.location
        where = (1, 1) if at.cell else (max(at.line, 1), max(at.column, 1))
        text = " ".join(finding.message.split())
        text = f"cell {at.cell}, line {at.line}: {text}" if at.cell else text
        path, (line, column) = shown_path(at.path), where
        lines.append(f"{path}:{line}:{column}: {finding.level}: {text} [{finding.rule}]\n")
    return "".join(lines)


def as_json(findings: Sequence[Finding]) -> str:
    """Return ``{"findings": [...]}``; see ``finding_dict`` for the fields."""
    return json.dumps({"findings": [finding_dict(item) for item in findings]}, indent=1) + "\n"


def finding_dict(finding: Finding) -> dict[str, object]:
    """Return a finding's fields; ``fix`` is null or the edits that mend it."""
    at = finding.location
    fields: dict[str, object] = {
        "rule": finding.rule,
        "level": finding.level,
        "path": at.path,
        "line": at.line,
        "column": at.column,
        "message": finding.message,
        "fix": {"edits": [_edit(edit) for edit in finding.fix]} if finding.fix else None,
    }
    return {**fields, "cell": at.cell} if at.cell else fields


def _edit(edit: Edit) -> dict[str, object]:
    at = edit.at
    location = {"path": at.path, "line": at.line, "column": at.column}
    return {**location, **({"cell": at.cell} if at.cell else {}), "old": edit.old, "new": edit.new}


def as_github(findings: Sequence[Finding], shown_path: Callable[[str], str] = str) -> str:
    """Return workflow commands that annotate a pull request.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    kinds = {"error": "error", "warning": "warning", "info": "notice"}

    def escape(text: str, more: str = "") -> str:
        for letter in f"%\r\n{more}":
            text = text.replace(letter, f"%{ord(letter):02X}")
        return text

    lines = []
    for finding in findings:
        at = finding.location
        location = f"file={escape(shown_path(at.path), ',:')}"
        # In a notebook, line and column count inside of a cell; GitHub knows only the file's.
        if at.line and not at.cell:
            location += f",line={at.line}" + f",col={at.column}" * bool(at.column)
        text = f"cell {at.cell}, line {at.line}: {finding.message}" if at.cell else finding.message
        title = escape(f"mmbook {finding.rule}", ",:")
        lines.append(f"::{kinds[finding.level]} {location},title={title}::{escape(text)}\n")
    return "".join(lines)


def as_sarif(findings: Sequence[Finding], shown_path: Callable[[str], str] = str) -> str:
    """Return a SARIF log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html)."""
    levels = {"error": "error", "warning": "warning", "info": "note"}
    rules = [
        {
            "id": rule.slug,
            "shortDescription": {"text": rule.summary},
            "fullDescription": {"text": rule.help},
            "defaultConfiguration": {"level": levels[rule.level]},
        }
        for rule in all_rules()
    ]

    order = {rule.slug: number for number, rule in enumerate(all_rules())}

    def result(finding: Finding) -> dict[str, object]:
        at = finding.location
        location: dict[str, object] = {"artifactLocation": {"uri": quote(shown_path(at.path))}}
        if at.line and not at.cell:
            location["region"] = {"startLine": at.line, "startColumn": max(at.column, 1)}
        fields = {
            "ruleId": finding.rule,
            "ruleIndex": order[finding.rule],
            "level": levels[finding.level],
            "message": {"text": finding.message},
            "locations": [{"physicalLocation": location}],
        }
        # What has no place in the file's own lines cannot be said in SARIF.
        told = finding.fix and all(edit.at.line and not edit.at.cell for edit in finding.fix)
        return {**fields, "fixes": [_sarif_fix(finding, shown_path)]} if told else fields

    driver = {"name": "mmbook", "version": __version__, "rules": rules}
    one_run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [result(item) for item in findings],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    log = {"$schema": schema, "version": "2.1.0", "runs": [one_run]}
    return json.dumps(log, indent=1) + "\n"


def _sarif_fix(finding: Finding, shown_path: Callable[[str], str]) -> dict[str, object]:
    """Return a finding's edits as a SARIF fix, file by file."""
    files: dict[str, list[dict[str, object]]] = {}
    for edit in dict.fromkeys(finding.fix):
        lines = edit.old.split("\n")
        column = max(edit.at.column, 1)
        region = {
            "startLine": edit.at.line,
            "startColumn": column,
            "endLine": edit.at.line + len(lines) - 1,
            "endColumn": len(lines[-1]) + (column if len(lines) == 1 else 1),
        }
        change = {"deletedRegion": region, "insertedContent": {"text": edit.new}}
        files.setdefault(edit.at.path, []).append(change)
    changes = [
        {"artifactLocation": {"uri": quote(shown_path(path))}, "replacements": replacements}
        for path, replacements in files.items()
    ]
    return {"description": {"text": finding.message}, "artifactChanges": changes}
