"""Pictures: the format and size that an output shows, made once."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from sphinx_mmbook.core.output import images
from sphinx_mmbook.core.output.images import (
    JPEG,
    PDF,
    PNG,
    SVG,
    ImageError,
    MissingProgramError,
    prepare,
)

if TYPE_CHECKING:
    from pathlib import Path

LATEX = [PDF, PNG, JPEG]
EPUB = [SVG, PNG, "image/gif", JPEG]
HTML = [SVG, PNG, "image/gif", JPEG]
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40"/></svg>'


def picture(kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, (200, 80, 20)).save(data, kind)
    return data.getvalue()


def save(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("kind", "mime"), [("PNG", PNG), ("JPEG", JPEG)])
def test_what_latex_shows_stays(tmp_path: Path, kind: str, mime: str) -> None:
    source = save(tmp_path, "a", picture(kind))
    assert prepare(source, mime, LATEX, tmp_path / "cache") == source


@pytest.mark.parametrize(("kind", "mime"), [("GIF", "image/gif"), ("WEBP", "image/webp")])
def test_other_pixels_become_png(tmp_path: Path, kind: str, mime: str) -> None:
    made = prepare(save(tmp_path, "a", picture(kind)), mime, LATEX, tmp_path / "cache")
    assert (made.suffix, Image.open(made).format, Image.open(made).size) == (
        ".png",
        "PNG",
        (64, 48),
    )


def test_a_drawing_that_no_program_makes_pixels_of_is_refused(tmp_path: Path) -> None:
    source = save(tmp_path, "a.svg", DRAWING)
    with pytest.raises(ImageError, match="cannot be shown in this output"):
        prepare(source, SVG, ["image/webp"], tmp_path / "cache")


def test_gif_stays_in_epub_and_webp_does_not(tmp_path: Path) -> None:
    gif = save(tmp_path, "a.gif", picture("GIF"))
    assert prepare(gif, "image/gif", EPUB, tmp_path / "cache") == gif
    webp = save(tmp_path, "a.webp", picture("WEBP"))
    assert prepare(webp, "image/webp", EPUB, tmp_path / "cache").suffix == ".png"


def test_large_pictures_are_scaled_and_the_source_is_not(tmp_path: Path) -> None:
    source = save(tmp_path, "big.png", picture("PNG", (5000, 2500)))
    before = source.read_bytes()
    made = prepare(source, PNG, LATEX, tmp_path / "cache")
    assert Image.open(made).size == (2400, 1200)
    assert source.read_bytes() == before


def test_a_jpeg_called_png_is_made_a_png(tmp_path: Path) -> None:
    made = prepare(save(tmp_path, "liar.png", picture("JPEG")), PNG, LATEX, tmp_path / "cache")
    assert Image.open(made).format == "PNG"


def test_same_content_under_two_kinds_is_judged_for_each(tmp_path: Path) -> None:
    honest, liar = (save(tmp_path, name, picture("JPEG")) for name in ("a.jpg", "a.png"))
    assert prepare(honest, JPEG, LATEX, tmp_path / "cache") == honest
    assert prepare(liar, PNG, LATEX, tmp_path / "cache") != liar


@pytest.mark.skipif(not shutil.which("rsvg-convert"), reason="apt-get install librsvg2-bin")
def test_drawing_becomes_pdf_and_stays_vector(tmp_path: Path) -> None:
    made = prepare(save(tmp_path, "a.svg", DRAWING), SVG, LATEX, tmp_path / "cache")
    assert made.read_bytes()[:4] == b"%PDF"
    assert b"/Subtype /Image" not in made.read_bytes()


@pytest.mark.skipif(not shutil.which("pdftocairo"), reason="apt-get install poppler-utils")
def test_pdf_becomes_svg_for_browsers(tmp_path: Path) -> None:
    made = prepare(save(tmp_path, "a.pdf", picture("PDF")), PDF, HTML, tmp_path / "cache")
    assert b"<svg" in made.read_bytes()


def test_second_time_converts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [(save(tmp_path, "a.gif", picture("GIF")), "image/gif")]
    sources.append((save(tmp_path, "a.png", picture("PNG")), PNG))
    first = [prepare(source, kind, LATEX, tmp_path / "cache") for source, kind in sources]
    monkeypatch.setattr(images.Image, "open", lambda *a: pytest.fail("opened again"))
    assert [prepare(source, kind, LATEX, tmp_path / "cache") for source, kind in sources] == first


def test_changed_content_is_converted_again(tmp_path: Path) -> None:
    source = save(tmp_path, "a.gif", picture("GIF"))
    first = prepare(source, "image/gif", LATEX, tmp_path / "cache")
    source.write_bytes(picture("GIF", (10, 10)))
    assert prepare(source, "image/gif", LATEX, tmp_path / "cache") != first


def test_missing_program_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgramError, match="apt-get install librsvg2-bin"):
        prepare(save(tmp_path, "a.svg", DRAWING), SVG, LATEX, tmp_path / "cache")


@pytest.mark.parametrize(
    ("name", "kind", "data", "says"),
    [
        ("a.png", PNG, b"\x89PNG\r\n\x1a\nbroken", "not a picture"),
        ("a.png", PNG, picture("PNG", (500, 500))[:300], "not a picture"),
        ("a.png", PNG, b"", "not a picture"),
        ("a.svg", SVG, DRAWING.replace(b"<rect", b"<script>x</script><rect"), "<script"),
        ("a.svg", SVG, b'<!DOCTYPE svg [<!ENTITY x SYSTEM "/etc/passwd">]>' + DRAWING, "<!ENTITY"),
        ("a.svg", SVG, DRAWING.replace(b"<rect", b'<rect onload="x()"'), "onload"),
    ],
)
def test_broken_or_active_pictures_are_refused(
    tmp_path: Path, name: str, kind: str, data: bytes, says: str
) -> None:
    with pytest.raises(ImageError, match=says):
        prepare(save(tmp_path, name, data), kind, LATEX, tmp_path / "cache")
    assert not list(tmp_path.glob("cache/*.good"))


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="cannot be read"):
        prepare(tmp_path / "gone.png", PNG, LATEX, tmp_path / "cache")
