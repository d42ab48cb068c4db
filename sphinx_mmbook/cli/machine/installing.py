"""How programs are installed, by system: the exact command."""

from __future__ import annotations

import os
import sys
from types import MappingProxyType

from sphinx_mmbook.cli.pdf import PACKAGES
from sphinx_mmbook.core.files.programs import find_program

#: What installs programs -> the start of its command.
INSTALLERS = MappingProxyType(
    {
        "apt-get": "sudo apt-get install -y --no-install-recommends",
        "dnf": "sudo dnf install -y",
        "pacman": "sudo pacman -S --needed",
        "brew": "brew install",
        "winget": "winget install -e --id",
    }
)
#: What is needed -> installer -> its name there.
NAMES = MappingProxyType(
    {
        "git": {"winget": "Git.Git"},
        "make": {"winget": "GnuWin32.Make"},
        "latex": {
            "apt-get": PACKAGES,
            "dnf": "latexmk texlive-xetex texlive-collection-latexextra "
            "texlive-collection-fontsrecommended texlive-collection-langgerman "
            "dejavu-sans-mono-fonts",
            "pacman": "texlive-binextra texlive-xetex texlive-latexextra "
            "texlive-fontsrecommended texlive-langgerman ttf-dejavu",
            "brew": "--cask mactex",
            "winget": "MiKTeX.MiKTeX",
        },
        "fonts": {
            "apt-get": "tex-gyre fonts-texgyre fonts-texgyre-math fonts-dejavu-core fontconfig",
            "dnf": "texlive-tex-gyre texlive-tex-gyre-math dejavu-sans-mono-fonts",
            "pacman": "texlive-fontsrecommended ttf-dejavu fontconfig",
            "brew": "--cask font-dejavu mactex",
            "winget": "MiKTeX.MiKTeX",
        },
        "rsvg-convert": {
            "apt-get": "librsvg2-bin",
            "dnf": "librsvg2-tools",
            "pacman": "librsvg",
            "brew": "librsvg",
        },
        "pdftocairo": {
            "apt-get": "poppler-utils",
            "dnf": "poppler-utils",
            "pacman": "poppler",
            "brew": "poppler",
        },
        "R": {
            "apt-get": "r-base-core",
            "dnf": "R-core",
            "pacman": "r",
            "brew": "r",
            "winget": "RProject.R",
        },
        "chromium": {"winget": "Google.Chrome", "brew": "--cask google-chrome"},
    }
)


def installer() -> str:
    """Return the program that installs others on this machine; empty where none is known."""
    if sys.platform == "darwin":
        return "brew"
    if os.name == "nt":
        return "winget"
    return next((name for name in ("apt-get", "dnf", "pacman") if find_program(name)), "")


def command_for(need: str, by: str) -> str:
    """Return the command with which ``by`` installs what is needed; empty where none is known."""
    names = NAMES.get(need, {})
    if by not in INSTALLERS or (by == "winget" and by not in names):
        return ""
    return f"{INSTALLERS[by]} {names.get(by, need)}"
