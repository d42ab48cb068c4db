"""Templates that an earlier build has compiled are not compiled again: 0.12 s of each build.

For one page Jinja makes Python of 37 templates of the theme. Its own cache of bytecode keeps what
came of them, by the text of each, among the user's caches; Jinja 3.1 folds constants, so filters
of a conf.py would stand in it, but for that it is asked not to. An environment with other
settings than Sphinx's compiles as ever. Source:
https://jinja.palletsprojects.com/en/stable/api/#bytecode-cache
"""

from __future__ import annotations

from contextlib import suppress
from pickle import UnpicklingError
from typing import TYPE_CHECKING

from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.ext import InternationalizationExtension
from jinja2.sandbox import SandboxedEnvironment
from platformdirs import user_cache_path
from sphinx.jinja2glue import BuiltinTemplateLoader

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: After extensions and the theme have changed the environment as they like.
LAST = 900
#: The folder among the user's caches.
NAME = "templates"


class KeptTemplates(FileSystemBytecodeCache):
    """Jinja's cache, without which a build goes on: a disk may be full, a file damaged."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take over what is kept of a template."""
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, TypeError, UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a template was compiled to."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def keep_templates(app: Sphinx) -> None:
    """Have Jinja ask for what is kept."""
    bridge = getattr(app.builder, "templates", None)
    if not app.config.mmbook_speedups or not isinstance(bridge, BuiltinTemplateLoader):
        return
    environment = bridge.environment
    if is_as_sphinx_makes_it(environment):
        with suppress(OSError, RuntimeError):  # RuntimeError: nobody's home
            folder = user_cache_path("mmbook") / NAME
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            environment.optimized = False
            environment.bytecode_cache = KeptTemplates(str(folder))


def is_as_sphinx_makes_it(environment: SandboxedEnvironment) -> bool:
    """Return whether nothing is set that a template is compiled with."""
    extensions = {*environment.extensions.values()}
    return (
        type(environment) is SandboxedEnvironment
        and {type(extension) for extension in extensions} == {InternationalizationExtension}
        and not (environment.autoescape or environment.finalize or environment.bytecode_cache)
    )


def setup_compiled_templates(app: Sphinx) -> None:
    """Register it."""
    app.connect("builder-inited", keep_templates, priority=LAST)
