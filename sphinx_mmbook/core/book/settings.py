"""What a book sets, read once: rules and parser ask this and never a raw value.

A build makes it of the configuration that Sphinx has evaluated, ``mmbook check`` of what
``conf.py`` says (:mod:`sphinx_mmbook.core.book.conf_file`); both through ``settings_from``.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.pages.markdown import EXTENSIONS, FORMULAS, switches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinx_mmbook.core.finding import Finding, Location

#: What no book has as chapters: output of builds, checkpoints of notebooks. Read-me files are
#: chapters only where a toctree names them (:mod:`sphinx_mmbook.core.book.read_me`).
EXCLUDED = ("_build", "**/.ipynb_checkpoints")

#: Of what MyST makes addresses unless conf.py says otherwise; it takes ``eq:loss`` for a label.
SCHEMES = frozenset({"http", "https", "mailto", "ftp"})

#: Extensions that make pages of docstrings, which refer to labels and are referred to by name.
DOCSTRINGS = frozenset(
    {"sphinx.ext.autodoc", "sphinx.ext.autosummary", "autoapi.extension", "autodoc2", "numpydoc",
     "breathe", "sphinx.ext.apidoc"}
)  # fmt: skip

#: Extensions whose pages nobody has before a build.
PAGES_MADE = frozenset(
    {"sphinx_gallery.gen_gallery", "autoapi.extension", "autodoc2", "sphinx.ext.apidoc", "ablog"}
)
_LABELLING = PAGES_MADE | {"sphinx.ext.intersphinx", "sphinx.ext.autosectionlabel"}


def _setting(names: str, help: str, **default: Any) -> Any:
    """Return a field that one or more names in ``conf.py`` set."""
    return field(**default, metadata={"names": tuple(names.split()), "help": help})


@dataclass(frozen=True)
class ConfText:
    """What stands in a ``conf.py`` and no build knows: values, and where names first get one.

    Keys of dictionaries are among these, as ``latex_elements.preamble``. A name that the file
    itself uses may be the project's own.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    places: Mapping[str, Location] = field(default_factory=dict)
    used: frozenset[str] = frozenset()


@dataclass(frozen=True)
class BookSettings:
    """What a book sets, as far as its check depends on it.

    Each field says by which names ``conf.py`` sets it. ``findings`` are about ``conf.py`` itself.
    """

    rules: Mapping[str, str] = _setting(
        "mmbook_rules", "levels of rules by slug", default_factory=dict
    )
    suppressed: tuple[str, ...] = _setting(
        "suppress_warnings", "types of warnings that are not shown", default=()
    )
    excluded: tuple[str, ...] = _setting(
        "exclude_patterns templates_path html_static_path html_extra_path sphinx_gallery_conf",
        "patterns of what is not a part of the book",
        default=EXCLUDED,
    )
    static: tuple[str, ...] = _setting(
        "html_static_path html_extra_path", "folders of the book copied into the site", default=()
    )
    root: str = _setting(
        "root_doc master_doc", "the page that all toctrees begin at", default="index"
    )
    syntax: frozenset[str] = _setting(
        "myst_enable_extensions myst_fence_as_directive "
        + " ".join(f"myst_dmath_{name}" for name in FORMULAS),
        "extensions of Markdown besides ours, and languages of which MyST makes directives",
        default=EXTENSIONS,
    )
    title_to_header: bool = _setting(
        "myst_title_to_header", "whether the front matter's title is a heading", default=True
    )
    schemes: frozenset[str] = _setting(
        "myst_url_schemes", "what begins an address, and no label", default=SCHEMES
    )
    heading_anchors: bool = _setting(
        "myst_heading_anchors", "whether headings have anchors made of their text", default=False
    )
    runs_notebooks: bool = _setting(
        "nb_execution_mode", "whether the build makes the outputs of notebooks", default=True
    )
    keeps_outputs: bool = _setting(
        "nb_execution_mode", "whether outputs that are there are kept", default=False
    )
    runs_inline: bool = _setting(
        "nb_execution_mode", "whether a page is read while its code runs", default=False
    )
    not_run: tuple[str, ...] = _setting(
        "nb_execution_excludepatterns", "patterns of notebooks left alone by builds", default=()
    )
    documents_code: bool = _setting(
        "extensions",
        "whether docstrings are part of the book, and a link may name a function",
        default=False,
    )
    labels_elsewhere: bool = _setting(
        "intersphinx_mapping extensions source_suffix nb_custom_formats",
        "whether labels may be meant that are other projects', made of headings or by a build",
        default=False,
    )
    other_suffixes: tuple[str, ...] = _setting(
        "source_suffix nb_custom_formats", "suffixes of pages that only a build reads", default=()
    )
    bibliographies: tuple[str, ...] = _setting(
        "bibtex_bibfiles", "bibliographies named, perhaps out of the book", default=()
    )
    extensions: tuple[str, ...] = _setting(
        "extensions", "extensions, which bring directives and roles", default=()
    )
    theme: str = _setting("html_theme", "the theme, which may do so too", default="")
    language: str = _setting("language", "language of the book", default="en")
    substitutions: Mapping[str, object] = _setting(
        "myst_substitutions", "what pages name in double braces", default_factory=dict
    )
    commands: frozenset[str] = field(
        default=frozenset(), metadata={"help": "commands for formulas that conf.py defines"}
    )
    texts: frozenset[str] = field(default=frozenset(), metadata={"help": "all texts in conf.py"})
    #: Our own settings as they are written, right or wrong.
    own: Mapping[str, object] = field(default_factory=dict)
    conf: ConfText = field(default_factory=ConfText, compare=False)
    findings: tuple[Finding, ...] = ()


