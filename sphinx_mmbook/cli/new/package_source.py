"""Where a new book gets this package from, and the exact versions of what the package needs."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sphinx_mmbook import __version__
from sphinx_mmbook.cli.folders import CommandRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "sphinx-mmbook"
#: The extra that `make live` needs.
EXTRA = "live"
#: The extras whose versions a book locks, if they are installed here: it may come to need them.
LOCKED = frozenset({EXTRA, "r", "parquet", "excel"})


@dataclass(frozen=True)
class PackageSource:
    """The package as a book requires it; ``wheel`` is the file to take along, if it is one."""

    requirement: str
    wheel: Path | None = None


def source_of(named: str | None) -> PackageSource:
    """Return the source that is named: a wheel or an address; else where this package is from.

    :raises CommandRefused: if that is not a source of this package.
    """
    named = named or _installed_from()
    if not named:
        return PackageSource(f"{NAME}[{EXTRA}]=={__version__}")
    if "://" in named:
        is_file = named.endswith((".whl", ".zip", ".tar.gz"))
        address = named if is_file or named.startswith("git+") else f"git+{named}"
        return PackageSource(f"{NAME}[{EXTRA}] @ {address}")
    version = _version_of(Path(named))
    return PackageSource(f"{NAME}[{EXTRA}]=={version}", Path(named))


def _version_of(wheel: Path) -> str:
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename  # noqa: PLC0415

    if not wheel.is_file():
        raise CommandRefused(f"--package: there is no file '{wheel}'; name a wheel or an address")
    with suppress(InvalidWheelFilename):
        name, version, *_ = parse_wheel_filename(wheel.name)
        if name == NAME:
            return str(version)
    raise CommandRefused(f"--package: '{wheel.name}' is not a wheel of {NAME}")


def _direct_url() -> dict[str, Any]:
    """Return what pip has noted of where this package is from (PEP 610); empty if from an index."""
    try:
        text = distribution(NAME).read_text("direct_url.json")
    except PackageNotFoundError:
        return {}
    said: dict[str, Any] = json.loads(text or "{}")
    return said


def _installed_from() -> str:
    """Return the wheel or the repository that pip has installed this package from, if it says."""
    said = _direct_url()
    url = str(said.get("url", ""))
    if vcs := said.get("vcs_info"):
        return f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    path = url2pathname(urlsplit(url).path)
    if url.startswith("file:"):
        return path if path.endswith(".whl") and Path(path).is_file() else ""
    return url


def folder_installed_from() -> str:
    """Return the folder of sources that this package runs from; nobody else has it."""
    said = _direct_url()
    return url2pathname(urlsplit(str(said["url"])).path) if "dir_info" in said else ""


def locked_versions() -> list[str]:
    """Return ``name==version`` for all that this package needs, as installed here.

    :raises CommandRefused: if the package runs without having been installed.
    """
    found: dict[str, str] = {}
    todo = [(NAME, LOCKED)]
    seen = set(todo)
    while todo:
        name, extras = todo.pop()
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            if name == NAME:
                raise CommandRefused(f"{NAME} is not installed; install it with pip") from None
            continue  # an extra that is not installed here
        found[name] = installed.version
        new = set(_needs(installed.requires or [], extras)) - seen
        seen |= new
        todo += new
    del found[NAME]
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def _needs(requires: list[str], extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Iterate over the names, with their extras, of requirements that count on this machine."""
    from packaging.requirements import Requirement  # noqa: PLC0415

    for text in requires:
        need = Requirement(text)
        counts = not need.marker or any(
            need.marker.evaluate({"extra": extra}) for extra in extras | {""}
        )
        if counts:
            yield re.sub(r"[-_.]+", "-", need.name).lower(), frozenset(need.extras)
