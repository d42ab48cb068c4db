"""Notebooks without outputs are held against their schema as it is, and it is not compiled.

For the first notebook nbformat 5.10 makes a program of the schema, with fastjsonschema: 0.04 s, and
10 MB of memory. That pays where notebooks are many and full of outputs; text of which nothing is
run has few cells, and the other way takes half a millisecond a cell. It is nbformat's to offer:
https://nbformat.readthedocs.io/en/latest/api.html
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

VALIDATOR = "NBFORMAT_VALIDATOR"
#: Before pages are run.
FIRST = 100


class Schema:
    """The choice for one build, and whether it is ours."""

    is_chosen = False

    def choose(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Choose, unless the user has."""
        if not app.config.mmbook_speedups or app.config.nb_execution_mode != "off":
            return
        if VALIDATOR not in os.environ and all(
            env.doc2path(page).suffix != ".ipynb" for page in docnames
        ):
            os.environ[VALIDATOR] = "jsonschema"
            self.is_chosen = True

    def take_back(self, app: Sphinx, error: Exception | None) -> None:
        """Undo it: the process may go on, as that of a preview does."""
        if self.is_chosen:
            os.environ.pop(VALIDATOR, None)
            self.is_chosen = False


def setup_notebook_schema(app: Sphinx) -> None:
    """Register the choice."""
    schema = Schema()
    app.connect("env-before-read-docs", schema.choose, priority=FIRST)
    app.connect("build-finished", schema.take_back)
