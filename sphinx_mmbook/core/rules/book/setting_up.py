"""Rules on what a book cannot do without: its root page, and the extensions it names."""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.book.vocabulary import CONF, is_shipped, shipped_extensions
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.pages.markdown import EXTENSIONS
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.book.settings import BookSettings

OURS = "sphinx_mmbook"
#: Extensions that read what ours reads; no build survives them after it, the first one nowhere.
READERS = {"nbsphinx": "notebooks", "recommonmark": "Markdown", "myst_parser": "Markdown"}
#: What ``jupyter-book config sphinx`` names first: two settings, for those that read them.
JUPYTER_BOOK = "jupyter_book"
#: The entry points by which Sphinx finds themes.
THEMES = "sphinx.html_themes"
#: So many letters a mistyped name has in common with the right one; extensions are called alike.
ALIKE = 0.88


@rule("error")
def root_missing(book: Book) -> Iterator[Finding]:
    """The page is missing with which a book begins.

    Bad: chapters, and no ``index.md`` beside ``conf.py``

    Good: ``index.md`` with a title and a ``{toctree}`` that names the chapters

    Why: without it nothing is built, and no page has a place in the book.
    """
    root = book.settings.root
    names = [f"{root}{suffix}" for suffix in (".md", ".ipynb", ".rst")]
    there = [book.files[name] for name in names if name in book.files]
    unread = {finding.location.path for finding in book.findings}
    if root in book.every or unread & {*names} or not (book.folder / CONF).is_file():
        return
    if "sphinx_external_toc" in book.settings.extensions:  # a file of its own names the root
        return
    if there:
        text = f"the page '{root}', with which the book begins, is left out by exclude_patterns"
        yield found(Location(CONF, 1), f"{text}; name only other pages there")
    else:
        yield found(Location(CONF, 1), no_root(root))


def no_root(root: str) -> str:
    """Return what is said if there is no root page."""
    begin = f"there is no page '{root}', with which the book begins"
    page = f"{root}.md beside conf.py"
    return f"{begin}; write {page}, with a title and a {{toctree}} of the chapters"


@rule("error")
def extension_missing(book: Book) -> Iterator[Finding]:
    """An extension or a theme that ``conf.py`` names is not installed, or does not go with ours.

    Bad: ``extensions = ["sphinx_mmbook", "sphinx_desing"]``

    Good: ``extensions = ["sphinx_mmbook", "sphinx_design"]``, and ``sphinx-design`` installed

    Why: nothing can be built. ``nbsphinx`` and ``recommonmark`` read the same files as ours.
    """
    if not any(finding.rule == "conf" for finding in book.settings.findings):
        yield from faults_of_extensions(book.folder, book.settings.extensions)
        yield from theme_missing(book.folder, book.settings)
        yield from _refused_settings(book)


#: What MyST-Parser and MyST-NB take for sure; of anything else they are asked, which takes 0.1 s.
_TAKEN = EXTENSIONS | {
    "fieldlist", "html_admonition", "linkify", "replacements", "smartquotes", "strikethrough",
    "substitution", "off", "auto", "force", "cache", "inline",
}  # fmt: skip
#: Settings that most books give a value of the right type.
_TYPES = {"nb_execution_timeout": int, "myst_substitutions": dict} | dict.fromkeys(
    ["myst_title_to_header", "myst_dmath_double_inline", "myst_links_external_new_tab",
     "myst_all_links_external", "nb_merge_streams", "nb_number_source_lines",
     "nb_execution_allow_errors", "nb_execution_raise_on_error", "nb_execution_in_temp",
     "nb_execution_show_tb"], bool
)  # fmt: skip


def _refused_settings(book: Book) -> Iterator[Finding]:
    """Yield the settings that MyST-Parser and MyST-NB refuse; a build hears it from them."""
    for name, value in book.settings.conf.values.items():
        values = value if isinstance(value, list | tuple | set | frozenset) else [value]
        is_taken = isinstance(value, str) != name.startswith("myst_")
        is_taken = is_taken and bool(values) and _TAKEN.issuperset(map(str, values))
        is_level = name == "myst_heading_anchors" and type(value) is int and value in range(8)
        is_theirs = name.startswith(("myst_", "nb_"))
        if is_taken or is_level or type(value) is _TYPES.get(name) or not is_theirs:
            continue
        from sphinx_mmbook.docutils_syntax import myst_options as upstream  # noqa: PLC0415

        if why := upstream.refused(name, value):
            text = f"'{name}' has a value that it cannot have: {why}; correct it"
            yield Finding(_named(_text(book.folder), name), "conf", text, "error")


