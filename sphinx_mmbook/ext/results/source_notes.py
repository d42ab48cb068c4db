"""Where stored results come from, on the page: a source line, and a note on those out of date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from docutils import nodes
from sphinx.util import logging

from sphinx_mmbook.core.files.paths import is_file, is_folder, real
from sphinx_mmbook.core.provenance.recovery import recover_results
from sphinx_mmbook.core.provenance.sidecar import Provenance, sidecar_name
from sphinx_mmbook.core.provenance.state import FOLDER, PROGRAMS, Fault, Results, Stored
from sphinx_mmbook.core.translations import word
from sphinx_mmbook.ext.domain import book_domain

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

#: Sphinx's own collectors of images and dependencies run at 500.
AFTER_COLLECTORS = 800
#: Notebooks run at ``execution.AFTER_CHECKS``; a kernel may die while it stores a result.
AFTER_RUNS = 750
SHORT = 7
#: So many names of data stand in a source line.
SHOWN = 3


def source_line(env: BuildEnvironment, path: Path) -> list[nodes.Node]:
    """Return a paragraph that says where a stored result comes from, and if it is out of date.

    ``path`` is the result's absolute path in the book. The page becomes dependent on all that the
    answer rests on. For directives that show a result, where the author asks for it.
    """
    language = env.config.language
    line = nodes.paragraph(classes=["mmbook-source"])
    line += nodes.inline("", word("source", language), classes=["mmbook-source-word"])
    line += nodes.Text(": ")
    stored = stored_at(env, path)
    if stored is None or stored.provenance is None:
        line += nodes.Text(word("no-source", language))
        return [line]
    note_sources(env, env.docname, stored)
    read = stored.provenance
    commit = "" if read.dirty else read.commit
    parts: list[list[nodes.Node]] = []
    if stored.script:
        inner = within(stored.chapter, stored.script)
        parts.append(program_nodes(env.config, stored.script, commit, inner))
    if data := data_of(read):
        parts.append([nodes.Text(f"{word('data', language)} "), *data])
    if read.commit:
        short = f"{word('commit', language)} {read.commit[:SHORT]}"
        text = f"{short} ({word('changed', language)})" if read.dirty else short
        parts.append([nodes.Text(text)])
    if read.time:
        parts.append([nodes.inline("", read.time[:10], classes=["mmbook-date"])])
    for number, part in enumerate(parts):
        line += [nodes.Text(", ")] if number else []
        line += part
    for fault in stored.faults:
        line += [nodes.Text("; "), stale_inline(env.config, fault)]
    return [line]


def data_of(read: Provenance) -> list[nodes.Node]:
    """Return the names of the data that a result was made of, the first few; not of programs."""
    data = [name.removeprefix("/") for name in read.inputs if Path(name).suffix not in PROGRAMS]
    found: list[nodes.Node] = []
    for name in data[:SHOWN]:
        found += [*([nodes.Text(", ")] if found else []), nodes.literal("", name)]
    return [*found, nodes.Text(" …")] if len(data) > SHOWN else found


def stored_at(env: BuildEnvironment, path: Path) -> Stored | None:
    """Return the stored result that the file at an absolute path belongs to."""
    book = Path(env.srcdir).resolve()
    if not path.is_relative_to(book):
        return None
    return Results(book).of_file(path.relative_to(book).as_posix())


def within(folder: str, path: str) -> str:
    """Return a path of the book as it is from one of its folders; unchanged if it is elsewhere."""
    return path.removeprefix(f"{folder}/")


def program_nodes(config: Config, script: str, commit: str, text: str) -> list[nodes.Node]:
    """Return ``text``, linked to the program in the repository that the theme's options name."""
    name = nodes.literal("", text)
    link = repository_link(config, script, commit)
    return [nodes.reference("", "", name, refuri=link, internal=False)] if link else [name]


def repository_link(config: Config, path: str, commit: str) -> str:
    """Return the address of a file of the book in its repository, at a commit if one is named."""
    options: dict[str, Any] = config.html_theme_options
    url = str(options.get("repository_url") or "").rstrip("/")
    if not url.startswith("https://"):
        return ""
    branch = str(options.get("repository_branch") or "main")
    folder = str(options.get("path_to_docs") or "").strip("/")
    kind = "-/blob" if "gitlab" in url else "src" if "bitbucket" in url else "blob"
    inner = f"{folder}/{path}" if folder else path
    # A name may hold a space, '#' or '?', and a sidecar anything for a commit.
    return f"{url}/{kind}/{quote(commit, safe='') or quote(branch)}/{quote(inner)}"


