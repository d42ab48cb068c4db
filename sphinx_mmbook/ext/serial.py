"""Extensions that cannot be used in parallel, said or unsaid, make the whole build serial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.domains import Domain
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)


def unparallel(app: Sphinx) -> list[str]:
    """Return the extensions that no build with several processes goes well with.

    Of one that does not say that it is safe, Sphinx warns in each such build, which ``-W`` fails.
    Of one whose domain cannot take over what a parallel reader found, it notices that when the
    first reader has ended: sphinx-proof 0.4 ends in ``KeyError: 1``.
    """
    unsafe = {
        extension.name
        for extension in app.extensions.values()
        if not (extension.parallel_read_safe and extension.parallel_write_safe)
    }
    unmergeable = {
        type(domain).__module__.partition(".")[0]
        for domain in app.env.domains.values()
        if type(domain).merge_domaindata is Domain.merge_domaindata
    }
    return sorted(unsafe | unmergeable)


def read_serially(app: Sphinx) -> None:
    """Use one process if an extension cannot do with more, and say why."""
    if app.parallel > 1 and (names := unparallel(app)):
        app.parallel = 1
        logger.info("building with one process: %s cannot be used with several", ", ".join(names))


def setup_serial(app: Sphinx) -> None:
    """Register the look, before pages are read."""
    app.connect("builder-inited", read_serially)
