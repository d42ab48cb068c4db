"""What TeX cannot set in a formula, found without TeX: unknown commands, indices without a base, ….

What is known is in a table, made by docs/make_formula_commands.py from MathJax as the package has
it and from the LaTeX of the PDF.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

FILE = Path(__file__).with_name("formula_commands.json")


class FormulaFault(NamedTuple):
    """A fault at an offset of a formula's TeX. ``minor``: the website sets it, the PDF does not."""

    offset: int
    message: str
    minor: bool = False


#: Commands whose argument is text, and those whose first argument is not a formula at all.
_TEXT = {
    "text", "mbox", "hbox", "fbox", "textrm", "textbf", "textit", "texttt", "textsf", "textup",
    "textnormal", "tag",
}  # fmt: skip
_NAMES = {
    "label", "ref", "eqref", "color", "textcolor", "colorbox", "definecolor", "href", "class",
    "cssId", "style", "begin", "end", "ce", "pu", "unicode", "hspace", "verb",
}  # fmt: skip
#: Commands of plain TeX that have columns without an environment.
_COLUMNS = re.compile(r"\\(?:begin|[pbvBV]?matrix|cases|eqalign(?:no)?|displaylines|\\)")
#: Commands that define others, or load what the table does not have.
_DEFINES = re.compile(
    r"\\(?:(?:re)?newcommand|[gex]?def|let|DeclareMathOperator|require|(?:re)?newenvironment)"
    r"(?![A-Za-z])"
)
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]+)\*?|\\.|(?P<comment>%[^\n]*)|(?P<blank>\s+)|.", re.DOTALL
)


@cache
def _known(kind: str, where: str) -> frozenset[str]:
    return frozenset(_table()[kind][where].split())


@cache
def _table() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = json.loads(FILE.read_text("utf-8"))
    return table


def defines(tex: str) -> bool:
    """Whether a formula defines commands or loads some, so that nobody knows which there are."""
    return bool(_DEFINES.search(tex))


#: What to write for commands of packages and of habit.
_INSTEAD = {
    "mathbbm": r"\mathbb", "mathds": r"\mathbb", "operatornamewithlimits": r"\operatorname*",
    "lt": "<", "gt": ">", "emph": r"\textit", "textsc": r"\text", "infinity": r"\infty",
    "argmax": r"\operatorname*{arg\,max}", "argmin": r"\operatorname*{arg\,min}",
    "nicefrac": r"\tfrac", "sfrac": r"\tfrac", "defeq": ":=", "eqdef": ":=",
    "degree": r"^\circ", "dd": r"\mathrm{d}", "intertext": r"\text",
    "dcases": "cases", "rcases": "cases",
    **{name: rf"\operatorname{{{name}}}" for name in ("diag", "rank", "sgn", "sign", "Var", "Cov")},
}  # fmt: skip
#: Packages of LaTeX that have what the website knows without them.
_PACKAGES = {
    "cancel": "cancel bcancel xcancel cancelto",
    "braket": "bra ket braket set Bra Ket Braket Set ketbra Ketbra",
    "mhchem": "ce pu",
    "amscd": "CD",
    "extpfeil": "xtwoheadrightarrow xtwoheadleftarrow xmapsto xlongequal xtofrom",
}


@lru_cache(maxsize=10_000)
def unknown(name: str, environment: bool = False) -> tuple[str, bool] | None:
    """Return what is wrong with the name of a command, and whether the PDF alone lacks it."""
    kind = "environments" if environment else "commands"
    if name in _known(kind, "both"):
        return None
    shown = rf"\begin{{{name}}}" if environment else f"\\{name}"
    repair = _repair(name, environment)
    if name in _known(kind, "site"):
        package = next((one for one, has in _PACKAGES.items() if name in has.split()), "")
        if package and name not in _INSTEAD:
            repair = rf"add '\usepackage{{{package}}}' to the preamble in latex_elements of conf.py"
        return f"the PDF does not know '{shown}'; {repair}", True
    where = "the website does" if name in _known(kind, "pdf") else "website and PDF do"
    return f"{where} not know '{shown}'; {repair}", False


def _repair(name: str, environment: bool) -> str:
    if instead := _INSTEAD.get(name):
        return rf"write '\begin{{{instead}}}'" if environment else f"write '{instead}'"
    kind = "environments" if environment else "commands"
    names = _known(kind, "both")
    if not environment and (begin := _glued(name, names)):
        return rf"did you mean '\{begin} {name[len(begin) :]}'?"
    near = "" if name.startswith("cite") else nearest(name, names, 0.8)
    near = near if near[:1] == name[0] else ""
    if near:
        return rf"did you mean '\begin{{{near}}}'?" if environment else rf"did you mean '\{near}'?"
    if environment:
        return "correct its name"
    if name.startswith("cite"):
        return "cite in the text beside the formula, with {cite:t}`key`"
    return _definition(name)


def as_macro(message: str) -> str:
    """Return what to say of a command that is written so often that it is the authors' own."""
    fault, _, slip = message.partition("; did you mean '\\")
    return f"{fault}; {_definition(fault.rpartition(chr(92))[2][:-1])}" if slip else message


def _definition(name: str) -> str:
    return rf"correct it, or define it in conf.py: mmbook_macros = {{'{name}': r'…'}}"


def _glued(name: str, names: frozenset[str]) -> str:
    """Return the command that a name begins with, if a single letter was typed right after it."""
    return name[:-1] if len(name) > 3 and name[:-1] in names else ""


