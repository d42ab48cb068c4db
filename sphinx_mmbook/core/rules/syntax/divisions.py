"""Rules on divisions: boxes and figures that pandoc, bookdown and Quarto make with braces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.pages.literal import Literal
from sphinx_mmbook.core.references.labels import anchor
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page


def short(text: str) -> str:
    """Return a text as a message has it: on one line, and cut."""
    text = " ".join(text.split())
    return text if len(text) <= 50 else text[:49] + "…"


def in_label(label: str) -> str:
    """Return a label of bookdown, pandoc or LaTeX as MyST is to have it."""
    return re.sub(r"^(fig|tab)-(?=\1-)", "", anchor(label.replace(":", "-")))


#: A picture with a label before its caption, alone on its line: both are only its alternative text.
_PICTURE = re.compile(
    r"!\[\(\\?#(fig:[\w:./-]*\w)\)[ \t]*([^\n]*)\]\(([^()\s]+)\)(?:\{([^{}\n]*)\})?[ \t]*"
)
_SIZE = re.compile(r"(width|height)[ \t]*=[ \t]*[\"']?([\w.%]+)")


def figure_of(file: str, label: str, attributes: str, caption: str) -> str:
    """Return the {figure} for a picture of other tools."""
    options = [f":{key}: {size}" for key, size in _SIZE.findall(attributes)]
    lines = [
        f"```{{figure}} {file}",
        f":name: {label}",
        *options,
        *(["", caption] if caption else []),
    ]
    return "\n".join([*lines, "```"])


def pictures(page: Page) -> Iterator[Finding]:
    """Yield the pictures with a label as bookdown has it, and the figures that they would be."""
    for element in page.of("image"):
        at = element.at._replace(column=1)
        line = page.line(at)
        if match := _PICTURE.fullmatch(line):
            name, file = in_label(match[1]), match[3]
            new = figure_of(file, name, match[4] or "", match[2].strip())
            message = (
                f"'(#{match[1]})' is bookdown's syntax, and the picture no figure with a number"
            )
            advice = f"write {{figure}} {file} with ':name: {name}'"
            yield found(at, f"{message}; {advice}", Edit(at, line, new))


#: What Quarto calls its boxes -> ours.
BOXES = {
    "callout-note": "note", "callout-tip": "tip", "callout-warning": "warning",
    "callout-caution": "caution", "callout-important": "important",
    "rmdnote": "note", "rmdtip": "tip", "rmdwarning": "warning", "rmdcaution": "caution",
    "rmdimportant": "important",
}  # fmt: skip
_DIV = re.compile(r"(:{3,})[ \t]*(\{[^{}\n]*\}|(?:callout-|rmd)\w+)[ \t]*$")


#: What Quarto shows in some outputs alone, and how ours are called.
_FOR_OUTPUT = re.compile(r"\.content-(?:visible|hidden)[^{}]*-format=\"?(\w*)")
_OUTPUTS = {"pdf": "latex", "latex": "latex", "beamer": "latex"}


#: What bookdown has environments for.
THEOREMS = (
    "theorem|lemma|corollary|proposition|conjecture|definition|example|exercise|hypothesis"
    "|remark|proof|solution"
)
_THEOREM = re.compile(rf"\.({THEOREMS})(?![\w-])")
#: What bookdown puts before the labels of each kind.
_THEOREM_LABELS = {
    "theorem": "thm", "lemma": "lem", "corollary": "cor", "proposition": "prp",
    "conjecture": "cnj", "definition": "def", "example": "exm", "exercise": "exr",
    "hypothesis": "hyp",
}  # fmt: skip
_THEOREM_NAME = re.compile(r"\bname\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def theorem(book: Book, kind: str, label: str, options: str) -> tuple[str, str]:
    """Return what to write for a theorem or box of bookdown's, and the advice to do so."""
    if kind.startswith("block"):
        new = f"{{{next((box for name, box in BOXES.items() if name in options), 'note')}}}"
        return new, f"write '{new}'"
    named = _THEOREM_NAME.search(options)
    title = (named[1] or named[2] or "") if named else ""
    key = f"{_THEOREM_LABELS.get(kind, kind)}-{anchor(label)}" if label else ""
    new, option = f"{{admonition}} {kind.capitalize()}" + f" ({title})" * bool(title), "name"
    numbers = ", or {prf:…} of the extension sphinx_proof, which numbers it"
    if "sphinx_proof" in book.settings.extensions:
        new, option, numbers = f"{{prf:{kind}}}" + f" {title}" * bool(title), "label", ""
    given = f":{option}: {key}"
    advice = f"write '{new}'" + f" with '{given}'" * bool(key) + numbers
    return new + f"\n{given}\n" * bool(key), advice


def box_or_label(line: str) -> tuple[str, str, str]:
    """Return which box a division in braces stands for, else which theorem, else its label."""
    match = _DIV.match(line)
    inner = match[2] if match else ""
    names = re.findall(r"(?:\.|^)([\w-]+)", inner)
    if box := next((BOXES[name] for name in names if name in BOXES), ""):
        return box, "", ""
    if kind := _THEOREM.search(inner):
        return "", kind[1], ""
    label = re.search(r"#((?:fig|tbl|lst|thm|eq)-[\w-]+)", inner)
    return "", "", label[1] if label else ""