def faults_of_extensions(folder: Path, names: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong with the extensions that the book in ``folder`` names."""
    yield from not_installed(folder, names)
    # Others may bring ours along.
    if OURS not in names and all(map(is_shipped, names)) and (folder / CONF).is_file():
        message = f"'{OURS}' is not among the extensions, so no build knows what the book writes"
        at = _named(_text(folder), "extensions")
        yield found(at, f"{message}; write extensions = ['{OURS}']")


def not_installed(folder: Path, names: Sequence[str]) -> Iterator[Finding]:
    """Yield the extensions that a build of the book in ``folder`` would not find, or die of."""
    text = _text(folder)
    after = {"nbsphinx", *names[names.index(OURS) :]} if OURS in names else set()
    readers = READERS.keys() & after & {*names}
    for name in readers:
        message = f"'{name}' reads {READERS[name]}, as '{OURS}' does, and no build survives both"
        yield found(_named(text, name), f"{message}; take it out")
    if CONF in names or "sys.path" in text:  # computed, or found where only a build looks
        return
    for name in names:
        if not (name in (OURS, *readers) or is_installed(name) or _is_beside(folder, name)):
            message = f"the extension '{name}' is not installed; {_advice(name)}"
            yield found(_named(text, name), message)


def theme_missing(folder: Path, settings: BookSettings) -> Iterator[Finding]:
    """Yield the theme that a build of the website in ``folder`` would not find.

    Sphinx looks in ``html_theme_path``, among its own, in the entry points of what is installed,
    and at what extensions register; such a theme is called as its package is.
    """
    name, text = settings.theme, _text(folder)
    if not name or "html_theme_path" in text or "sys.path" in text or CONF in settings.extensions:
        return
    own = any(_is_beside(folder, extension) for extension in settings.extensions)
    if own or is_installed(name.replace("-", "_")):  # an extension of the book's may register it
        return
    from importlib.metadata import entry_points  # noqa: PLC0415 -- 14 ms, which few books need

    known = [*_themes_of_sphinx(), *(entry.name for entry in entry_points(group=THEMES))]
    if name not in known:
        near = nearest(name, known, ALIKE)
        advice = f"did you mean '{near}'?" if near else f"run 'pip install {_package(name)}'"
        message = f"the theme '{name}' is not installed; {advice}"
        yield found(_named(text, name), message)


def _themes_of_sphinx() -> list[str]:
    """Return the names of the themes that come with Sphinx; it is not imported."""
    spec = find_spec("sphinx")
    folders = spec.submodule_search_locations if spec else None
    return [path.name for folder in folders or () for path in Path(folder, "themes").glob("*/")]


def _package(name: str) -> str:
    """Return the name under which pip most likely knows a module."""
    return re.sub("[._]", "-", name)


def _text(folder: Path) -> str:
    """Return the text of ``conf.py``; nothing if there is none."""
    try:
        return (folder / CONF).read_text("utf-8", "replace")
    except OSError:
        return ""


def _advice(name: str) -> str:
    """Return what to do about an extension that is not installed."""
    if name == JUPYTER_BOOK:
        return "take it out: no page needs it, and it goes with Sphinx 7 alone"
    known = shipped_extensions()
    if name not in known and (near := nearest(name, known, ALIKE)):
        return f"did you mean '{near}'?"
    if name.startswith("sphinx."):
        return "Sphinx has none of that name, take it out"
    return f"run 'pip install {_package(name)}', or take it out"


def _named(text: str, word: str) -> Location:
    """Return where ``conf.py`` says a word first."""
    lines = (number for number, line in enumerate(text.splitlines(), 1) if word in line)
    return Location(CONF, next(lines, 1))


def _is_beside(folder: Path, name: str) -> bool:
    """Whether a module lies in the book's folder, or in that around it."""
    path = name.replace(".", "/")
    files = (f"{path}.py", f"{path}/__init__.py")
    tops = (folder, folder.resolve().parent)
    return any((top / file).is_file() for top in tops for file in files)


def is_installed(name: str) -> bool:
    """Whether a module is there to be imported; nothing is, its packages neither."""
    where: Sequence[str] | None = None
    parts = name.split(".")
    for number in range(len(parts)):
        full = ".".join(parts[: number + 1])
        finders = (getattr(finder, "find_spec", None) for finder in sys.meta_path)
        specs = (find(full, where) for find in finders if find)
        spec = next((spec for spec in specs if spec), None)
        if spec is None:
            return False
        where = spec.submodule_search_locations
        if where is None:
            return number + 1 == len(parts)
    return True
