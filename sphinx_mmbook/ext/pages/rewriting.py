"""Pages that show something of other pages are written again when that changes.

A page shows numbers and titles of what it refers to, and in the side bar and at its foot those of
all chapters. Sphinx writes again only pages whose own numbers changed. So each page remembers a
digest of all that it showed.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from docutils.nodes import make_id
from sphinx import addnodes
from sphinx.util import docname_join

from sphinx_mmbook.ext.adapters.sphinx import forget_lists
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.guard import on_page
from sphinx_mmbook.ext.toctrees import chapter_outline, pages_below, plain

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: The book is numbered on the same event, at 400 to 600.
AFTER_NUMBERING = 700


def note_references(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what a page refers to; nothing has been shown yet."""
    page = app.env.current_document.docname
    targets = set()
    for xref in doctree.findall(addnodes.pending_xref):
        target = xref["reftarget"]
        # {doc}`../intro` and [](../intro.md) name a page, all others a label.
        is_page = xref["reftype"] == "doc" or xref.get("refdomain") == "doc"
        targets.add(docname_join(page, target) if is_page else target)
        if xref.get("reftargetid"):
            targets.add(xref["reftargetid"])
    book_domain(app.env).note_targets(page, tuple(sorted(targets)), "")


def pages_to_rewrite(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages that show a number or title which is no longer the one shown."""
    domain = book_domain(env)
    outline = chapter_outline(env)
    changed = []
    for page, (targets, old) in sorted(domain.data["shown"].items()):
        with on_page(env, page, "the look for what this page shows of others"):
            new = _digest(env, page, targets, outline)
            if new != old:
                changed.append(page)
                domain.note_targets(page, targets, new)
    return changed


def _digest(env: BuildEnvironment, page: str, targets: tuple[str, ...], outline: str) -> str:
    """Return a digest of all that a page shows of others."""
    own = (env.toc_secnumbers.get(page), env.toc_fignumbers.get(page))
    below = pages_below(env, env.toctree_includes.get(page, ()))
    listed = [plain(env.tocs[name]) for name in below]
    shown = repr((outline, own, listed, [_printed(env, target) for target in targets]))
    return blake2b(shown.encode("utf-8", "replace"), digest_size=16).hexdigest()


def write_only_those(app: Sphinx, env: BuildEnvironment) -> None:
    """Let Sphinx write no other pages: ``pages_to_rewrite`` knows what they show of each other."""
    forget_lists(env)


def _printed(env: BuildEnvironment, target: str) -> object:
    """Return place, title and numbers of what a reference names; None if nothing has that label."""
    standard = env.domains.standard_domain
    found = standard.labels.get(target) or standard.anonlabels.get(target)
    if not found and target in env.domains.math_domain.equations:
        found = (env.domains.math_domain.equations[target][0], make_id(f"equation-{target}"))
    if not found:
        return env.titles[target].astext() if target in env.titles else None
    page, anchor = found[:2]
    sections = env.toc_secnumbers.get(page, {})
    kinds = sorted(env.toc_fignumbers.get(page, {}).items())
    figures = [(kind, numbers[anchor]) for kind, numbers in kinds if anchor in numbers]
    return (found, sections.get("#" + anchor, sections.get("")), figures)


def setup_rewriting(app: Sphinx) -> None:
    """Register what pages show, and the question which of it changed."""
    app.connect("doctree-read", note_references)
    app.connect("env-get-updated", pages_to_rewrite, priority=AFTER_NUMBERING)
    app.connect("env-check-consistency", write_only_those)
