"""Which font has which character."""

from __future__ import annotations

from pathlib import Path

from sphinx_mmbook.core.output.fonts import (
    Font,
    find_glyphs,
    invisible,
    listed_fonts,
    right_to_left,
)

GREEK = Font(Path("greek.ttf"), 0, "DejaVu Serif", "20-7e 370-3ff")
CHINESE = Font(Path("chinese.ttf"), 0, "Chinese", "20 3b2 4e00-9fff")


def test_charset_is_ranges_of_code_points() -> None:
    assert GREEK.has("β") and GREEK.has("a") and not GREEK.has("中")


def test_few_fonts_are_chosen() -> None:
    assert find_glyphs("β中文", [GREEK, CHINESE]) == dict.fromkeys("β中文", CHINESE)
    assert find_glyphs("βσ中", [GREEK, CHINESE]) == {"β": GREEK, "σ": GREEK, "中": CHINESE}


def test_preferred_families_come_first() -> None:
    other = Font(Path("z.ttf"), 0, "Zebra", "370-3ff")
    assert sorted([other, GREEK], key=lambda font: font.rank)[0] is GREEK


def test_what_no_font_has_is_left_out() -> None:
    assert find_glyphs("\U0001f600", [GREEK]) == {}
    assert find_glyphs("β", []) == {}


def test_steering_characters_and_directions() -> None:
    assert invisible("\u200d") and invisible("\ufe0f") and not invisible("a")
    assert right_to_left("ש") and right_to_left("ع") and not right_to_left("中")


def test_only_upright_fonts_are_taken_that_the_pdf_can_embed() -> None:
    files = ["/f/a.otf\t0\tRegular", "/f/b.ttc\t2\tBook", "/f/c.ttf\t0\tRoman", "/f/d.ttf\t0\tBold"]
    files += ["/f/e.ttf\t\tRegular", "/f/f.pfb\t0\tRegular"]
    listed = "\n".join(f"{file}\tSome\t20-7e" for file in files)
    fonts = listed_fonts(f"{listed}\n\nfontconfig: a warning\n")
    assert [(font.path.name, font.index) for font in fonts] == [
        ("a.otf", 0),
        ("b.ttc", 2),
        ("c.ttf", 0),
    ]
    assert fonts[0].ranges == [(0x20, 0x7E)]


def test_fonts_are_listed_by_family_and_file_behind_those_that_go_with_the_text() -> None:
    named = [
        ("z", "Aleph"),
        ("y", "Noto Sans"),
        ("x", "Aleph"),
        ("w", "Noto Serif"),
        ("v", "Zebra"),
    ]
    listed = "\n".join(f"/f/{file}.ttf\t0\tRegular\t{family}\t20" for file, family in named)
    assert "".join(font.path.stem for font in listed_fonts(listed)) == "wyxzv"
