"""sphinx-mmbook: a Sphinx extension with which a seminar writes a book together."""

from __future__ import annotations

# Type checkers know this name. Importing ``typing`` takes 10 ms, into which Ctrl-C fell.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

    from sphinx_mmbook.storing import store

__all__ = ["setup", "store"]

__version__ = "0.1.0.dev0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension. Imported only here: ``mmbook check`` must start without Sphinx."""
    from sphinx_mmbook.notebooks.early import begin_early  # noqa: PLC0415

    # It works while we import the rest.
    early = begin_early(app.confdir, app.srcdir, app.outdir, app.config.overrides)
    from sphinx_mmbook.ext import setup as setup_extension  # noqa: PLC0415

    return setup_extension(app, early)


def start() -> None:
    """Be the program ``mmbook``; Ctrl-C while it imports modules shows no traceback either."""
    try:
        from sphinx_mmbook.cli import entry  # noqa: PLC0415

        entry()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def __getattr__(name: str) -> Any:
    """Import ``store`` when a program asks for it: nothing else here needs it."""
    if name == "store":
        from sphinx_mmbook.storing import store  # noqa: PLC0415

        return store
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