def stale_inline(config: Config, fault: Fault) -> nodes.inline:
    """Return what is wrong with a result."""
    before, gap, after = word(f"why-{fault.state}", config.language).partition("{}")
    node = nodes.inline(classes=["mmbook-stale"])
    node += nodes.Text(before)
    if gap:
        node += [nodes.literal("", fault.cause), nodes.Text(after)]
    return node


def note_sources(env: BuildEnvironment, docname: str, stored: Stored) -> None:
    """Make a page dependent on sidecar, program and inputs of a result, those that are there."""
    for path in (*stored.sources, *stored.files):
        file = Path(env.srcdir, path)
        if is_file(file):  # a page whose dependency is missing would be read at every build
            env.note_dependency(file, docname=docname)


def shown_files(env: BuildEnvironment, docname: str, doctree: nodes.document) -> list[str]:
    """Return the files of the book that a page depends on or shows as images."""
    book = Path(env.srcdir).resolve()
    named = {real(Path(book, name)) for name in env.dependencies.get(docname, ())}
    for image in doctree.findall(nodes.image):
        candidates = image.get("candidates") or {"": image["uri"]}
        named |= {real(Path(book, uri)) for uri in candidates.values() if "://" not in uri}
    return sorted(path.relative_to(book).as_posix() for path in named if path.is_relative_to(book))


def note_stale(app: Sphinx, doctree: nodes.document) -> None:
    """Put a note under the title of a page that shows results which are not up to date."""
    env, docname = app.env, app.env.current_document.docname
    results = Results(Path(env.srcdir))
    found: dict[str, Stored] = {}
    unsourced = []
    for path in shown_files(env, docname, doctree):
        stored = results.of_file(path) if is_folder(Path(env.srcdir, path).parent) else None
        if stored:
            found[stored.path] = stored
        elif FOLDER in Path(path).parts[:-1]:
            unsourced.append(path)
    for stored in found.values():
        note_sources(env, docname, stored)
    if unsourced:
        book_domain(env).note_unsourced(docname, tuple(unsourced))
    stale = [stored for stored in found.values() if stored.is_outdated]
    for stored in stale:  # no warning: many a machine that builds the book could not mend it
        logger.info("%s shows %s, which %s", docname, stored.path, stored.faults[0].text)
    title = next(doctree.findall(nodes.title), None)
    if stale and title is not None:
        section = title.parent
        section.insert(section.index(title) + 1, stale_note(env, docname, stale))


def stale_note(env: BuildEnvironment, docname: str, stale: list[Stored]) -> nodes.admonition:
    """Return a note that names results and what is wrong with them."""
    config, folder = env.config, docname.rpartition("/")[0]
    note = nodes.admonition(classes=["warning", "mmbook-stale-note"])
    note += nodes.title("", word("stale-title", config.language))
    items = nodes.bullet_list(bullet="-")
    named: dict[Fault, list[nodes.Node]] = {}
    for stored in stale:
        for fault in stored.faults:
            names = named.setdefault(fault, [])
            names += [*([nodes.Text(", ")] if names else []),
                      nodes.literal("", within(folder, stored.path))]  # fmt: skip
    for fault, names in named.items():
        line = nodes.paragraph("", "", *names, nodes.Text(": "), stale_inline(config, fault))
        items += nodes.list_item("", line)
    note += items
    return note


def sourced_now(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """Return the pages with a result that has got its provenance since they were read."""
    return sorted(
        docname
        for docname, paths in book_domain(env).data["unsourced"].items()
        if any(is_file(Path(env.srcdir, sidecar_name(path))) for path in paths)
    )


def finish_interrupted(app: Sphinx, *_: object) -> None:
    """Put results in place, or back, that a killed program left between two states."""
    for sentence in recover_results(Path(app.srcdir)):
        logger.info(sentence)


def setup_provenance(app: Sphinx) -> None:
    """Register the events."""
    app.connect("builder-inited", finish_interrupted)
    app.connect("env-before-read-docs", finish_interrupted, priority=AFTER_RUNS)
    app.connect("env-get-outdated", sourced_now)
    app.connect("doctree-read", note_stale, priority=AFTER_COLLECTORS)
