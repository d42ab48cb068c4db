"""What reaches outside of a page: TeX that reads files is not set, loads from other hosts are told.

``mmbook check`` finds both in the sources; here is what cells put out and other extensions add.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.references.outside import loaded_addresses, tex_outside
from sphinx_mmbook.core.rules.syntax.markup import remote_message, tex_message
from sphinx_mmbook.ext.adapters.sphinx import builder_of
from sphinx_mmbook.ext.positions import location_of_node
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

#: After MyST-NB has chosen an output for each cell, and before ours that write LaTeX of their own.
AFTER_CHOICE = 5
#: After all who change a page.
LAST = 970
#: What TeX takes for a name.
_NAME = re.compile(r"[\w:.+-]*")


class RefuseTexCommands(SphinxPostTransform):
    r"""Shows a formula or raw LaTeX that has ``\input`` and the like as text."""

    default_priority = AFTER_CHOICE

    def run(self, **kwargs: Any) -> None:
        """Go through what TeX would set."""
        in_latex = builder_of(self.env).format == "latex"
        for node in list(self._set_by_tex()):
            command = tex_outside(f"{node.astext()}{node.get('label') or ''}")
            if command:
                at = location_of_node(self.env, node)
                report(self.env, Finding(at, "tex-command", tex_message(command)))
                if in_latex:
                    shown = nodes.literal if isinstance(node, nodes.math) else nodes.literal_block
                    node.replace_self(shown(node.astext(), node.astext()))

    def _set_by_tex(self) -> Iterator[nodes.Element]:
        for node in self.document.findall(nodes.Element):
            raw = isinstance(node, nodes.raw) and "latex" in node.get("format", "").split()
            if raw or isinstance(node, nodes.math | nodes.math_block):
                yield node


class NameClasses(SphinxPostTransform):
    """Makes names of classes: Sphinx writes them as they are, and a cell's tag may be any text."""

    default_priority = AFTER_CHOICE
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Go through the classes of all elements."""
        for node in self.document.findall(nodes.Element):
            if not all(map(_NAME.fullmatch, node["classes"])):
                node["classes"] = [
                    name if _NAME.fullmatch(name) else nodes.make_id(name)
                    for name in node["classes"]
                ]


class RemoteLoads:
    """Tells what a page loads from other hosts, and once what all pages do."""

    def __init__(self) -> None:
        self.said: set[str] = set()

    def tell(
        self, app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any
    ) -> None:
        """Look at a page's HTML, and at the scripts and styles that extensions add to it."""
        if tree is None or app.builder.name == "epub":
            return
        for address in loaded_addresses(context.get("body") or ""):
            raws = (raw for raw in tree.findall(nodes.raw) if address in raw.astext())
            raw = next(raws, None)
            at = Location(app.env.doc2path(page, base=False).as_posix())
            if raw is not None:
                at = location_of_node(app.env, raw)
            report(app.env, Finding(at, "remote-content", remote_message(address), "warning"))
        for file in (*context.get("script_files", ()), *context.get("css_files", ())):
            address = str(getattr(file, "filename", file) or "")
            if "//" in address and address not in self.said:
                self.said.add(address)
                message = remote_message(address).replace("the page loads", "pages load")
                at = Location("conf.py")
                report(app.env, Finding(at, "remote-content", message, "warning"))


def setup_outside(app: Sphinx) -> None:
    """Register all three."""
    app.add_post_transform(RefuseTexCommands)
    app.add_post_transform(NameClasses)
    app.connect("html-page-context", RemoteLoads().tell, priority=LAST)
