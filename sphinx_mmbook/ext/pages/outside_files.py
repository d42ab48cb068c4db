"""Files that a page shows, includes or offers: of the book's repository, and nothing else.

A pull request must not publish what lies beside the book on the computer that builds it, nor let
that computer ask other hosts. Without a repository, the files are those of the book's folder.
"""

from __future__ import annotations

import glob
import os
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from docutils import nodes
from docutils.parsers.rst.directives.misc import Include
from sphinx import addnodes

from sphinx_mmbook.core.files.of_repository import elsewhere, left_out, outside_fault
from sphinx_mmbook.core.files.paths import OUTSIDE, real
from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.ext.config import made_folders
from sphinx_mmbook.ext.guard import box, page_of
from sphinx_mmbook.ext.positions import location_of, location_of_node
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from docutils.parsers.rst import Directive
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

#: Directives whose argument is a file that they read.
READ = ("include", "literalinclude", "graphviz")
#: Before Sphinx collects what a page needs.
BEFORE_COLLECTORS = 100
#: More stars than this in one pattern keep Sphinx busy for longer than anybody waits.
MOST_STARS = 6
_INCLUDE = re.compile(r"include(?:\}|::)[ \t]*(\S+)")


def place_of(env: BuildEnvironment, base: Path, target: str) -> Path:
    """Return where a file is; ``base`` is the folder that names it."""
    return real(Path(env.srcdir, target.lstrip("/")) if target.startswith("/") else base / target)


def fault_of(env: BuildEnvironment, base: Path, target: str) -> str:
    """Return why a file may not be read, if so."""
    return outside_fault(Path(env.srcdir), place_of(env, base, target), target)


def refused(directive: Directive) -> list[nodes.Node]:
    """Return a box for a directive that reads what it must not; nothing for all others."""
    env: BuildEnvironment = directive.state.document.settings.env
    source, line = directive.state_machine.get_source_and_line(directive.lineno)
    base = Path(source or env.doc2path(env.docname)).parent
    message = _fault_of_directive(env, directive, base)
    if not message:
        return []
    at = location_of(env, source, line or 0) if source else page_of(env, env.docname)
    finding = Finding(at, OUTSIDE, message)
    report(env, finding)
    return [box(env, finding)]


def _fault_of_directive(env: BuildEnvironment, directive: Directive, base: Path) -> str:
    if directive.name == "toctree":
        stars = (line for line in directive.content if len(re.findall(r"\*+", line)) > MOST_STARS)
        line = next(stars, "")
        return f"'{line:.60}' has more than {MOST_STARS} stars; name the pages" if line else ""
    options: dict[str, Any] = directive.options or {}
    if options.get("url"):
        return elsewhere(options["url"])
    file = str(options.get("file") or "")
    # An absolute path is read as one, by a {csv-table} if there is such a file on this computer.
    # The name of a directive may be that of another language, so all are judged alike.
    if file and (directive.name == "raw" or os.path.exists(base / file)):  # noqa: PTH110
        return outside_fault(Path(env.srcdir), base / file, file)
    named = [file] if file else []
    reads = directive.name in READ or isinstance(directive, Include)
    if reads and directive.arguments and directive.arguments[0][:1] != "<":
        named.append(directive.arguments[0].strip())
    return next(filter(None, (fault_of(env, base, str(target)) for target in named)), "")


def refuse_included(app: Sphinx, path: Path, _page: str, content: list[str]) -> None:
    """Empty an included text that is not the repository's, or that includes a device."""
    env = app.env
    file = Path(os.path.abspath(Path(env.srcdir, path)))  # noqa: PTH100 -- links stay
    message = fault_of(env, file.parent, file.name)
    for target in [] if message else _INCLUDE.findall(content[0]):
        message = message or fault_of(env, file.parent, target)
    if message:
        content[0] = ""
        report(env, Finding(page_of(env, env.current_document.docname), OUTSIDE, message))


def refuse_files(app: Sphinx, doctree: nodes.document) -> None:
    """Put text in the place of pictures and downloads that are not the repository's.

    What the build has made is shown wherever it lies: figures of notebooks are beside the output.
    """
    env, made = app.env, made_folders(app)
    base = Path(env.doc2path(env.current_document.docname)).parent
    shown: list[nodes.Element] = [*doctree.findall(nodes.image)]
    shown += doctree.findall(addnodes.download_reference)
    for node in shown:
        target = str(node.get("uri") or node.get("reftarget") or "")
        if not target or "://" in target or target.startswith("data:"):
            continue
        if isinstance(node, nodes.image) and "%" in target:  # MyST wrote it so, for "ü" or a space
            target = node["uri"] = unquote(target)
        message = fault_of(env, base, target)
        if message and not any(map(place_of(env, base, target).is_relative_to, made)):
            report(env, Finding(location_of_node(env, node), OUTSIDE, message))
            text: nodes.Element = nodes.literal(target, target)
            if not isinstance(node.parent, nodes.TextElement):
                text = nodes.paragraph("", "", text)
            node.replace_self(text)


def leave_links_out(app: Sphinx, config: Config) -> None:
    """Copy nothing into the site that is a link out of the repository, or a folder that is a link.

    An extension's folder has an absolute path; how its files are installed is not ours to judge.
    The check says which, before pages are read.
    """
    found = [
        # Sphinx names what is in the folder itself "./name".
        posixpath.join(os.path.relpath(path.parent, one), path.name)
        for one in map(app.confdir.joinpath, _relative(config))
        for path, _ in left_out(Path(app.srcdir), one)
    ]
    config.exclude_patterns = [*config.exclude_patterns, *map(glob.escape, found)]


def _relative(config: Config) -> list[str]:
    paths = map(os.fspath, (*config.html_static_path, *config.html_extra_path))
    return [path for path in paths if not Path(path).is_absolute()]


def setup_outside_files(app: Sphinx) -> None:
    """Register what looks at files."""
    app.connect("config-inited", leave_links_out)
    app.connect("include-read", refuse_included)
    app.connect("doctree-read", refuse_files, priority=BEFORE_COLLECTORS)
