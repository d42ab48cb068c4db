r"""What is after the commands of a formula: the arguments, delimiters and columns they need.

TeX says of ``\frac{1}`` or ``\left x`` what reads as a fault of another place ("Missing }
inserted"), and MathJax shows its own message on the page (https://docs.mathjax.org/en/latest/input/tex/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.references.formula_faults import FormulaFault, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

_TWO = "[dtc]?frac|[dt]?binom|overset|underset|stackrel"
_ONE = (
    "sqrt|text(?:rm|bf|it|tt)?|math(?:bb|bf|cal|rm|it|sf|tt|frak|scr)|boldsymbol|bm|operatorname"
    "|hat|bar|tilde|vec|d{1,4}ot|acute|grave|breve|check|wide(?:hat|tilde)|over(?:line|brace)"
    "|under(?:line|brace)|over(?:right|left)arrow|[vh]?phantom|boxed"
)
_GROUP = r"\{(?>(?:[^{}\\]++|\\.|\{(?>(?:[^{}\\]++|\\.|\{(?>(?:[^{}\\]++|\\.)*)\})*)\})*)\}"
_ARGUMENT = rf"(?:{_GROUP}|[^{{}}\\\s&^_]|\\[A-Za-z]+|\\[^A-Za-z\\])"
_NOTHING = r"\s*(?:\[[^\[\]]*\]\s*)?(?=[}&^_]|\Z|\\\\|\\(?:end|right|left)(?![A-Za-z]))"
_LACKS = re.compile(
    rf"\\(?:(?P<two>{_TWO})(?![A-Za-z])(?:{_NOTHING}|\s*(?P<one>{_ARGUMENT}){_NOTHING})"
    rf"|(?P<command>{_ONE})(?![A-Za-z])\*?{_NOTHING})",
    re.DOTALL,
)
_SIZES = r"left|right|middle|[bB]igg?[lrm]?"
_DELIMITER = (
    r"[()\[\]|/.<>]|\\[{}|]|\\(?:[lr]?[vV]ert|[lr](?:angle|brace|brack|floor|ceil|group|moustache)"
    r"|(?:up|down|updown|Up|Down|Updown)arrow|backslash|[ul][lr]corner|[lr]{1,2}bracket)(?![A-Za-z])"
)
_SIZED = re.compile(
    rf"\\(?P<size>{_SIZES})(?![A-Za-z])\s*+(?!{_DELIMITER})(?!\{{\s*(?:{_DELIMITER})\s*\}})"
)
_COLUMNS = re.compile(r"\\begin\{(array|subarray|alignat\*?)\}(?!\s*[\[{])")
_TAG = re.compile(r"\\tag(?![A-Za-z])")
#: A command after one backslash too many, as a program's text has it.
_TWICE = re.compile(r"\\\\(?<!\\\\\\)([A-Za-z]{3,})")
#: Text in a formula, which may have formulas of its own; what begins or ends them.
_TEXT = re.compile(rf"\\(?:text[a-z]*|[mhf]box|tag)\*?\s*{_GROUP}", re.DOTALL)
_MARK = re.compile(r"\\[^\[\]()]|(?P<mark>\\[\[\]()]|\$)", re.DOTALL)


#: A length in brackets, behind the end of a line.
_SKIP = re.compile(r"-?[\d.]+(?:pt|em|ex|mm|cm)\]")


def argument_faults(tex: str, display: bool) -> Iterator[FormulaFault]:
    """Iterate over what commands of a formula lack."""
    if "\\" not in tex and "$" not in tex:
        return
    for match in _LACKS.finditer(tex):
        name = match["two"] or match["command"]
        which = "its arguments" if not match["one"] else "its second argument"
        shown = f"\\{name}{{…}}" + "{…}" * bool(match["two"])
        which = which if match["two"] else "its argument"
        yield FormulaFault(match.start(), f"'\\{name}' lacks {which}; write '{shown}'")
    for match in _SIZED.finditer(tex):
        name = match["size"]
        message = f"'\\{name}' needs a bracket or bar after it; '\\{name}.' shows none"
        yield FormulaFault(match.start(), message)
    for match in _COLUMNS.finditer(tex) if r"\begin" in tex else ():
        message = f"'{match[0]}' lacks its columns"
        yield FormulaFault(match.start(), f"{message}; write '{match[0]}{{cc}}', a letter for each")
    for match in _TWICE.finditer(tex) if r"\\" in tex else ():
        if not unknown(match[1]):
            message = f"'{match[0]}' ends the line and prints '{match[1]}'"
            yield FormulaFault(match.start(), f"{message}; write '{match[0][1:]}'")
    has_marks = any(mark in tex for mark in ("$", r"\[", r"\]", r"\(", r"\)"))
    without_text = _TEXT.sub(lambda match: " " * len(match[0]), tex) if has_marks else ""
    marks = (match for match in _MARK.finditer(without_text) if match["mark"])
    if mark := next(marks, None):
        message = f"'{mark[0]}' is not allowed in a formula, which this is already"
        is_skip = mark[0] == r"\[" and _SKIP.match(tex, mark.end())
        message += "; write '\\\\[' for a space after the line" if is_skip else "; delete it"
        yield FormulaFault(mark.start(), message)
    if not display and (tag := _TAG.search(tex)):
        yield FormulaFault(
            tag.start(), r"'\tag' numbers displayed formulas alone; delete it, or set it in '$$'"
        )