def of_pandoc(name: str) -> tuple[str, str] | None:
    """Return what to write in place of pandoc's class, label or output in braces."""
    forms = {
        ".": "write '{{container}} {}' for a block with a class",
        "#": f"write '({anchor(name[1:])})=' above the block for a label",
    }
    if name == "#refs":
        return "delete it: each page lists what it cites by itself", ""
    if "=" in name[1:]:
        return "delete this line and the one that ends it; {subfigures} has images in a row", ""
    return (forms[name[0]].format(name[1:]), "") if name[0] in forms else None


@rule("error")
def div_syntax(book: Book) -> Iterator[Finding]:
    """A box or figure that is made with a class or label in braces.

    Bad: ``::: {.callout-note}``, ``::: callout-note``, ``::: {#fig-loss}``

    Good: ``:::{note}``, ``:::{figure} loss.png`` with ``:name: fig-loss``

    Why: MyST takes it for a directive that is not there, and its text is lost; or for a division
    of the page, which looks like other text and has no number.
    """
    for page in book.pages.values():
        lines = [(line, at) for line, at in lines_with(page, ":::") if _DIV.match(line)]
        literal = Literal(page) if lines else None
        for line, at in lines:
            match = _DIV.match(line)
            if not match or (literal and literal.covers(at)):
                continue
            box, kind, label = box_or_label(line)
            if box:
                yield _box(page, match, at, box)
            elif kind:
                name = re.search(r"#([\w:.-]*\w)", match[2])
                new, advice = theorem(book, kind, name[1] if name else "", match[2])
                edit = Edit(at, match[0], match[1] + new)
                yield found(at, f"'{short(line)}' is bookdown's; {advice}", edit)
            elif shown := _FOR_OUTPUT.search(match[2]):
                text = f"'{short(line)}' is Quarto's, and its text is in all outputs"
                yield found(at, f"{text}; write '{{only}} {_OUTPUTS.get(shown[1], 'html')}'")
            elif label:
                kind, new = _KINDS.get(label[:3], ("figure", ":::{figure}"))
                message = f"'{short(line)}' makes no numbered {kind}"
                advice = _of_parts(page, at, label) if kind == "figure" else ""
                advice = advice or f"write '{new}' with ':name: {label}'"
                yield found(at, f"{message}; {advice}")


#: What a label of Quarto's begins with -> what it names, and the directive that has it.
_KINDS = {
    "tbl": ("table", ":::{table}"), "lst": ("listing", ":::{code-block}"),
    "thm": ("theorem", ":::{admonition} Theorem"),
}  # fmt: skip


def _of_parts(page: Page, at: Location, label: str) -> str:
    """Say what to write for a division by what it holds: several figures, one, or code's output."""
    positions = page.positions_at(at)
    first, *below = positions.text[positions.offset(at) :].split("\n")
    inside, depth = [], 1
    for line in below:
        depth += 0 if not _COLONS.match(line) else -1 if not line.strip(" \t:") else 1
        if not depth:
            break
        inside.append(line)
    text = "\n".join(inside)
    figures, images = text.count("{figure}"), text.count("![")
    if re.search(r"^```+ *\{(?:code-cell|r|python|julia)\b", text, re.MULTILINE):
        advice = "delete this line and the one that ends it, and give the label to the code"
        return f"{advice}: '#| label: {label}', and '#| fig-cap: …' for the caption"
    if figures == 1 and not images:
        return (
            f"delete this line and the one that ends it, and add ':name: {label}' to the {{figure}}"
        )
    if figures + images > 1 or "layout" in first:
        parts = ", each figure in it as '![…](…)' with its text below, and the caption last"
        return f"write ':::{{subfigures}}' with ':name: {label}'{parts}"
    file = re.search(r"!\[[^\[\]]*\]\(([^\s()]+)", text)
    return f"write ':::{{figure}} {file[1]}' with ':name: {label}'" if file else ""


_COLONS = re.compile(r":{3,}")


def _box(page: Page, match: re.Match[str], at: Location, box: str) -> Finding:
    """Return the finding for a box; its title is an attribute, or a heading in its first line."""
    line, title = match[0], re.search(r"title=\"([^\"]*)\"", match[2])
    blank = not page.line(at._replace(line=at.line + 1)).strip()
    below = at._replace(line=at.line + 1 + blank)
    head = re.fullmatch(r"#{1,6} +([^{}]+?) *(?:\{[^{}]*\})?", page.line(below))
    new = f"{match[1]}{{{box}}}"
    edits: tuple[Edit, ...] = ()
    if named := title or head:
        new = f"{match[1]}{{admonition}} {named[1]}\n:class: {box}"
    whose = "bookdown's" if "{.rmd" in line else "Quarto's"
    message = f"'{short(line)}' is {whose}"
    message += f"; write '{new.partition(chr(10))[0]}'"
    if named:
        message += f" and ':class: {box}' below it"
    if head and not title:
        message += ", and delete the heading in it"
        edits = (Edit(below, head[0], ""),)
    plain = not re.search(r"collapse|#", match[2])
    return found(at, message, *((Edit(at, line, new), *edits) if plain else ()))


def lines_with(page: Page, text: str) -> Iterator[tuple[str, Location]]:
    """Iterate over the lines of a page's text that have ``text``, and their locations."""
    for positions in page.positions.values():
        if not positions.block.is_code and text in positions.text:
            for start, line in zip(positions.starts, positions.text.split("\n"), strict=True):
                if text in line:
                    yield line, positions.location(start)
