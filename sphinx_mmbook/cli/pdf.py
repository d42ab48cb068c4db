"""Build the PDF of the book with XeLaTeX.

examples:
  mmbook pdf                      ./book -> ./book/_build/latex/*.pdf
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.build import add_options, sphinx_build, sphinx_options
from sphinx_mmbook.cli.folders import find_book

if TYPE_CHECKING:
    import argparse

__all__ = ["add_options", "run"]

#: Debian's packages for the programs that a PDF needs.
PACKAGES = (
    "latexmk texlive-xetex texlive-latex-recommended texlive-latex-extra "
    "texlive-fonts-recommended texlive-lang-german tex-gyre fonts-noto-core"
)


def missing_programs() -> list[str]:
    """Return the programs that a PDF needs and this machine lacks."""
    return [name for name in ("latexmk", "xelatex") if not shutil.which(name)]


def run(args: argparse.Namespace) -> int:
    """Build, then say where to look."""
    if missing := missing_programs():
        print(
            f"mmbook: the PDF needs {' and '.join(missing)}; on Debian or Ubuntu:\n"
            f"  sudo apt-get install -y --no-install-recommends {PACKAGES}",
            file=sys.stderr,
        )
        return 2
    book = find_book(args.book)
    latex = book / "_build" / "latex"
    status = sphinx_build(book, "latex", sphinx_options(args))
    if status:
        return status
    command = [
        "latexmk",
        "-xelatex",
        "-interaction=nonstopmode",
        "-halt-on-error",
        "-file-line-error",
    ]
    for source in sorted(latex.glob("*.tex")):
        if r"\documentclass" not in source.read_text("utf-8"):
            continue
        result = subprocess.run(  # noqa: S603
            [*command, source.name], cwd=latex, capture_output=True, text=True, check=False
        )
        if result.returncode:
            print(result.stdout[-3000:], file=sys.stderr)
            print(f"mmbook: LaTeX failed; its log is {source.with_suffix('.log')}", file=sys.stderr)
            return 1
        print(f"\nThe PDF is ready:\n  {source.with_suffix('.pdf')}")
    return 0
