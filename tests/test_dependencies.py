"""What the package imports is what pyproject.toml asks for: no more, and no less."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "sphinx_mmbook"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
#: Named to Sphinx or Jupyter, not imported.
NAMED = {"sphinx-book-theme", "sphinx-copybutton", "sphinx-autobuild"}
#: Only those who call store() with such a figure have it, from their own environment.
THEIR_OWN = {"matplotlib"}


def names(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[\s\[<>=!~;]", text, maxsplit=1)[0]) for text in requirements}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported() -> set[str]:
    """Return the names of all packages that the package imports, by their names on the index."""
    modules: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if "template" in path.relative_to(PACKAGE).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules.add(node.module or "")
    owners = packages_distributions()
    found = set()
    for module in modules:
        top = module.partition(".")[0]
        # A namespace package belongs to several: "sphinxcontrib.bibtex" to sphinxcontrib-bibtex.
        if top == "sphinxcontrib":
            found.add(normal("-".join(module.split(".")[:2])))
        elif top not in sys.stdlib_module_names | {"sphinx_mmbook", "_typeshed"}:
            found |= {normal(owner) for owner in owners[top]}
    return found


def test_every_package_that_is_imported_is_declared() -> None:
    declared = names(PROJECT["dependencies"])
    for extra in PROJECT["optional-dependencies"].values():
        declared |= names(extra)
    assert imported() - declared - THEIR_OWN == set()


def test_every_package_that_is_declared_is_used() -> None:
    assert names(PROJECT["dependencies"]) - imported() - NAMED == set()


def test_every_dependency_has_a_lower_bound() -> None:
    for text in PROJECT["dependencies"]:
        assert ">=" in text, text
