"""Extensions that cannot be read in parallel, whatever they say, make the whole build serial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.domains import Domain
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)


def unmergeable(app: Sphinx) -> list[str]:
    """Return the extensions whose domain cannot take over what a parallel reader found.

    Sphinx notices that when the first reader has ended: sphinx-proof 0.4 ends in ``KeyError: 1``.
    """
    return sorted(
        type(domain).__module__.partition(".")[0]
        for domain in app.env.domains.values()
        if type(domain).merge_domaindata is Domain.merge_domaindata
    )


def read_serially(app: Sphinx) -> None:
    """Use one process if an extension cannot do with more, and say why."""
    if app.parallel > 1 and (names := unmergeable(app)):
        app.parallel = 1
        logger.info("building with one process: %s cannot be used with several", ", ".join(names))


def setup_serial(app: Sphinx) -> None:
    """Register the look, before pages are read."""
    app.connect("builder-inited", read_serially)
