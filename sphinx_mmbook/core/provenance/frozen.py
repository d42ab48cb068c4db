"""Which pages show frozen outputs, by their front matter and the files beside them; what is wrong.

``mmbook: {freeze: true}`` says that a page is never run, ``auto`` that it is run once its code has
changed, as in Quarto, ``false`` that it is run in any case. A page that says nothing is not run if
it has frozen outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.pages.run_limits import own_field
from sphinx_mmbook.core.provenance.frozen_file import Frozen, frozen_path, read_frozen
from sphinx_mmbook.core.provenance.hashing import code_digest

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_mmbook.core.pages.page import Page

#: What ``freeze`` may say, and which of three it means.
MODES = {True: "true", False: "false", "auto": "auto", "true": "true", "false": "false"}


class FrozenPage(NamedTuple):
    """What a page shows in place of outputs that a run makes, and what is wrong with that.

    ``outputs`` are None for a page that is to be run, and empty for one that can neither.
    """

    outputs: Frozen | None = None
    findings: tuple[Finding, ...] = ()


def frozen_page(book: Path, page: Page) -> FrozenPage:
    """Return what a page shows if its outputs are frozen, or shall be."""
    mode, findings = freeze_mode(page)
    path = book / frozen_path(page.path)
    is_there = path.exists() or path.is_symlink()
    if mode == "false" or not (is_there or mode == "true"):
        return FrozenPage(None, findings)
    try:
        if not is_there:
            raise BookError(_missing(page))
        frozen = read_frozen(book, page.path)
    except BookError as error:
        return FrozenPage(None if mode == "auto" else Frozen(), (*findings, error.finding))
    stale = _stale(page, frozen)
    if stale and mode == "auto":
        return FrozenPage(None, findings)
    return FrozenPage(frozen, (*findings, *stale))


def freeze_mode(page: Page) -> tuple[str, tuple[Finding, ...]]:
    """Return what a page's front matter says of freezing ("" for nothing), or what is wrong."""
    front = page.source.front
    value = own_field(front.fields, "freeze")
    if value is None:
        return "", ()
    mode = MODES.get(value) if isinstance(value, bool | str) else None
    if mode is None:
        message = "'freeze' must be true, false or auto; write 'mmbook: {freeze: true}'"
        return "", (Finding(front.at("mmbook.freeze"), "front-matter", message),)
    return mode, ()


def _missing(page: Page) -> Finding:
    message = (
        "this page is to show frozen outputs and has none, so its cells show nothing; run "
        f"'mmbook freeze {page.path}' where its code can run, and commit {frozen_path(page.path)}"
    )
    return Finding(page.source.front.at("mmbook.freeze"), "frozen-missing", message, "warning")


def _stale(page: Page, frozen: Frozen) -> tuple[Finding, ...]:
    """Return a finding if the code of a page is no longer the one that was run."""
    cells = [cell for cell in page.of("code-cell") if cell.name != "nested"]
    now = [code_digest(cell.body) for cell in cells]
    if now == [cell.code for cell in frozen.cells]:
        return ()
    fits = [same for _, same in frozen.outputs_for(now)]
    at = cells[fits.index(False)].at if False in fits else Location(page.path, 1)
    message = (
        "the code of this page has changed since its outputs were frozen; run "
        f"'mmbook freeze {page.path}' and commit the new ones"
    )
    return (Finding(at, "frozen-stale", message, "warning"),)
