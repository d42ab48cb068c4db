"""The rule on what is between double braces, in whose place a text is put."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding


@rule("error")
def substitution_unknown(book: Book) -> Iterator[Finding]:
    """Braces name a word that is put in there, and nothing says which.

    Bad: ``{{ moedl }}`` where the book has ``myst_substitutions = {"model": "CLIP"}``

    Good: ``{{ model }}``

    Why: nothing is printed in its place.
    """
    if any(finding.rule == "conf-computed" for finding in book.settings.findings):
        return
    for page in book.pages.values():
        settings = page.source.front.fields.get("myst")
        own = settings.get("substitutions") if isinstance(settings, dict) else None
        texts = {str(n): t for n, t in own.items()} if isinstance(own, dict) else {}
        known = {**book.settings.substitutions, **texts}
        endless = _endless(known)
        for element in page.of("math") if known else ():
            if (match := _IN_FORMULA.search(element.body)) and match[1] in known:
                message = f"'{match[0]}' is not filled in within a formula, and '{match[1]}' is set"
                yield found(element.at, f"{message}; write what it stands for")
        for element in page.of("substitution"):
            name = element.text.strip()
            if name in endless:
                yield found(element.at, f"the text of '{name}' puts itself in; delete that")
            elif name not in known and (fault := _substitution(element.text, known)):
                yield found(element.at, fault)


#: A word in two braces with spaces, which TeX does not need.
_IN_FORMULA = re.compile(r"\{\{ ([\w-]+) \}\}")


def _endless(texts: Mapping[str, object]) -> Mapping[str, set[str]]:
    """Return the names whose texts put one another in without end."""
    left = {name: {*re.findall(r"\{\{\s*([\w-]+)", str(text))} for name, text in texts.items()}
    while done := [name for name, inner in left.items() if not inner & left.keys()]:
        left = {name: inner for name, inner in left.items() if name not in done}
    return left


#: What begins with an underscore: MyST fills in expressions in Jinja's sandbox, which has none.
_PRIVATE = re.compile(r"(?:\.|\[\s*[\"']|\battr\(\s*[\"'])\s*_")

#: A name that need not be defined: "loss | default('high')".
_DEFAULTED = re.compile(r"\b(\w++)\s*+\|\s*+d(?:efault)?\b")


def _substitution(text: str, known: Mapping[str, object]) -> str:
    """Return what is wrong with what is between double braces; Jinja is what fills it in."""
    from jinja2 import Environment, TemplateError, meta  # noqa: PLC0415

    if _PRIVATE.search(text):
        return f"'{{{{{text}}}}}' asks for what is Python's own; write a name of myst_substitutions"
    environment = Environment()  # noqa: S701
    try:
        named = meta.find_undeclared_variables(environment.parse(f"{{{{{text}}}}}"))
    except TemplateError as error:
        return f"'{{{{{text}}}}}' cannot be filled in: {error}; correct it, or write '{{ {{'"
    missing = sorted(named - {*known, "env", *environment.globals, *_DEFAULTED.findall(text)})
    if not missing:
        name, _, part = map(str.strip, text.partition("."))
        value, part = known.get(name), part.partition(".")[0]
        is_there = hasattr(value, part) or (isinstance(value, dict) and part in value)
        if is_there or name not in known or not part.isidentifier():
            return ""
        return f"'{name}' has no '{part}'; write '{{{{ {name} }}}}'"
    advice = did_you_mean(missing[0], known) or "; define it in myst_substitutions of conf.py"
    return f"nothing says what '{missing[0]}' in double braces stands for{advice}"
