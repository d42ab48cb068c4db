"""Write the table of all directives and roles that ``mmbook check`` knows without Sphinx.

    python docs/make_vocabulary.py [--check]

Extensions that are not installed keep what the table says of them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.theming import HTMLThemeFactory
from sphinx.util.docutils import docutils_namespace

from sphinx_mmbook.core.book.vocabulary import FILE
from sphinx_mmbook.ext.adapters.vocabulary import vocabulary_of

#: What books use besides ourselves; those without directives and roles have to be known as well.
EXTENSIONS = (
    "sphinx.ext.autodoc", "sphinx.ext.autosectionlabel", "sphinx.ext.autosummary",
    "sphinx.ext.doctest", "sphinx.ext.graphviz", "sphinx.ext.githubpages", "sphinx.ext.ifconfig",
    "sphinx.ext.imgmath", "sphinx.ext.inheritance_diagram", "sphinx.ext.intersphinx",
    "sphinx.ext.mathjax", "sphinx.ext.napoleon", "sphinx.ext.todo", "sphinx.ext.viewcode",
    "myst_nb", "myst_parser", "sphinxcontrib.bibtex", "sphinx_copybutton",
    "sphinx_book_theme", "pydata_sphinx_theme", "sphinx-mathjax-offline",
    "sphinx_external_toc", "sphinx_multitoc_numbering",
    "sphinx_design", "sphinx_exercise", "sphinx_proof", "sphinx_tabs.tabs",
    "sphinx_togglebutton", "sphinxcontrib.mermaid",
)  # fmt: skip
#: The books' languages, in which docutils has names of its own for its directives.
LANGUAGES = ("en", "de")


@cache
def words(language: str, *extensions: str) -> dict[str, dict[str, Any]]:
    """Return what a book with such extensions can use."""
    with tempfile.TemporaryDirectory() as folder, docutils_namespace():
        base = Path(folder)
        names = ["sphinx_mmbook", *extensions]
        conf = f"extensions = {names}\nlanguage = {language!r}\nbibtex_bibfiles = []\n"
        (base / "conf.py").write_text(conf, "utf-8")
        (base / "index.md").write_text("# Book\n", "utf-8")
        (base / "_toc.yml").write_text("root: index\n", "utf-8")
        out = base / "_build"
        app = Sphinx(base, base, out, out, "dummy", status=None, warning=None)
        themes = HTMLThemeFactory(confdir=base, app=app, config=app.config, registry=app.registry)
        found = vocabulary_of(app)
        for theme in {*extensions} & {*app.registry.html_themes}:
            options = sorted(themes.create(theme).get_options())
            found["settings"] |= dict.fromkeys(f"html_theme_options.{name}" for name in options)
        return found


def beyond(more: dict[str, dict[str, Any]], less: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what one vocabulary has beyond another, or has otherwise."""
    return {
        kind: {
            name: one
            for name, one in more[kind].items()
            if name not in less[kind] or less[kind][name] != one
        }
        for kind in less
    }


def table() -> dict[str, Any]:
    """Return the whole table, with the known part of what is not installed here."""
    base = words("en")
    old = json.loads(FILE.read_text("utf-8"))["extensions"] if FILE.exists() else {}
    found = {}
    for name in EXTENSIONS:
        if name in ("myst_nb", "myst_parser", "sphinxcontrib.bibtex", "sphinx_copybutton"):
            found[name] = {"directives": {}, "roles": {}, "settings": {}}
        elif find_spec(name.partition(".")[0].replace("-", "_")) and installed(name):
            found[name] = beyond(words("en", name), base)
        elif name in old:
            found[name] = old[name]
    languages = {name: beyond(words(name), base) for name in LANGUAGES[1:]}
    return {"book": base, "languages": languages, "extensions": found}


def installed(name: str) -> bool:
    """Return whether an extension can be imported here."""
    try:
        return find_spec(name.replace("-", "_")) is not None
    except ModuleNotFoundError:
        return False


def text() -> str:
    """Return the text of the file, a line for each directive."""
    lines = json.dumps(table(), ensure_ascii=False, indent=1)
    return lines + "\n"


def main() -> int:
    """Write the file, or say whether it is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; status 1 if it differs")
    args = parser.parse_args()
    new = text()
    if args.check:
        return int(FILE.read_text("utf-8") != new)
    FILE.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
