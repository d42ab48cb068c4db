"""A book's own commands for formulas: one setting for MathJax, LaTeX, MathML and plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z]+")
_ARGUMENT = re.compile(r"(?<!\\)#(\d?)")


def faults_of_macros(macros: object) -> list[str]:
    """Return what is wrong with the setting ``mmbook_macros``, each with its repair."""
    if not isinstance(macros, dict):
        return [r"mmbook_macros must be a dictionary, such as {'R': r'\mathbb{R}'}"]
    return [fault for name, tex in macros.items() if (fault := _fault(name, tex))]


def _fault(name: object, tex: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return f"mmbook_macros: {name!r} is not a name of a command; use letters alone, such as 'R'"
    if not isinstance(tex, str):
        return f"mmbook_macros: {name!r} must be TeX as text, such as r'\\mathbb{{R}}'"
    if bad := [number for number in _ARGUMENT.findall(tex) if number in ("", "0")]:
        return f"mmbook_macros: {name!r} has '#{bad[0]}'; arguments are '#1' to '#9'"
    # TeX itself counts the braces; what it cannot close would swallow the rest of the book.
    bare = re.sub(r"\\[\\{}]", "", tex)
    if bare.count("{") != bare.count("}"):
        return f"mmbook_macros: {name!r} opens and closes different numbers of braces"
    return ""


def arguments(tex: str) -> int:
    """Return how many arguments a command with this meaning takes."""
    return max((int(number) for number in _ARGUMENT.findall(tex)), default=0)


def definitions(macros: Mapping[str, str], command: str = r"\newcommand") -> str:
    """Return the macros as LaTeX defines them, on one line."""
    parts = []
    for name, tex in macros.items():
        count = arguments(tex)
        parts.append(rf"{command}{{\{name}}}{f'[{count}]' if count else ''}{{{tex}}}")
    return "".join(parts)


def mathjax_macros(macros: Mapping[str, str]) -> dict[str, str | list[str | int]]:
    """Return the macros as MathJax's ``tex.macros`` has them."""
    return {
        name: [tex, count] if (count := arguments(tex)) else tex for name, tex in macros.items()
    }


#: Commands with one argument that MathJax takes as an index, and LaTeX not without braces.
_WITH_ARGUMENT = (
    r"math[a-z]+|operatorname\*?|boldsymbol|bm|sqrt|hat|bar|tilde|vec|d?dot|overline|underline|"
    r"widehat|widetilde"
)
_GROUP = r"\s*\{[^{}]*\}"


def brace_scripts(tex: str, macros: Mapping[str, str]) -> str:
    r"""Return TeX with braces around commands that are an index: ``x_\mathcal{D}``."""
    commands = [rf"(?:{_WITH_ARGUMENT}){_GROUP}"]
    commands += [f"{name}(?![A-Za-z])" + _GROUP * arguments(macros[name]) for name in macros]
    return re.sub(rf"([_^])\s*(\\(?:{'|'.join(commands)}))", r"\1{\2}", tex)
