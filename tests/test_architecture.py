"""The layers: core imports nobody, cli never ext, and the command starts without heavy libraries."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "sphinx_mmbook"
JUPYTER = {"nbclient", "nbformat", "jupyter_client", "jupyter_cache", "jupyter_core", "myst_nb"}
FORBIDDEN = {
    "core": {"sphinx", "docutils", "myst_parser", "sphinxcontrib", "bs4", *JUPYTER},
    "notebooks": {"sphinx", "docutils", "sphinxcontrib"},
    "cli": {"docutils", "myst_parser"},
    # What a student's program imports: none of the packages that its objects come from.
    "storing": {
        "sphinx",
        "docutils",
        "myst_parser",
        "sphinxcontrib",
        "numpy",
        "statsmodels",
        "sklearn",
        *JUPYTER,
    },
}
OURS = {
    "core": {"core"},
    "notebooks": {"core", "notebooks"},
    "cli": {"cli", "core", "notebooks"},
    "ext": {"ext", "core", "notebooks"},
    "storing": {"storing", "core"},
}


def imports(file: Path) -> set[str]:
    """Return the modules that a file imports, anywhere in it but for type checkers."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("layer", OURS)
def test_a_layer_imports_only_what_it_may(layer: str) -> None:
    files = sorted((PACKAGE / layer).rglob("*.py"))
    assert files
    for file in files:
        for module in imports(file):
            first, _, rest = module.partition(".")
            assert first not in FORBIDDEN.get(layer, set()), f"{file} imports {module}"
            if first == "sphinx_mmbook" and rest:
                assert rest.split(".")[0] in OURS[layer], f"{file} imports {module}"


def test_the_command_starts_without_heavy_libraries() -> None:
    code = (
        "import sys, sphinx_mmbook.cli as cli; cli.make_parser();"
        "print([m for m in ('sphinx', 'docutils', 'pandas', 'numpy', 'nbclient') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_files_and_functions_stay_small() -> None:
    for file in sorted(PACKAGE.rglob("*.py")):
        text = file.read_text("utf-8")
        assert text.count("\n") <= 300, f"{file} is longer than 300 lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= 40, f"{file}:{node.lineno} {node.name} has {length} lines"
