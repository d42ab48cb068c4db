"""The rule on what roles are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.book.vocabulary import misfit
from sphinx_mmbook.core.files.lookup import path_from
from sphinx_mmbook.core.pages.cell_options import is_notebook
from sphinx_mmbook.core.pages.elements import titled
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.page import Page

_NEEDS_TARGET = ("ref", "numref", "eq", "any", "doc", "term", "envvar")
_NUMBERED = ("pep", "rfc", "cwe")
_HEIGHT = re.compile(r"\d+(?:\.\d+)?(?:px|em|rem)")  # sphinx-design's
#: Roles whose target a directive defines -> those that do so.
_DEFINED = {"confval": ("confval",), "option": ("option", "cmdoption", "program")}

#: Options of a directive that describes what nothing is to refer to.
UNINDEXED = ("no-index", "noindex")


@rule("error")
def role_text(book: Book) -> Iterator[Finding]:
    """A role can do nothing with what it is given.

    Bad: `` {rfc}`of mail` ``; `` {glue}`loss` `` in a page that is not a notebook

    Good: `` {rfc}`8259` ``; the same in the notebook that glues it

    Why: the page shows an error, or the bare text.
    """
    for page, element in book.elements("directive"):
        is_glued = element.name.partition(":")[0] == "glue"
        if is_glued and (fault := _fault(book, page, element.name, element.text)):
            yield found(element.argument_at, fault)
    for page, element in book.elements("role"):
        name = element.name.lower().removeprefix("std:")
        is_off = element.text[:1] == "!"  # which these roles do not know
        _, target, start = titled(element.text) if not is_off else ("", element.text, 0)
        if is_off and name in (*_NEEDS_TARGET, *_DEFINED, "keyword"):
            continue
        if fault := _fault(book, page, name, target):
            yield found(element.at.right(len(element.name) + 3 + start), fault)


def _fault(book: Book, page: Page, name: str, target: str) -> str:
    """Say what is wrong with the target of a role, if anything."""
    if not target and name in _NEEDS_TARGET:
        return f"this {{{name}}} has nothing between '<' and '>'; write there what it refers to"
    if name in _NUMBERED and misfit(target.partition("#")[0], "integer"):
        return f"{{{name}}} takes a number, not '{target}'; write {{{name}}}`8259`"
    is_elsewhere = book.settings.labels_elsewhere
    described = {*_of_all(book, _DEFINED[name])} if name in _DEFINED else set()
    is_known = re.sub(r"\s+", " ", target) in described if name == "confval" else described
    if name in _DEFINED and not is_elsewhere and not is_known:
        return (
            f"nothing in the book defines '{target}' for {{{name}}}; write it as code: `{target}`"
        )
    if name == "keyword" and target not in {label.name for label in book.facts.labels()}:
        return f"no label is called '{target}', which {{keyword}} asks for; write it as code"
    if name.partition(":")[0] in ("glue", "eval") and (fault := _unmade(book, page, name, target)):
        return fault
    if name == "sub-ref" and target not in _COUNTED and f"|{target}|" not in page.source.text:
        return f"nothing says what '{target}' stands for; write the text itself"
    if name == "nb-download" and not _is_of_notebook(book, path_from(page.path, target)):
        return f"no notebook of the book is called '{target}'; write {{download}} for other files"
    dropdown = book.vocabulary.directive("dropdown")
    if dropdown and (name == "octicon" or name.startswith("material-")):
        icon, height = (*target.split(";"), "1em")[:2]
        if name == "octicon" and misfit(icon.strip(), dropdown.options.get("icon", "any")):
            return f"no icon is called '{icon.strip()}'; correct its name"
        if not _HEIGHT.fullmatch(height):
            return f"'{height}' is not a height of an icon; write a number with px, em or rem: 2em"
    return ""


#: What ``{sub-ref}`` knows by itself.
_COUNTED = ("wordcount-words", "wordcount-minutes", "today", "version", "release")
_IMPORTED = re.compile(r"(?:from|import) (\w+)")
_LOADS = re.compile(r"load(?<!down....)")
_LITERAL_KEY = re.compile(r"(?:\b|\\n)glue\(\s*\\?[\"'](\w[^\"'\\]*)\\?[\"']")


def _unmade(book: Book, page: Page, name: str, target: str) -> str:
    """Say why nothing is shown of what code is to make."""
    if not _runs(page) and "::" not in target:
        shows = f"{{{name}}} shows what the code of its own notebook has made"
        return f"{shows}, and this page has none; write {{stored}}, or move it to the notebook"
    is_inline = book.settings.runs_inline or "execution_mode" in page.source.text
    if name == "eval":
        advice = "needs nb_execution_mode = 'inline' in conf.py; write {glue}, or {stored}"
        return "" if is_inline else f"{{eval}} {advice}"
    # A format may follow the key of a text; other keys may have a colon of their own.
    has_format = name == "glue:text" or (name == "glue:md" and not _glues(book, page, target))
    key = (has_format and target.rpartition(":")[0].strip()) or target
    key = key if "::" not in target else ""
    told = f"no cell of this page glues '{key}'; write glue('{key}', …) in one"
    return told if key and not _glues(book, page, key) else ""


def _glues(book: Book, page: Page, key: str) -> bool:
    """Whether code of a page may glue a key; only keys that the code has as texts are known."""
    text = page.source.text
    keys = _LITERAL_KEY.findall(text)
    # Where no cell glues anything by name, a module of the book that one imports may.
    made = not keys and not {*_IMPORTED.findall(text)}.isdisjoint(_modules(book))
    computed = made or text.count("glue(") > len(keys) or _LOADS.search(text)
    is_run = book.settings.runs_notebooks or page.path.endswith(".ipynb") or "freeze" in text
    return bool(computed) or (is_run and key in keys)


def _modules(book: Book) -> Iterator[str]:
    paths = (path.removesuffix(".py") for path in book.files if path.endswith(".py"))
    return (part for path in paths for part in path.split("/"))


def _of_all(book: Book, names: tuple[str, ...]) -> Iterator[str]:
    """Yield what the directives of such names describe."""
    items = (item for page in book.every.values() for item in page.of("directive"))
    some = (item for item in items if item.name in names and not item.option(*UNINDEXED))
    return (" ".join(line.split()) for item in some for line in item.text.split("\n"))


def _runs(page: Page) -> bool:
    return page.path.endswith(".ipynb") or is_notebook(page.source.front.fields)


def _is_of_notebook(book: Book, path: str) -> bool:
    page = book.every.get(path.rpartition(".")[0])
    return bool(page and _runs(page))
