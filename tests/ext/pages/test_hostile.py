"""One book of all that breaks a PDF: three good outputs, and a finding for what cannot be shown."""

from __future__ import annotations

import io
import re
import subprocess
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from ext.latex.test_latex import DRAWING, figures, one_chapter, picture, table
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Built

pytestmark = pytest.mark.long

SCRIPTS = {
    "Greek": "Ελληνικά",
    "Cyrillic": "Кириллица",
    "Chinese": "中文書",
    "Japanese": "かな",
    "Arabic": "عربي",
}
ENTITY = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + DRAWING
SCRIPT = DRAWING.replace(b"<rect", b"<script>x()</script><rect")
#: What each output must say, and nothing else: (rule, words).
COMMON = {
    ("image-broken", "broken.png"),
    ("image-broken", "entity.svg"),
    ("image-broken", "script.svg"),
}


def megapixels() -> bytes:
    data = io.BytesIO()
    Image.new("L", (10_000, 6_000), 90).save(data, "PNG", compress_level=1)
    return data.getvalue()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    from conftest import Book

    kinds = {"a.png": "PNG", "b.jpg": "JPEG", "c.gif": "GIF", "d.webp": "WEBP", "e.pdf": "PDF"}
    files = {name: picture(kind) for name, kind in kinds.items()}
    files |= {"f.svg": DRAWING, "huge.png": megapixels(), "broken.png": b"\x89PNG\r\n\x1a\nno"}
    files |= {"script.svg": SCRIPT, "entity.svg": ENTITY}
    words = "".join(f"{name} is {text}.\n\n" for name, text in SCRIPTS.items())
    book = Book(tmp_path_factory.mktemp("hostile") / "book")
    one_chapter(book, figures(*files) + "\n" + table(40) + "\n" + words).write(dict(files))
    return {builder: book.build(builder=builder) for builder in ("html", "latex", "epub")}


def said(built: Built) -> set[tuple[str, str]]:
    """The rule and the subject of each warning; a fault without a rule or a line is a KeyError."""
    found = set()
    for line in built.warnings:
        match = re.search(r"chapter\.md:\d+: WARNING: (.*) \[mmbook\.([\w-]+)\]", line)
        assert match, line
        name = re.search(r"\w+\.(png|svg)", match[1])
        found.add((match[2], name[0] if name else ""))
    return found


def test_site_says_what_it_cannot_show(hostile: dict[str, Built]) -> None:
    built = hostile["html"]
    assert built.status == 0
    assert said(built) == COMMON
    shown = {img["src"].rpartition("/")[2] for img in built.soup("chapter").select("figure img")}
    assert {"a.png", "b.jpg", "c.gif", "d.webp", "f.svg", "huge.png"} <= shown
    assert not {"script.svg", "entity.svg", "broken.png"} & shown


def test_pdf_is_made_of_all_that_can_be_shown(hostile: dict[str, Built]) -> None:
    built = hostile["latex"]
    assert built.status == 0
    found = said(built)
    assert found >= COMMON | {("table-too-wide", ""), ("glyph-direction", "")}
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "testbook.tex"]
    run = subprocess.run(command, cwd=built.outdir, capture_output=True, check=False)
    log = (built.outdir / "testbook.log").read_text("utf-8", "replace")
    assert run.returncode == 0, log[-3000:]
    assert "Missing character" not in log
    command = ["pdftotext", "-layout", str(built.outdir / "testbook.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    for name in ("a.png", "b.jpg", "c.gif", "d.webp", "e.pdf", "f.svg", "huge.png", "broken.png"):
        assert f"This is {name}" in text
    for script in ("Greek", "Cyrillic", "Chinese", "Japanese"):
        # Not every machine has a font for all of them; then there is a finding.
        assert SCRIPTS[script] in text or ("glyph-missing", "") in found, script


def test_epub_is_valid_and_small(hostile: dict[str, Built]) -> None:
    built = hostile["epub"]
    assert built.status == 0
    assert said(built) == COMMON
    (file,) = built.outdir.glob("*.epub")
    with ZipFile(file) as packed:
        for name in packed.namelist():
            if name.endswith((".png", ".jpg")):
                assert max(size(packed.read(name))) <= 2400, name
        assert all(text in packed.read("chapter.xhtml").decode() for text in SCRIPTS.values())
    run = subprocess.run(
        ["java", "-jar", "/usr/share/java/epubcheck.jar", str(file)],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


def size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.size


@pytest.mark.parametrize("builder", ["latex", "epub"])
def test_second_build_converts_nothing(hostile: dict[str, Built], builder: str) -> None:
    from conftest import Book

    built = hostile[builder]
    book = Book(built.outdir.parent.parent)
    before = written(built.outdir.parent / "doctrees" / "mmbook-images")
    assert len(before) >= 4
    # Another chapter makes both outputs anew.
    page = book.folder / "chapter.md"
    page.write_text(page.read_text("utf-8") + "\nMore.\n", "utf-8")
    assert book.build(builder=builder).status == 0
    assert written(built.outdir.parent / "doctrees" / "mmbook-images") == before


def written(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
