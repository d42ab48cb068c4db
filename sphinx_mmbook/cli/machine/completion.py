"""Print what lets your shell complete commands of mmbook with the tab key.

examples:
  mmbook completion bash >> ~/.bashrc
  mmbook completion zsh >> ~/.zshrc
  mmbook completion fish > ~/.config/fish/completions/mmbook.fish
  mmbook completion powershell >> $PROFILE
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

SHELLS = ("bash", "zsh", "fish", "powershell")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the shell."""
    parser.add_argument("shell", choices=SHELLS, help="your shell")


def run(args: argparse.Namespace) -> int:
    """Print the script; argcomplete answers what it asks (shtab knows neither fish nor PowerShell).

    It asks ``mmbook`` itself at each press of the key, so it stays right when the package changes.
    """
    from argcomplete.shell_integration import shellcode  # noqa: PLC0415 -- no other command needs it

    print(shellcode(["mmbook"], shell=args.shell).strip())
    return 0
