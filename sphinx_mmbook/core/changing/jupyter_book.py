"""A Jupyter Book 1 project as a Sphinx project: its table of contents and its settings.

``_toc.yml`` becomes toctrees in the pages themselves, ``_config.yml`` a ``conf.py``. The formats:
https://jupyterbook.org/v1/structure/toc.html and https://jupyterbook.org/v1/customize/config.html.
jupyter-book itself, which can write a ``conf.py``, is not used: it brings Sphinx 7 and 60 packages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pprint import pformat
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.changing.chapter_folder import ChangeRefused
from sphinx_mmbook.core.files.lookup import is_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SUFFIXES = (".md", ".ipynb", ".rst")
#: Extensions that this one brings along or replaces.
OURS = frozenset({"myst_nb", "myst_parser", "sphinx_external_toc", "sphinx_multitoc_numbering",
                  "sphinx_jupyterbook_latex", "sphinx_copybutton", "sphinxcontrib.bibtex",
                  "jupyter_book"})  # fmt: skip
#: Names of settings in ``_config.yml`` -> those of Sphinx, MyST and MyST-NB.
NAMES = {
    ("title",): "project",
    ("author",): "author",
    ("logo",): "html_logo",
    ("exclude_patterns",): "exclude_patterns",
    ("execute", "execute_notebooks"): "nb_execution_mode",
    ("execute", "timeout"): "nb_execution_timeout",
    ("execute", "exclude_patterns"): "nb_execution_excludepatterns",
    ("execute", "allow_errors"): "nb_execution_allow_errors",
    ("execute", "run_in_temp"): "nb_execution_in_temp",
    ("execute", "stderr_output"): "nb_output_stderr",
    ("parse", "myst_enable_extensions"): "myst_enable_extensions",
    ("parse", "myst_substitutions"): "myst_substitutions",
    ("parse", "myst_heading_anchors"): "myst_heading_anchors",
    ("parse", "myst_url_schemes"): "myst_url_schemes",
    ("html", "favicon"): "html_favicon",
    ("html", "baseurl"): "html_baseurl",
    ("latex", "latex_engine"): "latex_engine",
    ("bibtex_bibfiles",): "bibtex_bibfiles",
}
#: What is so here in any case, or is about Jupyter Book's own look of a PDF.
NEEDLESS = (("html", "use_multitoc_numbering"), ("latex", "use_jupyterbook_latex"))
#: The same for options of the theme.
THEME = {
    ("repository", "url"): "repository_url",
    ("repository", "branch"): "repository_branch",
    ("repository", "path_to_book"): "path_to_docs",
    ("html", "use_edit_page_button"): "use_edit_page_button",
    ("html", "use_issues_button"): "use_issues_button",
    ("html", "use_repository_button"): "use_repository_button",
    ("launch_buttons",): "launch_buttons",
}
#: What needs a package that this one does not bring.
DROPPED_SYNTAX = ("linkify",)


@dataclass(frozen=True)
class Contents:
    """The pages that get toctrees, by path, and what could not be taken over."""

    root: str
    toctrees: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()


def contents_of(toc: Any, files: Mapping[str, object]) -> Contents:
    """Return what ``_toc.yml`` says as toctrees; ``files`` are those of the book, by path.

    :raises ChangeRefused: if it is not a table of contents.
    """
    if not isinstance(toc, dict) or not isinstance(toc.get("root"), str):
        raise ChangeRefused("_toc.yml names no 'root'; migrate it first with 'jb toc migrate'")
    reader = _TocReader(files)
    root = reader.page(toc["root"])
    if root is None:
        raise ChangeRefused(f"_toc.yml: there is no page '{toc['root']}', the root")
    reader.add(root, toc, toc.get("options") or toc.get("defaults") or {})
    return Contents(root, reader.texts, tuple(reader.left))


class _TocReader:
    def __init__(self, files: Mapping[str, object]) -> None:
        self.files = files
        self.texts: dict[str, str] = {}
        self.left: list[str] = []

    def page(self, name: str) -> str | None:
        """Return the path of a page that is named with or without its suffix."""
        paths = [name, *(f"{name}{suffix}" for suffix in SUFFIXES)]
        return next((p for p in paths if p in self.files and p.endswith(SUFFIXES)), None)

    def add(self, path: str, entry: Mapping[str, Any], inherited: Mapping[str, Any]) -> None:
        """Add the toctrees of a page, and of all pages below."""
        trees = entry.get("parts") or entry.get("subtrees")
        for tree in _maps(trees if trees else [entry]):
            listed = list(
                _maps(tree.get("chapters") or tree.get("sections") or tree.get("entries"))
            )
            options = {**inherited, **(tree.get("options") or {}), **tree}
            lines = [line for one in listed if (line := self.line(one))]
            if lines:
                is_glob = any("glob" in one for one in listed)
                kept = list(_options(options, is_part=bool(trees), is_glob=is_glob))
                self.texts[path] = self.texts.get(path, "") + toctree(path, kept, lines)
            for one in listed:
                below = self.page(str(one.get("file", "")))
                if below and any(name in one for name in ("sections", "subtrees", "entries")):
                    self.add(below, one, {})

    def line(self, entry: Mapping[str, Any]) -> str:
        """Return the line of a toctree; empty, and noted, if it names no page."""
        title, url = entry.get("title"), str(entry.get("url", ""))
        if is_url(url):
            return f"{title or url} <{url}>"
        if "glob" in entry:
            return f"/{entry['glob']}"
        path = self.page(str(entry.get("file", "")))
        if path is None:
            self.left.append(f"_toc.yml names '{entry.get('file')}', of which there is no page")
            return ""
        name = "/" + path.rpartition(".")[0]
        return f"{title} <{name}>" if title else name


def _maps(value: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def _options(said: Mapping[str, Any], *, is_part: bool, is_glob: bool) -> Iterator[str]:
    """Yield the options of a toctree; Jupyter Book shows none on the page itself."""
    yield ":hidden:"
    if is_part and (caption := said.get("caption")):
        yield f":caption: {caption}"
    if numbered := said.get("numbered"):
        yield ":numbered:" if numbered is True else f":numbered: {numbered}"
    if depth := said.get("maxdepth"):
        yield f":maxdepth: {depth}"
    if is_glob:
        yield ":glob:"


def toctree(path: str, options: list[str], lines: list[str]) -> str:
    """Return a toctree as the language of a page has it."""
    body = [*options, "", *lines]
    if path.endswith(".rst"):
        return "\n.. toctree::\n" + "".join(f"   {line}".rstrip() + "\n" for line in body)
    return "\n```{toctree}\n" + "".join(f"{line}\n" for line in body) + "```\n"


def with_toctrees(path: str, text: str, toctrees: str) -> str:
    """Return a page's text with toctrees at its end; a notebook gets a cell of them."""
    if not path.endswith(".ipynb"):
        return text.rstrip("\n") + "\n" + toctrees
    notebook = json.loads(text)
    cell = {"cell_type": "markdown", "metadata": {}, "source": toctrees.strip("\n")}
    minor = (notebook.get("nbformat", 4), notebook.get("nbformat_minor", 0))
    notebook["cells"].append({"id": "contents", **cell} if minor >= (4, 5) else cell)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def settings_of(config: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what ``_config.yml`` says by the names of ``conf.py``, and what is left."""
    sphinx = config.get("sphinx") if isinstance(config.get("sphinx"), dict) else {}
    values: dict[str, Any] = {}
    theme: dict[str, Any] = {}
    used = {("title",), ("copyright",), ("sphinx",), *NAMES, *THEME, *NEEDLESS}
    for target, names in ((values, NAMES), (theme, THEME)):
        for path, name in names.items():
            if (value := _at(config, path)) not in (None, "", [], {}):
                target[name] = value
    values |= (sphinx or {}).get("config") or {}
    mode = values.get("nb_execution_mode")
    if mode not in (None, "auto", "force", "cache", "inline"):
        values["nb_execution_mode"] = "off"  # YAML reads 'off' as false
    # The theme knows these hosts by their names; another one is most often a GitLab of one's own.
    url = str(theme.get("repository_url", "")).lower()
    is_guessed = bool(url) and not any(name in url for name in ("bitbucket", "github", "gitlab"))
    if is_guessed:
        theme["repository_provider"] = "gitlab"
    if theme:
        values["html_theme_options"] = {**theme, **values.get("html_theme_options", {})}
    extra = [name for name in (sphinx or {}).get("extra_extensions") or [] if name not in OURS]
    values["extensions"] = ["sphinx_mmbook", *extra]
    values.setdefault("html_theme", "sphinx_book_theme")  # Jupyter Book's
    left = [f"_config.yml: '{'.'.join(path)}' was not taken over" for path in _leaves(config)
            if not any(path[: len(known)] == known for known in used)]  # fmt: skip
    left += ["conf.py: 'repository_provider' is a guess; correct it"] * is_guessed
    return values, left + list(_drop_syntax(values))


def _drop_syntax(values: dict[str, Any]) -> Iterator[str]:
    syntax = values.get("myst_enable_extensions")
    for name in DROPPED_SYNTAX:
        if isinstance(syntax, list) and name in syntax:
            values["myst_enable_extensions"] = [one for one in syntax if one != name]
            yield f"MyST's extension '{name}' was left out: write addresses as <https://…>"
    if isinstance(syntax, list) and "myst_substitutions" in values and "substitution" not in syntax:
        values["myst_enable_extensions"] = [*values["myst_enable_extensions"], "substitution"]


def _at(config: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        config = config.get(name) if isinstance(config, dict) else None
    return config


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the paths of all values that say something."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(inner, (*path, str(name)))
    elif value not in (None, "", [], {}):
        yield path


def conf_text(values: Mapping[str, Any]) -> str:
    """Return a ``conf.py`` that sets the values."""
    lines = [
        f"{name} = {pformat(value, width=96, sort_dicts=False)}\n" for name, value in values.items()
    ]
    return '"""Settings of the book, taken over from _config.yml."""\n\n' + "".join(lines)
