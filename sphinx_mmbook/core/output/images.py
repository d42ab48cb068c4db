"""Pictures in the format and size that an output can show; each conversion is done once.

Vector graphics stay vector graphics: they are converted by programs that all systems have packages
of. Pixels are Pillow's. The cache is keyed by the content of the source.
"""

from __future__ import annotations

import subprocess
import warnings
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from sphinx_mmbook.core.files.programs import environment, find_program
from sphinx_mmbook.core.output.drawings import BrokenDrawingError, active_part

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

PDF, SVG, PNG, JPEG = "application/pdf", "image/svg+xml", "image/png", "image/jpeg"
SUFFIXES = {PDF: ".pdf", SVG: ".svg", PNG: ".png", JPEG: ".jpg"}

#: The longest side of a picture in a PDF or EPUB, in pixels: 400 dots per inch over a text width.
MAX_SIDE = 2400
#: Pictures are scaled down if they are clearly over it; scaling a little only blurs.
LARGE = 1.25 * MAX_SIDE
#: Pillow unpacks a picture before it scales it: four bytes for each of its pixels.
MAX_PIXELS = 200_000_000


@dataclass(frozen=True)
class Program:
    """A program that converts; ``package`` is Debian's, ``elsewhere`` Homebrew's and MSYS2's."""

    name: str
    package: str
    elsewhere: str
    arguments: tuple[str, ...]


#: (from, to) -> what converts so. "{}" stands for source and target, in this order.
PROGRAMS = {
    (SVG, PDF): Program("rsvg-convert", "librsvg2-bin", "librsvg", ("-f", "pdf", "{}", "-o", "{}")),
    (PDF, SVG): Program("pdftocairo", "poppler-utils", "poppler", ("-svg", "{}", "{}")),
}


class ImageError(Exception):
    """A picture that cannot be shown; the text says why and what to do."""


class MissingProgramError(ImageError):
    """A conversion whose program is not installed."""


def prepare(source: Path, kind: str, shown: Collection[str], cache: Path) -> Path:
    """Return a file that shows ``source`` in an output.

    ``kind`` is the source's MIME type, ``shown`` those that the output shows, best first. The file
    is the source itself if the output can show it, else one in the folder ``cache``. Raises
    ImageError, or its subclass MissingProgramError.
    """
    if kind == SVG:
        _refuse_active(source)
    if kind in (SVG, PDF):
        goal = kind if kind in shown else next((to for to in shown if (kind, to) in PROGRAMS), "")
        if goal == kind:
            return source
        if not goal:
            raise ImageError("cannot be shown in this output")
        return _vector(source, PROGRAMS[kind, goal], cache / (_digest(source) + SUFFIXES[goal]))
    return _pixels(source, kind, kind in shown, cache)


def refuse_broken(source: Path) -> None:
    """Raise ImageError if a file of pixels is not a picture; reads only its beginning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            Image.open(source).close()
        except Exception as error:  # Pillow's readers raise what the broken bytes lead them to.
            raise _unreadable(error) from error


def _unreadable(error: Exception) -> ImageError:
    """Return what to say of a file that Pillow cannot read; its own first word is a full path."""
    why = "" if isinstance(error, UnidentifiedImageError) else f" ({error})"
    return ImageError(f"is not a picture that can be read{why}; save it again as PNG, JPEG or SVG")


def _refuse_active(source: Path) -> None:
    """Refuse a drawing that does more than show; opened by itself, a browser would let it."""
    try:
        found = active_part(_read(source))
    except BrokenDrawingError as error:
        raise ImageError(f"is not a drawing that can be read ({error}); save it again") from error
    if found:
        raise ImageError(
            f"contains '{found}': a picture must not run code, read files or load from other "
            "hosts; remove it"
        )


def _read(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise ImageError(f"cannot be read: {error.strerror}") from error


def _digest(source: Path) -> str:
    return blake2b(_read(source), digest_size=16).hexdigest()


def _beside(target: Path) -> Path:
    """Return where to write ``target`` first: a build that is broken off leaves no half picture."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f"part-{target.name}")


def _vector(source: Path, program: Program, target: Path) -> Path:
    if not target.exists():
        _run(program, source, part := _beside(target))
        part.replace(target)
    return target


def _pixels(source: Path, kind: str, shown: bool, cache: Path) -> Path:
    digest = _digest(source)
    target = cache / (digest + SUFFIXES[JPEG if kind == JPEG else PNG])
    # An empty file says that the source is good as it is, under its name.
    good = cache / f"{digest}.{kind.replace('/', '-')}.good"
    if shown and good.exists():
        return source
    if not target.exists():
        part = _beside(target)
        if not _write_pixels(source, kind if shown else "", part):
            good.touch()
            return source
        part.replace(target)
    return target


def _run(program: Program, source: Path, target: Path) -> None:
    file = find_program(program.name)
    if file is None:
        raise MissingProgramError(
            f"{source.suffix} pictures need the program {program.name} here; install it: apt-get "
            f"install {program.package} (Homebrew and MSYS2: {program.elsewhere})"
        )
    paths = iter((str(source), str(target)))
    command = [file, *(next(paths) if x == "{}" else x for x in program.arguments)]
    try:
        run = subprocess.run(  # noqa: S603
            command, env=environment(), capture_output=True, timeout=60, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ImageError(f"{program.name} took more than a minute for it") from error
    if run.returncode or not target.exists():
        said = run.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise ImageError(f"{program.name} cannot convert it: {said[-1]}")


def _write_pixels(source: Path, kind: str, target: Path) -> bool:
    """Write ``source`` as ``target``, smaller if need be.

    Return False, and write nothing, if it is good as it is: really of ``kind``, and not too large.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(source) as picture:
                return _write(picture, kind, target)
        except ImageError:
            raise
        except Exception as error:  # Pillow's readers raise what the broken bytes lead them to.
            raise _unreadable(error) from error


def _write(picture: Image.Image, kind: str, target: Path) -> bool:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise ImageError(f"has {width} x {height} pixels; make it smaller than 200 megapixels")
    large = max(width, height) > LARGE
    if large:
        picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
    picture.load()
    # A name can lie: LaTeX dies of a JPEG that is called .png.
    if not large and Image.MIME.get(picture.format or "") == kind:
        return False
    if large:
        picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    if target.suffix == SUFFIXES[JPEG]:
        picture.convert("RGB").save(target, "JPEG", quality=90)
    else:
        mode = picture.mode if picture.mode in {"RGB", "L", "1", "I;16"} else "RGBA"
        picture.convert(mode).save(target, "PNG")
    return True