@dataclass
class _Group:
    """An open group: what its last atom has below and above, and the index it waits for."""

    below: bool = False
    above: bool = False
    waits: str = ""
    is_text: bool = False
    is_name: bool = False

    def begin_atom(self) -> None:
        """Note that an atom begins, unless it is the index that the last one waited for."""
        if not self.waits:
            self.below = self.above = False
        self.waits = ""


@dataclass
class _Reader:
    """Reads a formula token by token; its braces and environments match."""

    tex: str
    display: bool
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    last: str = ""

    @cached_property
    def has_columns(self) -> bool:
        """Whether something in the formula has columns: asked once, not at each sign."""
        return bool(_COLUMNS.search(self.tex))

    @cached_property
    def has_formulas(self) -> bool:
        """Whether text in the formula can have formulas of its own."""
        return "$" in self.tex or r"\(" in self.tex

    def faults(self) -> Iterator[FormulaFault]:
        """Iterate over the faults."""
        for token in _TOKEN.finditer(self.tex):
            if token["blank"]:
                continue
            message = self.comment(token) if token["comment"] else self.token(token)
            if message:
                yield FormulaFault(token.start(), message)
            if not token["comment"]:
                self.last = token["word"] or token[0]
        if self.groups[-1].waits:
            yield FormulaFault(max(len(self.tex.rstrip()) - 1, 0), self.no_index())

    def comment(self, token: re.Match[str]) -> str:
        """Judge what follows a percent sign: a comment is meant at the end of a line of its own."""
        lost = token[0][1:].strip() or "%"
        meant = self.display and not self.tex[max(0, token.start() - 1) : token.start()].isdigit()
        if meant or "\n" in self.tex.strip() or self.groups[-1].is_name:
            return ""
        return rf"'%' begins a comment in a formula, so '{lost}' is not printed; write '\%'"

    def token(self, token: re.Match[str]) -> str:
        """Take one token; return what is wrong with it."""
        group, text = self.groups[-1], token[0]
        if text == "{":
            return self.open(group)
        if text == "}":
            return self.close(group)
        if group.is_name or group.is_text:
            return self.in_text(text) if group.is_text else ""
        if text in "^_'":
            return self.script(group, text)
        if token["word"] in ("limits", "nolimits", "displaylimits", "begin", "end"):
            return ""
        group.begin_atom()
        if text == "&" and not self.display and not self.has_columns:
            return r"'&' separates columns, and this formula has none; write '\&'"
        return r"'#' is not allowed in a formula; write '\#'" if text == "#" else ""

    def open(self, group: _Group) -> str:
        """Begin a group in braces, of the kind that its command says."""
        group.begin_atom()
        is_text = group.is_text or self.last in _TEXT
        self.groups.append(_Group(is_text=is_text, is_name=group.is_name or self.last in _NAMES))
        return ""

    def close(self, group: _Group) -> str:
        """End a group."""
        if len(self.groups) > 1:
            self.groups.pop()
        return self.no_index(group) if group.waits else ""

    def in_text(self, sign: str) -> str:
        """Judge text, which has no indices but in formulas of its own."""
        if sign in ("_", "^") and not self.has_formulas:
            return rf"'{sign}' is in text within this formula; write '\{sign}'"
        return ""

    def script(self, group: _Group, sign: str) -> str:
        """Judge an index: an atom has one below and one above."""
        if group.waits:
            return self.no_index()
        twice = group.below if sign == "_" else group.above and self.last != "'"
        if sign == "_":
            group.below = True
        else:
            group.above = True
        group.waits = sign.strip("'")
        if not twice:
            return ""
        if sign == "'":
            return "an exponent comes before this prime; write the prime first"
        return f"a second '{sign}' follows the first; put braces around what it belongs to"

    def no_index(self, group: _Group | None = None) -> str:
        """Return what is wrong with an index that is not there."""
        sign = (group or self.groups[-1]).waits
        return f"nothing follows '{sign}' in this formula; write the index, or '\\{sign}'"


def faults(tex: str, display: bool) -> Iterator[FormulaFault]:
    """Iterate over what TeX cannot read in a formula whose braces match."""
    yield from _Reader(tex, display).faults()


_NAME = re.compile(
    r"\\begin\{(?P<environment>[^{}]*)\}|\\(?P<word>[A-Za-z]+)|\\.|(?P<sign>[{}])", re.DOTALL
)


_WORDS = re.compile(r"\\([A-Za-z]+)")


def unknown_names(tex: str, own: Collection[str]) -> Iterator[FormulaFault]:
    """Iterate over the commands and environments that website or PDF do not know.

    ``own`` are those that the book defines. What is in text, as the argument of ``\\text``, is
    not judged.
    """
    if "\\begin" not in tex and _known("commands", "both").issuperset(_WORDS.findall(tex)):
        return
    depth, text, last = 0, 0, ""
    for token in _NAME.finditer(tex):
        if token["sign"]:
            depth += 1 if token["sign"] == "{" else -1
            begins = token["sign"] == "{" and not text and last in _TEXT | _NAMES
            text = depth if begins else 0 if depth < text else text
        name = (token["environment"] or token["word"] or "").strip()
        last = token["word"] or ""
        judged = name and not text and name not in own
        if judged and (found := unknown(name, bool(token["environment"]))):
            yield FormulaFault(token.start(), *found)
