"""What a chapter says of its run: what it may take (as conf.py may say), needs, and depends on."""

from __future__ import annotations

from math import isfinite
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_mmbook.core.files.yaml_mapping import YamlMap

#: Name -> what it limits, in a line of the manual; 0 means no limit.
LIMITS = {
    "cell_seconds": "seconds for each cell",
    "chapter_seconds": "seconds for all cells of a chapter together",
    "memory_gb": "gigabytes that a kernel and the processes it starts may have at a time",
    "output_mb": "megabytes that each cell may show; printed text may have a tenth of it",
}


def limits_in(value: object) -> dict[str, float]:
    """Return the limits that a mapping sets, without those that cannot be meant."""
    items = value.items() if isinstance(value, dict) else ()
    return {name: float(number) for name, number in items if not _fault(name, number)}


def faults_of_limits(value: object) -> Iterator[str]:
    """Yield what is wrong with a mapping of limits."""
    if not isinstance(value, dict):
        yield f"limits must be a mapping, such as {{'cell_seconds': 600}}, not {value!r:.80}"
        return
    yield from filter(None, (_fault(name, number) for name, number in value.items()))


def _fault(name: object, number: object) -> str:
    if name not in LIMITS:
        known = did_you_mean(str(name), LIMITS) or f"; limits are {', '.join(LIMITS)}"
        return f"there is no limit '{name}'{known}"
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    if not is_number or not isfinite(number) or number < 0:  # type: ignore[arg-type, operator]
        return f"the limit '{name}' must be a number, {LIMITS[str(name)]} (0: no limit)"
    return ""


def own_field(fields: Mapping[str, object], name: str) -> object:
    """Return what a front matter says below ``mmbook``; None if nothing."""
    own = fields.get("mmbook")
    return own.get(name) if isinstance(own, dict) else None


#: What a front matter can say below ``mmbook``.
OWN = ("depends", "freeze", "limits", "resources")


def limit_findings(front: YamlMap) -> tuple[Finding, ...]:
    """Return what is wrong with the limits of a chapter, and with the names beside them."""
    value, own = own_field(front.fields, "limits"), front.fields.get("mmbook") or {}
    faults = () if value is None else faults_of_limits(value)
    found = [(front.at("mmbook.limits"), f"mmbook: {fault}") for fault in faults]
    if not isinstance(own, dict):
        found += [(front.at("mmbook"), "'mmbook' holds settings; write 'mmbook: {freeze: true}'")]
    for name in map(str, own.keys() - OWN if isinstance(own, dict) else ()):
        advice = did_you_mean(name, OWN) or "; delete it"
        found += [(front.at(f"mmbook.{name}"), f"'mmbook' has no setting '{name}'{advice}")]
    return tuple(Finding(at, "front-matter", text) for at, text in found)


def depends_in(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Return the patterns of files that a front matter declares to depend on."""
    return tuple(pattern for pattern in _declared(fields) if not _unfit(pattern))


def depends_findings(front: YamlMap) -> tuple[Finding, ...]:
    """Return the first of what is wrong with the files that a chapter depends on."""
    faults = [fault for pattern in _declared(front.fields) if (fault := _unfit(pattern))]
    at = front.at("mmbook.depends")
    return tuple(Finding(at, "front-matter", f"mmbook: {fault}") for fault in faults[:1])


def _declared(fields: Mapping[str, object]) -> list[Any]:
    said = own_field(fields, "depends")
    return said if isinstance(said, list) else [] if said is None else [said]


def _unfit(pattern: object) -> str:
    if not isinstance(pattern, str) or not pattern:
        return (
            "'depends' must be a list of patterns of files, such as [\"data/*.csv\"], not "
            f"{pattern!r:.80}"
        )
    if PurePosixPath(pattern).is_absolute() or PureWindowsPath(pattern).drive:
        return (
            "'depends' must be paths from the page's folder, such as \"data/*.csv\"; "
            f"'{pattern:.80}' is not"
        )
    return ""


def resources_in(fields: Mapping[str, object]) -> dict[str, float]:
    """Return what a front matter asks of a cluster's worker: ``mmbook: {resources: {gpu: 1}}``."""
    asked = own_field(fields, "resources")
    items = asked.items() if isinstance(asked, dict) else ()
    return {
        str(name): float(number)
        for name, number in items
        if isinstance(number, int | float) and isfinite(number) and number >= 0
    }