#: All names in ``conf.py`` on which a check depends.
NAMES = tuple(name for one in fields(BookSettings) for name in one.metadata.get("names", ()))


def settings_from(values: Mapping[str, object], findings: Iterable[Finding] = ()) -> BookSettings:
    """Return the settings of a book whose ``conf.py`` sets ``values``; these may be of any kind."""
    extensions = _texts(values.get("extensions"))
    bibs = [name for name in _texts(values.get("bibtex_bibfiles")) if name[-4:].lower() == ".bib"]
    schemes = values.get("myst_url_schemes")
    formats = (values.get(name) for name in ("source_suffix", "nb_custom_formats"))
    suffixes = {str(one) for some in formats for one in (*_texts(some), *_mapping(some))}
    other_suffixes = tuple(sorted(suffixes - {".md", ".ipynb", ".rst"}))
    return BookSettings(
        rules={str(k): str(v) for k, v in _mapping(values.get("mmbook_rules")).items()},
        suppressed=_texts(values.get("suppress_warnings")),
        excluded=tuple(dict.fromkeys((*no_pages(values), *_excluded(values)))),
        static=tuple(_of_book(values, "html_static_path", "html_extra_path")),
        root=str(values.get("root_doc", values.get("master_doc", "index"))),
        syntax=EXTENSIONS
        | {*_texts(values.get("myst_enable_extensions"))}
        | switches(values, "myst_dmath_")
        | {f"```{name}" for name in _texts(values.get("myst_fence_as_directive"))},
        title_to_header=values.get("myst_title_to_header") is not False,
        schemes=frozenset((*_texts(schemes), *map(str, _mapping(schemes)))) or SCHEMES,
        heading_anchors=bool(values.get("myst_heading_anchors")),
        runs_notebooks=values.get("nb_execution_mode") != "off",
        keeps_outputs=values.get("nb_execution_mode") == "auto",
        runs_inline=values.get("nb_execution_mode") == "inline",
        not_run=_texts(values.get("nb_execution_excludepatterns")),
        documents_code=not DOCSTRINGS.isdisjoint(extensions),
        labels_elsewhere=bool(values.get("intersphinx_mapping") or other_suffixes)
        or not _LABELLING.isdisjoint(extensions),
        other_suffixes=other_suffixes,
        bibliographies=tuple(map(posixpath.normpath, bibs)),
        extensions=extensions,
        theme=str(values.get("html_theme", "")),
        substitutions={str(k): v for k, v in _mapping(values.get("myst_substitutions")).items()},
        commands=frozenset(commands_in(values)),
        texts=frozenset(_all_texts(values)),
        language=str(values.get("language") or "en"),
        own={name: value for name, value in values.items() if name.startswith("mmbook_")},
        findings=tuple(findings),
    )


def no_pages(values: Mapping[str, object]) -> Iterator[str]:
    """Yield patterns of what a book has not as chapters: notebooks of sphinx-gallery, say."""
    yield from EXCLUDED
    if "sphinx_gallery.gen_gallery" in _texts(values.get("extensions")):
        folders = _mapping(values.get("sphinx_gallery_conf")).get("gallery_dirs", "auto_examples")
        for folder in (folders,) if isinstance(folders, str) else _texts(folders):
            yield f"{posixpath.normpath(folder)}/**.ipynb"


def _of_book(values: Mapping[str, object], *names: str) -> Iterator[str]:
    """Yield the folders that settings name and that are not those of extensions."""
    folders = (path for name in names for path in _texts(values.get(name)))
    return (path for path in folders if not Path(path).is_absolute())


def _excluded(values: Mapping[str, object]) -> Iterator[str]:
    names = next(one.metadata["names"] for one in fields(BookSettings) if one.name == "excluded")
    return (text for name in names for text in _texts(values.get(name)))


def _texts(value: object) -> tuple[str, ...]:
    """Return the items of a list as texts, the empty list if it is not a list."""
    return tuple(map(str, value)) if isinstance(value, list | tuple | set | frozenset) else ()


def _mapping(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, dict) else {}


#: What defines a command or an environment in a preamble; its name stands after it.
_DEFINES = re.compile(
    r"\\(?:(?:re)?new(?:command|environment)|providecommand|[gex]?def|let|"
    r"Declare(?:MathOperator|RobustCommand|PairedDelimiterX?)|newtheorem)\*?\s*\{?\s*\\?([A-Za-z]+)"
)


def commands_in(values: object) -> Iterator[str]:
    """Yield the commands and environments that settings define: for MathJax, LaTeX, or both."""
    if isinstance(values, str):
        yield from _DEFINES.findall(values)
    elif isinstance(values, dict):
        for name, value in values.items():
            own = name in ("mmbook_macros", "macros", "environments") and isinstance(value, dict)
            yield from map(str, value if own else ())
            yield from commands_in(value)
    elif isinstance(values, list | tuple):
        for value in values:
            yield from commands_in(value)


def _all_texts(value: object) -> Iterator[str]:
    """Iterate over all texts in the values: names of files that conf.py uses are among them."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            todo += [*item.keys(), *item.values()]
        elif isinstance(item, list | tuple | set | frozenset):
            todo += item
