"""What Sphinx and docutils never promised: which directives and roles are registered, and for what.

docutils keeps them in private tables of its modules ``directives`` and ``roles``; what a directive
takes stands in attributes of its class, how a value is read in a function. Read in Sphinx 9.0 and
docutils 0.22.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from docutils.parsers.rst import directives, roles
from docutils.parsers.rst.directives.misc import Include
from docutils.parsers.rst.languages import get_language
from sphinx.builders.latex.constants import DEFAULT_SETTINGS
from sphinx.builders.latex.theming import Theme
from sphinx.config import ENUM

from sphinx_mmbook.core.book.vocabulary import ANY, KINDS, misfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config

#: Values by which the kind of an option is known: what its function takes, and what not.
TRIED = (
    "", "no such word", "x", "A", "0", "3", "-1", "13", "3.5", "80%", "-80%", "8cm", "-8cm",
    "1 2", "1, 2", "0 1", "1 2 3 4", "6 6 6 6", "auto", "grid", "image", "tab", "utf-8", "0x41",
    "7 %",
)  # fmt: skip
#: What MyST-Parser adds to ``{include}`` when a page uses it for the first time, and what docutils
#: takes without a value from 0.23 on.
OF_INCLUDE = {
    "relative-images": "flag", "relative-docs": "text", "heading-offset": "number",
    "start-after": "text", "end-before": "text",
}  # fmt: skip
#: docutils' own, for its tests; and what MyST-Parser reads without a class.
UNUSED = {
    "restructuredtext-test-directive", "restructuredtext-unimplemented-role",
    "parsed-literal (translation required)",
}  # fmt: skip
_WORDS = re.compile(r'"([^"]*)"')


def vocabulary_of(app: Sphinx) -> dict[str, dict[str, Any]]:
    """Return all directives of a book, with what each takes, all roles and settings."""
    classes = dict(_directives(app))
    found = {name: described(one) for name, one in sorted(classes.items()) if name not in UNUSED}
    for name in found.keys() & {name for name, one in classes.items() if _is_include(one)}:
        found[name]["options"] |= OF_INCLUDE
    found["eval-rst"] = {"arguments": [0, 0], "content": True, "options": {}}
    named = sorted(set(_roles(app)) - UNUSED)
    keys = {"latex_elements": DEFAULT_SETTINGS, "latex_theme_options": Theme.UPDATABLE_KEYS}
    within = [f"{setting}.{key}" for setting, some in keys.items() for key in some]
    settings: dict[str, Any] = {one.name: _setting(app.config, one.name) for one in app.config}
    domains, renderers = app.registry.domains, app.registry.html_inline_math_renderers
    settings |= {
        "primary_domain": ["", "None", *sorted(domains)],
        "html_math_renderer": ["None", *sorted(renderers)],
    }
    settings = dict(sorted((settings | dict.fromkeys(within)).items()))
    return {"directives": found, "roles": dict.fromkeys(named), "settings": settings}


def _setting(config: Config, name: str) -> str | list[str] | None:
    """Return the types of a setting's values, or the texts they can be, as Sphinx judges them."""
    option = config.values[name]
    kinds: Any = option.valid_types
    default = option.default(config) if callable(option.default) else option.default
    if isinstance(kinds, ENUM):
        return sorted(map(str, kinds._candidates))
    if kinds is Any or Any in kinds or (default is None and not kinds):
        return None
    return " ".join(sorted({one.__name__ for one in (*kinds, type(default))}))


def _is_include(directive: Any) -> bool:
    """Whether it is ``include``, which has a name in each language."""
    return isinstance(directive, type) and issubclass(directive, Include)


def described(directive: Any) -> dict[str, Any]:
    """Return what a directive takes: arguments (least, most; -1 for words without end), options."""
    least = int(directive.required_arguments)
    most = least + int(directive.optional_arguments)
    spec = directive.option_spec or {}
    options = {
        str(name): (_kind if isinstance(reads, Hashable) else _kind.__wrapped__)(reads)
        for name, reads in sorted(spec.items())
    }
    if spec and not options:  # autodoc's takes whatever it is given, and asks the object later
        options = {ANY: "any"}
    return {
        "arguments": [least, -1 if most and directive.final_argument_whitespace else most],
        "content": bool(directive.has_content),
        "options": options,
    }


@cache
def _kind(reads: Callable[[Any], Any]) -> str | list[str]:
    """Return what an option's value is; a list of the words it can be; ``any`` if nobody knows."""
    if reads is directives.parser_name:  # it imports what it is asked for
        return "parser"
    try:
        reads("no such word")
    except Exception as error:  # whatever an extension's function makes of it
        message = str(error)
        if "choose from" in message:
            words = _WORDS.findall(message.partition("choose from")[2])
            return [*words, *([""] if _takes(reads, "") else ())]
    return _kinds().get(tuple(text for text in TRIED if _takes(reads, text)), "any")


@cache
def _kinds() -> dict[tuple[str, ...], str]:
    """Return the kind of which exactly these values are; of two that are alike, the first."""
    taken = {kind: tuple(text for text in TRIED if not misfit(text, kind)) for kind in KINDS}
    return {texts: kind for kind, texts in reversed(taken.items())}


def _takes(reads: Callable[[Any], Any], text: str) -> bool:
    """Whether a function takes the value of an option; what is empty it gets as ``None``."""
    try:
        reads(text or None)
    except Exception:  # whatever an extension's function makes of it
        return False
    return True


def registered_directives(app: Sphinx) -> Iterator[tuple[str, str, Any]]:
    """Yield the classes of all directives, each with its name and domain (none: docutils' own)."""
    mine: dict[str, Any] = directives._directives  # type: ignore[attr-defined]
    table: dict[str, tuple[str, str]] = directives._directive_registry  # type: ignore[attr-defined]
    for name, original in _names(app, "directives"):
        if original in table and name not in mine:
            module, kind = table[original]
            path = f"docutils.parsers.rst.directives.{module}"
            yield "", name, getattr(import_module(path), kind)
    yield from (("", name, one) for name, one in [*mine.items()] if hasattr(one, "option_spec"))
    for domain, its_class in app.registry.domains.items():
        added = app.registry.domain_directives.get(domain, {})
        for name, one in {**its_class.directives, **added}.items():
            if hasattr(one, "option_spec"):
                yield domain, name, one


def _directives(app: Sphinx) -> Iterator[tuple[str, Any]]:
    for domain, name, one in registered_directives(app):
        yield f"{domain}:{name}" if domain else name, one
        if domain and domain in ("std", app.config.primary_domain):
            yield name, one


def _roles(app: Sphinx) -> Iterator[str]:
    table = roles._role_registry  # type: ignore[attr-defined]
    unusable = (roles.unimplemented_role, roles.raw_role)
    yield from (alias for alias, name in _names(app, "roles") if table.get(name) not in unusable)
    yield from (name for name, one in roles._roles.items() if one not in unusable)  # type: ignore[attr-defined]
    for domain, kind in app.registry.domains.items():
        for name in {**kind.roles, **app.registry.domain_roles.get(domain, {})}:
            yield f"{domain}:{name}"
            if domain in ("std", app.config.primary_domain):
                yield name


def _names(app: Sphinx, kind: str) -> Iterator[tuple[str, str]]:
    """Yield docutils' own names, in English and in the language of the book."""
    for language in ("en", app.config.language):
        module = get_language(language.replace("_", "-"))
        yield from getattr(module, kind, {}).items()
    table = directives._directive_registry if kind == "directives" else roles._role_registry  # type: ignore[attr-defined]
    yield from ((name, name) for name in table)
