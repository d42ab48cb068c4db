"""The house: which room may import which, no circles, and a command that starts at once."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "sphinx_mmbook"
JUPYTER = {"nbclient", "nbformat", "jupyter_client", "jupyter_cache", "jupyter_core", "myst_nb"}
SPHINX = {"sphinx", "docutils", "myst_parser", "sphinxcontrib"}
#: layer -> packages of others that it must not import.
FORBIDDEN = {
    "core": {*SPHINX, "bs4", *JUPYTER},
    "notebooks": {"sphinx", "docutils", "sphinxcontrib"},
    "cli": {"docutils", "myst_parser"},
    # What a student's program imports: none of the packages that its objects come from.
    "storing": {*SPHINX, "numpy", "statsmodels", "sklearn", *JUPYTER},
}
#: The import table: each room, and the rooms it may import besides itself. The modules at the top
#: of ``core`` and of ``ext`` are their ground; ARCHITECTURE.md draws this.
ROOMS = {
    "core": "",
    "core.files": "core",
    "core.pages": "core core.files docutils_syntax",
    "core.bib": "core core.files",
    "core.output": "core core.files",
    "core.results.values": "core",
    "core.results.readers.r": "core core.results.values",
    "core.results.readers": "core core.results.values core.results.readers.r",
    "core.results.tables": "core core.results.values",
    "core.results": "core core.files core.results.values core.results.readers "
    "core.results.readers.r core.results.tables",
    "core.people": "core core.files core.pages",
    "core.references": "core core.files core.pages core.bib",
    "core.provenance": "core core.files core.pages",
    "core.book": "core core.files core.pages core.bib core.people core.references core.provenance",
    "core.english": "core core.pages",
    "core.rules": "core core.book",
    "core.rules.english": "core core.pages core.english core.bib core.book core.rules",
    "core.rules.pages": "core core.pages core.references core.book core.rules core.rules.english",
    "core.rules.syntax": "core core.files core.pages core.references core.book core.rules "
    "core.rules.english core.rules.pages docutils_syntax",
    "core.rules.references": "core core.files core.pages core.references core.book core.rules "
    "core.rules.english core.rules.syntax",
    "core.rules.directives": "core core.files core.pages core.references core.book core.rules "
    "core.rules.syntax core.rules.references docutils_syntax",
    "core.rules.book": "core core.files core.pages core.results core.people core.references "
    "core.book core.rules core.rules.english core.rules.references docutils_syntax",
    "core.rules.results": "core core.files core.pages core.results core.results.readers "
    "core.results.tables core.results.values core.references core.provenance core.book "
    "core.rules core.rules.directives core.rules.book",
    "core.rules.bib": "core core.pages core.english core.bib core.references core.book "
    "core.rules core.rules.english",
    "docutils_syntax": "",
    "core.changing": "core core.files core.people core.book",
    "core.checking": "core core.files core.pages core.book core.rules",
    "ext": "core* ext.adapters",
    "ext.adapters": "core*",
    "ext.citations": "core* ext ext.adapters",
    "ext.cells": "core* ext ext.adapters",
    "ext.latex": "core* ext ext.adapters",
    "ext.numbers": "core* ext ext.adapters",
    "ext.speed": "core* ext ext.adapters",
    "ext.pages": "core* ext ext.adapters ext.citations notebooks",
    "ext.results": "core* ext ext.adapters ext.pages",
    "ext.outputs": "core* ext ext.adapters ext.numbers ext.pages notebooks",
    "notebooks": "core*",
    "storing": "core*",
    "preview": "core core.book core.checking core.pages",
    "cli": "core* notebooks preview",
    "cli.chapters": "core* cli",
    "cli.hosting": "core* notebooks cli",
    "cli.machine": "core* cli",
    "cli.new": "core* cli",
    "cli.results": "core* notebooks cli",
}
#: A folder that holds more files than this has no subject any more.
MOST_FILES = 16


@cache
def modules() -> dict[str, Path]:
    """Return all modules of the package by name, without the package's own."""
    found = {}
    for file in PACKAGE.rglob("*.py"):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = file
    del found["__init__"]
    return found


@cache
def imports(name: str) -> frozenset[str]:
    """Return what a module imports, anywhere in it, also what only a type checker does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(modules()[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} imports relatively"
            base = (node.module or "").removeprefix("sphinx_mmbook").strip(".")
            inner = {f"{base}.{alias.name}".strip(".") for alias in node.names} & set(modules())
            ours = (node.module or "").startswith("sphinx_mmbook")
            found |= {f"sphinx_mmbook.{module}" for module in inner or {base} if ours}
            found |= set() if ours else {node.module or ""}
    return frozenset(found)


def own(name: str) -> set[str]:
    """Return the modules of ours that a module imports."""
    return {
        module.removeprefix("sphinx_mmbook.")
        for module in imports(name)
        if module.startswith("sphinx_mmbook.") and module != "sphinx_mmbook."
    }


def room(name: str) -> str:
    """Return the room in which a module lives; a folder's ``__init__`` lives in the folder."""
    if modules()[name].name == "__init__.py":
        return name
    return name.rpartition(".")[0]


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_a_layer_imports_no_package_that_it_must_not(layer: str) -> None:
    for name in modules():
        if name.split(".")[0] == layer:
            foreign = {module.partition(".")[0] for module in imports(name)}
            assert not foreign & FORBIDDEN[layer], name


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_imports_only_the_rooms_that_the_table_names(name: str) -> None:
    allowed = set(ROOMS[name].split()) | {name}
    inside = [module for module in modules() if room(module) == name and module != "ext"]
    assert inside
    for module in inside:
        for other in {room(target) for target in own(module)}:
            in_core = other.split(".")[0] == "core" and "core*" in allowed
            assert other in allowed or in_core, f"{module} imports {other}"


