"""What LaTeX must know of this very book: its people, and fonts for rare characters.

Written to mmbookdata.def beside the book, which mmbook.sty reads.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.output.fonts import (
    CODE,
    MATH,
    TEXT,
    Font,
    find_glyphs,
    font_of_tex,
    installed_fonts,
    invisible,
    right_to_left,
)
from sphinx_mmbook.core.output.formula_macros import brace_scripts, definitions
from sphinx_mmbook.core.output.tex import escape_tex
from sphinx_mmbook.core.people.people import ROLES
from sphinx_mmbook.core.translations import role_word
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.positions import location_of_node
from sphinx_mmbook.ext.report import report
from sphinx_mmbook.ext.toctrees import pages_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

NO_FONT = (
    "no installed font has {}: the PDF would have a gap; install a font, for instance with "
    "apt-get install fonts-noto-core fonts-noto-cjk, or write it another way"
)
WRONG_DIRECTION = "{} runs from right to left, which the PDF cannot set; show the text as a picture"

#: Sphinx and mmbook.sty make a space, a hyphen and a place for a line end of these.
MADE_BY_TEX = frozenset("\xa0\xad\u200b")

#: The command for commands that also titles can use.
DEFINE = r"\DeclareRobustCommand"
#: What characters stand in, and the fonts of it.
KINDS = {"text": TEXT, "code": CODE, "math": MATH}


def write_data(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the file once the book's tree is complete."""
    if app.builder.format != "latex":
        return
    lines = [
        macros_line(app),
        # What follows, and the title in LaTeX's own file, is read with these characters' fonts.
        *glyph_lines(app.env, doctree),
        *people_lines(app.env),
        imprint_line(app),
    ]
    path = Path(app.outdir) / "mmbookdata.def"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def macros_line(app: Sphinx) -> str:
    """Return the book's own commands; unicode-math defines its own at the same point."""
    own = app.config.mmbook_macros
    macros = {name: brace_scripts(tex, own) for name, tex in own.items()}
    return rf"\AtBeginDocument{{{definitions(macros, DEFINE)}}}"


def people_lines(env: BuildEnvironment) -> Iterator[str]:
    """Yield the people of all numbered chapters for the title page, each once per role."""
    chapters = book_domain(env).chapters
    read = pages_below(env, [env.config.root_doc])
    pages = [page for page in read if page in env.toc_secnumbers and page in chapters]
    lines = []
    for role in ROLES:
        credits = (credit for page in pages for credit in chapters[page].credits)
        names = list(dict.fromkeys(c.person.name for c in credits if c.role == role))
        if names and ", ".join(names) != env.config.author:
            word = role_word(role, len(names), env.config.language)
            lines.append(rf"\mmbookrole{{{escape_tex(word)}}}{{{escape_tex(', '.join(names))}}}")
    yield rf"\def\mmbookpeople{{{''.join(lines)}}}"


def imprint(env: BuildEnvironment) -> str:
    """Return the copyright as one text."""
    holders = env.config.copyright
    return ", ".join([holders] if isinstance(holders, str) else holders)


def imprint_line(app: Sphinx) -> str:
    """Return the copyright for the back of the title page."""
    text = imprint(app.env)
    return rf"\def\mmbookimprint{{{chr(0xA9) + ' ' + escape_tex(text) if text else ''}}}"


def glyph_lines(env: BuildEnvironment, doctree: nodes.document) -> Iterator[str]:
    """Yield fonts and characters for all that the book's own fonts lack."""
    missing = missing_characters(env, doctree)
    if not missing:
        return
    fonts = installed_fonts()
    found = find_glyphs([c for c in missing if not invisible(c)], fonts)
    names: dict[Font, str] = {}
    for font in dict.fromkeys(found.values()):
        # Names of commands are letters.
        names[font] = "mmbookglyphs" + "x" * len(names)
        # Most such fonts have no bold and no italic.
        options = [f"Path={font.path.parent.as_posix()}/", "AutoFakeBold=2", "AutoFakeSlant=0.2"]
        options += [f"FontIndex={font.index}"] if font.path.suffix == ".ttc" else []
        yield rf"\newfontfamily\{names[font]}{{{font.path.name}}}[{','.join(options)}]"
    for character in sorted(missing):
        family = names[found[character]] if character in found else ""
        yield rf"\mmbookglyph{{{ord(character)}}}{{{family}}}"
    gaps = {c: at for c, at in missing.items() if c not in found and not invisible(c)}
    report_characters(env, gaps, "glyph-missing", NO_FONT)
    turned = {c: at for c, at in missing.items() if c in found and right_to_left(c)}
    report_characters(env, turned, "glyph-direction", WRONG_DIRECTION)


def missing_characters(env: BuildEnvironment, doctree: nodes.document) -> dict[str, nodes.Element]:
    """Return the characters that the font of their place lacks, with the first such place."""
    fonts = {kind: font_of_tex(files) for kind, files in KINDS.items()}
    if None in fonts.values():
        return {}
    known: dict[tuple[str, str], bool] = {}
    missing: dict[str, nodes.Element] = {}
    cover = [env.config.project, env.config.author, imprint(env)]
    within = [(text, text.parent) for text in doctree.findall(nodes.Text)]
    for text, parent in [*((text, doctree) for text in cover), *within]:
        if text.isascii() or isinstance(parent, nodes.raw | nodes.comment):
            continue
        kind = kind_of(parent)
        for character in set(text):
            font = fonts[kind]
            if character.isascii() or character in MADE_BY_TEX or font is None:
                continue
            if not known.setdefault((kind, character), font.has(character)):
                missing.setdefault(character, parent)
    return missing


def kind_of(node: nodes.Element) -> str:
    """Return which font sets the text in ``node``."""
    if isinstance(node, nodes.math | nodes.math_block):
        return "math"
    above: nodes.Element | None = node
    while above is not None and not isinstance(above, nodes.literal | nodes.literal_block):
        above = above.parent
    return "text" if above is None else "code"


def report_characters(
    env: BuildEnvironment, characters: dict[str, nodes.Element], rule: str, message: str
) -> None:
    """Say once for each place that the PDF cannot show its characters, or not well."""
    locations: dict[Location, list[str]] = {}
    for character, node in sorted(characters.items()):
        locations.setdefault(location_of_node(env, node), []).append(character)
    for at, found in locations.items():
        names = [f"'{c}' (U+{ord(c):04X} {unicodedata.name(c, 'no name')})" for c in found[:3]]
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        report(env, Finding(at, rule, message.format(", ".join(names) + more)))


def setup_latex_data(app: Sphinx) -> None:
    """Register the file for LaTeX; pictures are replaced before it."""
    app.connect("doctree-resolved", write_data, priority=600)
