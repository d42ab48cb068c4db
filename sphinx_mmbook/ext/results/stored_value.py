"""The role ``stored``: one number of a stored result, in the text, a caption or a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from sphinx_mmbook.core.finding import BookError, Finding
from sphinx_mmbook.core.results.value_lookup import parse_references, value_text
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.ext.positions import location_of_role
from sphinx_mmbook.ext.report import report
from sphinx_mmbook.ext.results.stored_directive import note_result, number_signs, request_for

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_mmbook.core.results.cache import ResultCache

#: What stands in the text where a value would.
UNKNOWN = "??"


class StoredValue(SphinxRole):
    """Shows one value: ``{stored}`results/accuracy.csv#clip,top1|.1f` ``."""

    def __init__(self, results: ResultCache) -> None:
        super().__init__()
        self.results = results

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the value as text, or marks where it would be."""
        try:
            text, classes = self.value(), ["stored-value"]
        except BookError as error:
            report(self.env, error.finding)
            text, classes = UNKNOWN, ["stored-value", "mmbook-fault"]
        # Two hyphens stay two, a quotation mark keeps its form.
        return [nodes.inline(self.rawtext, text, classes=classes, support_smartquotes=False)], []

    def value(self) -> str:
        """Return the value.

        :raises BookError: if there is none.
        """
        at = location_of_role(self)
        try:
            references = parse_references(self.text)
        except ResultFault as fault:
            finding = Finding(at, fault.rule, f"'{self.text}' {fault.text}")
            raise BookError(finding) from None
        faults = []
        for reference in references:
            options = {"element": reference.element}
            request = request_for(self.env, reference.target, at, options)
            try:
                text = value_text(self.results.index(request), reference, number_signs(self.env))
            except ResultFault as fault:
                faults.append(request.error(fault))
                continue
            note_result(self.env, request.path, at, "number")
            return text
        raise faults[0]


def setup_stored_value(app: Sphinx, results: ResultCache) -> None:
    """Register the role."""
    app.add_role("stored", StoredValue(results))
