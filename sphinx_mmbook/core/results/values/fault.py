"""What is wrong with a result file, before it is known which page asks for it."""

from __future__ import annotations


class ResultFault(Exception):
    """A fault in a result file. ``rule`` is its slug; ``text`` says the fault and the repair."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(text)
        self.rule = rule
        self.text = text


def unreadable(text: str) -> ResultFault:
    """Return the fault of a file that is not what its name says."""
    return ResultFault("result-unreadable", text)


def unfit(text: str) -> ResultFault:
    """Return the fault of a file that is sound, but holds no table that can be shown."""
    return ResultFault("result-format", text)


def too_large(text: str) -> ResultFault:
    """Return the fault of a file that is larger than a book should hold."""
    return ResultFault("result-too-large", text)


def unpacks_to_more(max_bytes: int) -> ResultFault:
    """Return the fault of a compressed file that holds more than a file may."""
    return too_large(
        f"unpacks to more than {max_bytes:,} bytes; store a summary instead, or raise "
        "'mmbook_result_max_bytes' in conf.py"
    )


def wrong_option(text: str) -> ResultFault:
    """Return the fault of an option that does not fit, or is not understood."""
    return ResultFault("result-option", text)


def missing_extra(package: str, extra: str) -> ResultFault:
    """Return the fault of a format whose reader is not installed."""
    return ResultFault("result-extra", f"needs the package {package}; {how_to_get(extra)}")


def how_to_get(extra: str) -> str:
    """Return what to do about an extra of this package that is not installed."""
    text = f'write "sphinx-mmbook[live,{extra}]" in the book\'s pyproject.toml, then make html'
    return f'{text}; without such a file: pip install "sphinx-mmbook[{extra}]"'