def test_every_room_stands_in_the_import_table() -> None:
    assert {room(module) for module in modules()} == set(ROOMS)


def test_the_page_on_the_house_draws_the_import_table() -> None:
    text = (PACKAGE.parent / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| .+ \| (.+) \|$", text, re.MULTILINE)
    drawn = {name: set(re.findall(r"`([\w.*]+)`", cell)) for name, cell in rows}
    assert drawn == {name: set(others.split()) for name, others in ROOMS.items()}


def test_no_imports_go_in_a_circle_not_even_for_type_checkers() -> None:
    todo = {name: own(name) & set(modules()) for name in modules()}
    todo["ext"] = set()  # names all features, and nobody imports it but the package
    while free := [name for name, needs in todo.items() if not needs & set(todo)]:
        for name in free:
            del todo[name]
    assert not todo


@pytest.mark.parametrize("layer", sorted({name.split(".")[0] for name in ROOMS}))
def test_no_two_files_and_no_two_classes_of_a_layer_share_a_name(layer: str) -> None:
    names = [name for name in modules() if name.startswith(f"{layer}.") and ".rules" not in name]
    files = Counter(name.rpartition(".")[2] for name in names if room(name) != name)
    assert [name for name, count in files.items() if count > 1] == []
    classes = Counter(
        node.name
        for name in names
        for node in ast.parse(modules()[name].read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in classes.items() if count > 1] == []


def test_a_folder_says_what_lives_in_it_and_holds_few_files() -> None:
    for folder in {file.parent for file in modules().values()}:
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))), folder
        files = [file for file in folder.glob("*.py") if file.name != "__init__.py"]
        assert len(files) <= MOST_FILES, folder


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
        assert text.count("\n") <= 400, f"{file} is longer than 400 lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= 40, f"{file}:{node.lineno} {node.name} has {length} lines"


#: Modules that their projects do not document; only an adapter may import them.
UNPROMISED = (
    "myst_nb", "myst_parser", "sphinxcontrib", "jupyter_cache.cache", "sphinx.environment.collectors",
    "sphinx.environment.adapters", "sphinx.transforms.references", "sphinx.writers",
)  # fmt: skip
#: Where what other projects never promised is touched.
ADAPTERS = ("ext.adapters.", "notebooks.upstream", "docutils_syntax.myst_")


def other_modules() -> list[str]:
    return [name for name in modules() if not name.startswith(ADAPTERS)]


def test_only_adapters_import_what_upstream_never_promised() -> None:
    found = {
        (name, module)
        for name in other_modules()
        for module in imports(name)
        if module.startswith(UNPROMISED)
    }
    assert found == set()


def test_only_adapters_use_private_names_of_others() -> None:
    found = []
    for name in other_modules():
        for node in ast.walk(ast.parse(modules()[name].read_text("utf-8"))):
            if not isinstance(node, ast.Attribute) or not node.attr.startswith("_"):
                continue
            own_names = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            if not own_names and not node.attr.startswith("__") and not is_ours(name, node.attr):
                found.append(f"{name}:{node.lineno} {node.attr}")
    assert found == []


def is_ours(name: str, attribute: str) -> bool:
    """Whether a module defines a private name itself: then it may use it on another object."""
    tree = ast.parse(modules()[name].read_text("utf-8"))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    defined |= {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    return attribute in defined or attribute in (
        "_exit",
        "_asdict",
        "_replace",
        "_fields",
        "_getframe",
    )


#: Attributes that begin with an underscore, and that Python's manual promises.
PROMISED = {"_replace", "_asdict", "_exit", "_getframe"}


def private_names(tree: ast.Module) -> set[str]:
    """Return the private attributes and modules of others that a module names."""
    nodes = list(ast.walk(tree))
    own = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    own |= {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    own |= {ast.unparse(n.target) for n in nodes if isinstance(n, ast.AnnAssign)}
    named = {n.attr for n in nodes if isinstance(n, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("sphinx_mmbook"):
            named |= {*(node.module or "").split("."), *(alias.name for alias in node.names)}
    return {n for n in named - own - PROMISED if re.match("_[^_]", n)}


def test_no_private_attribute_of_a_dependency_is_touched_outside_of_the_adapters() -> None:
    found = {
        name: private_names(ast.parse(file.read_text("utf-8"))) for name, file in modules().items()
    }
    outside = {name: names for name, names in found.items() if names and "adapters" not in name}
    assert outside == {}
    assert "_raw_config" in found["ext.adapters.sphinx"]


def test_docstrings_and_messages_say_is_not_a() -> None:
    """English as it is spoken: "this is not a table", where a German would say "this is no table"."""
    stumbling = re.compile(
        r"(?<![Tt]here )\b(?:is|are) no (?!longer|one\b|more\b|such\b|limit|work\b|good\b)\w+"
    )
    found = [
        f"{file.relative_to(PACKAGE)}:{number}: {match[0]}"
        for file in sorted(PACKAGE.rglob("*.py"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if (match := stumbling.search(line))
    ]
    assert found == []
