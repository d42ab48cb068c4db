"""Build the PDF of the book with XeLaTeX, or its latex_engine, or of a chapter with its numbers.

A chapter's PDF is made of pages of the book's: title page and chapter, which ends
with the works that it cites.

examples:
  mmbook pdf                              ./book -> ./book/_build/latex/*.pdf
  mmbook pdf book/chapters/my-chapter     -> ./book/_build/latex/chapters/my-chapter.pdf
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.build import add_options as add_build_options
from sphinx_mmbook.cli.build import sphinx_build, sphinx_options
from sphinx_mmbook.cli.child import run_to_end
from sphinx_mmbook.cli.folders import book_near, find_book, pages_named
from sphinx_mmbook.core.book.conf_file import settings_of_conf
from sphinx_mmbook.core.files.file_lock import BUILD_LOCK, BUSY, wait_for
from sphinx_mmbook.core.files.paths import book_above
from sphinx_mmbook.core.files.programs import environment, find_program
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.output.tex_log import error_line, findings
from sphinx_mmbook.core.output.tex_repair import without_block
from sphinx_mmbook.core.translations import word

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

#: So many blocks that LaTeX cannot set are left out of a book, one after the other.
MOST_ERRORS = 25
#: How a book says that it is in German.
GERMAN = r"\setmainlanguage{german}"
#: What LaTeX writes for its next run.
LEFT_OVER = (".aux", ".toc", ".out", ".fls", ".fdb_latexmk")
#: Debian's packages for the programs that a PDF needs.
PACKAGES = (
    "latexmk texlive-xetex texlive-latex-recommended texlive-latex-extra "
    "texlive-fonts-recommended texlive-lang-german tex-gyre fonts-texgyre fonts-texgyre-math "
    "fonts-dejavu-core fonts-noto-core fontconfig librsvg2-bin poppler-utils"
)


#: What ``latex_engine`` may be in Sphinx; else the check has a word to say.
ENGINES = ("xelatex", "lualatex", "pdflatex", "platex", "uplatex")


def programs_for(book: Path | None) -> tuple[str, str]:
    """Return the programs that a book's PDF needs: latexmk, and what its conf.py says."""
    said = settings_of_conf(book).conf.values.get("latex_engine") if book else None
    return "latexmk", next((engine for engine in ENGINES if engine == said), "xelatex")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a build; the book's folder can be one of its chapters instead."""
    add_build_options(parser, ", or a chapter")
    parser.usage = "mmbook pdf [options] [BOOK | CHAPTER] [-- OPTION ...]"


def find_chapter(named: Path | None) -> tuple[Path, str]:
    """Return the book's folder, and the name of the chapter's page: empty for the whole book.

    A chapter is named as for :func:`~sphinx_mmbook.cli.folders.pages_named`.

    :raises CommandRefused: if there is no such chapter.
    :raises SystemExit: with status 2 if there is no book.
    """
    if named is None or book_near(named):
        return find_book(named), ""
    book = (book_above(named.resolve()) or find_book(None)).resolve()
    (page,) = pages_named(book, [str(named)])
    return book, page.rpartition(".")[0]


