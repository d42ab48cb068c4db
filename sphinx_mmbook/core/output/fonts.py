"""Which installed font has which character, so that the PDF shows all of them.

XeLaTeX leaves out what its font lacks and says so in its log alone.
"""

from __future__ import annotations

import subprocess
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.files.programs import environment, find_program

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: Files of the fonts that mmbookfonts.sty chooses, best first: text, code, formulas.
TEXT = ("texgyrepagella-regular.otf", "lmroman10-regular.otf")
CODE = ("DejaVuSansMono.ttf", "lmmono10-regular.otf")
MATH = ("texgyrepagella-math.otf", "latinmodern-math.otf")

#: Families to look a character up in first: they go with the text.
PREFERRED = ("Noto Serif", "DejaVu Serif", "FreeSerif", "DejaVu Sans", "Noto Sans")
_FORMAT = "%{file}\t%{index}\t%{style[0]}\t%{family[0]}\t%{charset}\n"


@dataclass(frozen=True)
class Font:
    """An installed font; ``charset`` is fontconfig's: ranges of hexadecimal code points."""

    path: Path
    index: int
    family: str
    charset: str

    @cached_property
    def ranges(self) -> list[tuple[int, int]]:
        """First and last code point of each range."""
        ends = (part.split("-") for part in self.charset.split())
        return [(int(end[0], 16), int(end[-1], 16)) for end in ends]

    def has(self, character: str) -> bool:
        """Whether the font has a glyph for ``character``."""
        point = ord(character)
        return any(first <= point <= last for first, last in self.ranges)

    @property
    def rank(self) -> tuple[int, str, str]:
        """The preferred families first, else by name."""
        preferred = [PREFERRED.index(self.family)] if self.family in PREFERRED else []
        return (preferred[0] if preferred else len(PREFERRED), self.family, str(self.path))


def installed_fonts() -> list[Font]:
    """Return the upright outline fonts that fontconfig knows; empty where it is not installed."""
    return listed_fonts(_output("fc-list", ":outline=true:color=false", "--format", _FORMAT))


def listed_fonts(listed: str) -> list[Font]:
    """Return the upright fonts of a list that fontconfig wrote, the preferred families first."""
    lines = [line.split("\t") for line in listed.splitlines()]
    fonts = [
        Font(Path(file), int(index), family, charset)
        for file, index, style, family, charset in (line for line in lines if len(line) == 5)
        if style in {"Regular", "Book", "Roman"} and index.isdigit() and Path(file).suffix != ".pfb"
    ]
    return sorted(fonts, key=lambda font: font.rank)


def font_of_tex(files: Iterable[str]) -> Font | None:
    """Return the first of ``files`` that TeX finds; None where there is no TeX or no fontconfig."""
    for name in files:
        path = _output("kpsewhich", name).strip()
        charset = _output("fc-query", "--format", "%{charset}\n", path) if path else ""
        if charset:
            return Font(Path(path), 0, "", charset.splitlines()[0])
    return None


def _output(name: str, *words: str) -> str:
    program = find_program(name)
    if program is None:
        return ""
    try:
        run = subprocess.run(  # noqa: S603
            [program, *words], env=environment(), capture_output=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.decode("utf-8", "replace") if run.returncode == 0 else ""


def invisible(character: str) -> bool:
    """Whether ``character`` only steers the text: joiners, marks of direction, variants."""
    return unicodedata.category(character) in {"Cc", "Cf"} or "\ufe00" <= character <= "\ufe0f"


def right_to_left(character: str) -> bool:
    """Whether ``character`` is of a script that runs from right to left."""
    return unicodedata.bidirectional(character) in {"R", "AL"}


def find_glyphs(missing: Collection[str], fonts: Collection[Font]) -> dict[str, Font]:
    """Return a font for each character that some font has, with as few fonts as may be."""
    found: dict[str, Font] = {}
    left = sorted(missing)
    while left:
        shown = {font: [c for c in left if font.has(c)] for font in fonts}
        best = max(fonts, key=lambda font: len(shown[font]), default=None)
        if best is None or not shown[best]:
            break
        found |= dict.fromkeys(shown[best], best)
        left = [character for character in left if character not in found]
    return found
