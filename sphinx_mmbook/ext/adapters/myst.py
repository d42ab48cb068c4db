"""What MyST-Parser never promised: parsing a text, a line or ``{eval-rst}`` into an existing page.

Read in MyST-Parser 4.0 and 5.2.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import jinja2
from docutils import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from myst_parser.mdit_to_docutils import base
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


def parse_markdown(text: str, document: nodes.document) -> None:
    """Parse a page as Markdown and nothing more, whatever parser Sphinx has chosen for it."""
    MystParser().parse(text, document)


def parse_line(
    env: BuildEnvironment, document: nodes.document, text: str, line: int, holder: nodes.Element
) -> None:
    """Parse inline MyST into ``holder``: outside of directives nothing promised does it."""
    parser = create_md_parser(env.myst_config, SphinxRenderer)  # type: ignore[attr-defined]
    parser.options["document"] = document
    renderer: Any = parser.renderer
    renderer.setup_render(parser.options, {})
    with renderer.current_node_context(holder):
        renderer.nested_render_text(text, line, inline=True)


class Substitutions(ImmutableSandboxedEnvironment):
    """What stands between ``{{ }}`` may ask values, and texts and lists what they know: no more."""

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether an expression may call it: ``range`` and the like, what a text or list has."""
        values = (str, int, float, list, tuple, dict)
        known = any(obj is one for one in self.globals.values())
        known = known or type(getattr(obj, "__self__", None)) in values
        return known and super().is_safe_callable(obj)


def confine_substitutions() -> None:
    """Have MyST fill in ``{{ }}`` in Jinja's sandbox.

    MyST-Parser makes an ``Environment`` of its own for each, in which
    ``{{ cycler.__init__.__globals__.os.system("…") }}`` on a page runs a program. No setting
    says which, so the name ``jinja2`` of its module means the sandbox.
    """
    base.jinja2 = SimpleNamespace(**{**vars(jinja2), "Environment": Substitutions})


def register_restructured(document: nodes.document) -> None:
    """Register on a page what its ``{eval-rst}`` blocks registered on a document of their own.

    MyST-Parser takes over the nodes alone: substitutions were unknown, addresses led nowhere, and
    what nothing ever made, as ``.. contents::`` or a footnote ``[#]_``, ended the build for all.
    """
    known = {id(entry[2]) for entry in document.transformer.transforms}
    known |= {id(node) for node in (*document.autofootnotes, *document.autofootnote_refs)}
    known |= {id(node) for named in document.refnames.values() for node in named}
    for node in document.findall(nodes.Element):
        if id(node) in known:
            continue
        if isinstance(node, nodes.pending):
            document.note_pending(node)
        elif isinstance(node, nodes.footnote | nodes.footnote_reference) and node.get("auto"):
            _register_footnote(document, node)
        elif isinstance(node, nodes.reference) and "refname" in node:
            document.note_refname(node)
        elif isinstance(node, nodes.substitution_definition):
            for name in {*node["names"]} - {*document.substitution_defs}:
                document.note_substitution_def(node, name)


def _register_footnote(document: nodes.document, node: Any) -> None:
    if any(document.ids.get(name, node) is not node for name in node["ids"]):
        node["ids"] = []
    kind = "symbol_footnote" if node["auto"] == "*" else "autofootnote"
    getattr(document, f"note_{kind}{'_ref' * isinstance(node, nodes.footnote_reference)}")(node)
    if "refname" in node:
        document.note_footnote_ref(node)