def run_latex(source: Path) -> list[Finding]:
    """Set a book's LaTeX once, to its first error; return what is wrong with it."""
    latexmk = find_program("latexmk") or "latexmk"
    # What Sphinx writes beside the book has latexmk run conf.py's latex_engine with '-pdf', which
    # for XeLaTeX takes longer than '-xelatex'.
    wants = (source.parent / "latexmkrc").read_text("utf-8")
    engine = "-xelatex" if "$pdflatex = 'xelatex" in wants else "-pdf"
    options = [engine, "-interaction=nonstopmode", "-halt-on-error", "-file-line-error"]
    result = run_to_end(
        [latexmk, *options, source.name],
        cwd=source.parent,
        # LaTeX would break the lines of its log, and names of files with them. It runs no program,
        # and opens files of the book's build and its own: the second wall behind 'tex-command'.
        env=environment(max_print_line="10000", shell_escape="f", openin_any="p", openout_any="p"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    log = source.with_suffix(".log")
    said = log.read_text("utf-8", "replace") if log.exists() else ""
    found = findings(said, source.read_text("utf-8"), source.name)
    errors = [finding for finding in found if finding.rule == "latex-error"]
    pdf = source.with_suffix(".pdf")
    # On a full disk what writes it ends without an error.
    if not result.returncode and pdf.is_file() and b"%%EOF" in pdf.read_bytes()[-1024:]:
        return found
    # What is undefined is so because LaTeX did not come to the end.
    at = Location(log.as_posix())
    fault = f"LaTeX made no whole PDF; is the disk full? {result.stdout[-1000:]}"
    return errors or [Finding(at, "latex-error", fault)]


def set_book(source: Path) -> tuple[bool, list[Finding]]:
    """Set a book's LaTeX, without the blocks that LaTeX cannot set.

    Returns whether there is a PDF, and what is wrong, at the lines of the chapters.
    """
    wrong: list[Finding] = []
    for _ in range(MOST_ERRORS):
        found = run_latex(source)
        error = next((finding for finding in found if finding.rule == "latex-error"), None)
        if error is None:
            return True, [*wrong, *found]
        wrong.append(error)
        print(error, file=sys.stderr)
        tex = source.read_text("utf-8")
        log = source.with_suffix(".log").read_text("utf-8", "replace")
        line = error_line(log, source.name)
        note = word("no-latex", "de" if GERMAN in tex else "en")
        mended = without_block(tex, line, note) if line else ""
        if not mended:
            break
        source.write_text(mended, "utf-8")
        for kind in LEFT_OVER:
            # The error can stand in what LaTeX has noted for its next run.
            source.with_suffix(kind).unlink(missing_ok=True)
    return False, wrong


def run(args: argparse.Namespace) -> int:
    """Build, then say where to look."""
    book, chapter = find_chapter(args.book)
    if missing := [name for name in programs_for(book) if not find_program(name)]:
        print(
            f"mmbook: the PDF needs {' and '.join(missing)}; on Debian or Ubuntu:\n"
            f"  sudo apt-get install -y --no-install-recommends {PACKAGES}",
            file=sys.stderr,
        )
        return 2
    if status := sphinx_build(book, "latex", sphinx_options(args)):
        return status
    # Another build would write what LaTeX is reading.
    lock = wait_for(book / "_build" / "doctrees" / BUILD_LOCK, lambda: print(BUSY, flush=True))
    failed = False
    try:
        for source in sorted((book / "_build" / "latex").glob("*.tex")):
            if r"\documentclass" in source.read_text("utf-8"):
                failed |= not make_pdf(source, chapter, args)
    finally:
        os.close(lock)
    return int(failed)


def make_pdf(source: Path, chapter: str, args: argparse.Namespace) -> bool:
    """Make the PDF of a book or chapter and say where it is; return whether all is well."""
    made, wrong = set_book(source)
    errors = [finding for finding in wrong if finding.rule == "latex-error"]
    for finding in wrong:
        if finding not in errors:
            print(finding, file=sys.stderr)
    if not made:
        print(f"mmbook: LaTeX failed; its log is {source.with_suffix('.log')}", file=sys.stderr)
        return False
    pdf = source.with_suffix(".pdf")
    target = extract(pdf, chapter) if chapter else pdf
    if target is None:
        return False
    lacks = f", with a note in place of {len(errors)} faulty part(s)" if errors else ""
    if lacks or not args.quiet:
        print(f"\nThe PDF is ready{lacks}:\n  {target}")
    return args.lenient or not errors


def extract(pdf: Path, chapter: str) -> Path | None:
    """Write a chapter's PDF beside the book's; say what is wrong if that cannot be."""
    from sphinx_mmbook.cli.chapter_pdf import ChapterError, write_chapter  # noqa: PLC0415

    target = pdf.parent / f"{chapter.removesuffix('/index')}.pdf"
    try:
        write_chapter(pdf, chapter, target)
    except ChapterError as error:
        print(f"mmbook: {error}", file=sys.stderr)
        return None
    return target
