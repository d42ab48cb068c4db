"""The modules that code imports, and the versions of the packages that they belong to."""

from __future__ import annotations

import ast
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: In characters; the syntax tree of a larger program takes seconds, and a gigabyte for two million.
LARGEST = 500_000


def imported(code: str) -> Iterator[str]:
    """Yield the modules that a program, or a cell of a notebook, imports: ``scipy.stats``.

    Of ``from a import b`` also ``a.b``, which need not be a module. Of what is too large none.
    """
    if len(code) > LARGEST:
        return
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        # A cell with magics of IPython; what is indented under one cannot be read.
        lines = [line for line in code.split("\n") if line.lstrip()[:1] not in ("%", "!", "?")]
        try:
            tree = ast.parse("\n".join(lines))
        except (SyntaxError, ValueError):
            return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*")


def versions_of(modules: Iterable[str]) -> dict[str, str]:
    """Return the versions of the installed packages that have these modules, but not of ours."""
    names = {name.partition(".")[0] for name in modules} - {__name__.partition(".")[0]}
    found = {_package(name) for name in names - set(sys.stdlib_module_names)}
    return {package: version for package, version in sorted(found) if package}


@cache
def _package(module: str) -> tuple[str, str]:
    """Return the package that a module belongs to, mostly of its name, and the version of that."""
    from importlib import metadata  # noqa: PLC0415 -- slow, and only where something changed

    try:
        return module, metadata.version(module)
    except metadata.PackageNotFoundError:
        # This reads the lists of files of all packages, for a second.
        package = next(iter(_all_packages().get(module, ())), "")
    return package, metadata.version(package) if package else ""


@cache
def _all_packages() -> Mapping[str, list[str]]:
    from importlib import metadata  # noqa: PLC0415

    return metadata.packages_distributions()
