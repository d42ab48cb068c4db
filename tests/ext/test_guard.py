"""One chapter stops nobody: whatever fails on a page is a box and a finding, and the rest is built."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from docutils.parsers.rst import directives, roles
from docutils.transforms import Transform
from docutils.utils import new_document
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_mmbook.ext.guard import Guarded, guarded_transform

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Book, Built

#: An extension that registers as ours do, and fails on the page that is called as the step is.
FAILING = """
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.domains import Domain
from sphinx.roles import XRefRole
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_mmbook.ext.guard import Guarded

def fail(docname, step):
    if docname == step:
        raise ValueError(f"{step} is broken")

class Changes(SphinxTransform):
    default_priority = 500
    def apply(self, **_):
        fail(self.env.current_document.docname, "transform")

class LastChanges(SphinxPostTransform):
    default_priority = 500
    def run(self, **_):
        fail(self.env.current_document.docname, "post-transform")

class OtherChanges(SphinxTransform):
    default_priority = 500
    def apply(self, **_):
        fail(self.env.current_document.docname, "other-transform")

class OtherLastChanges(SphinxPostTransform):
    default_priority = 500
    def run(self, **_):
        for node in self.document.findall(nodes.paragraph):
            fail(node.astext(), "other-post-transform")

class OtherDomain(Domain):
    name = label = "other"
    roles = {"x": XRefRole()}
    def resolve_xref(self, env, docname, builder, typ, target, node, content):
        raise ValueError(f"{target} is broken")
    def merge_domaindata(self, docnames, others):
        pass

class Broken(Directive):
    def run(self):
        raise ValueError("directive is broken")

class Drop(Directive):
    has_content = True
    def run(self):
        block = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, block)
        block.children = []
        return [block]

class Later(Directive):
    def run(self):
        pending = nodes.pending(Fails)
        self.state_machine.document.note_pending(pending)
        return [pending]

class Fails(SphinxTransform):
    default_priority = 500
    def apply(self, **_):
        raise ValueError("later is broken")

def role(*_, **__):
    raise ValueError("role is broken")

def source_read(app, docname, content):
    fail(docname, "source-read")
def doctree_read(app, tree):
    fail(app.env.current_document.docname, "doctree-read")
def doctree_resolved(app, tree, docname):
    fail(docname, "doctree-resolved")
def page_context(app, docname, *_):
    fail(docname, "page-context")
def missing(app, env, node, content):
    fail(node.get("refdoc"), "missing")
def book(*_):
    raise ValueError("book is broken")

def setup(app):
    app.add_directive("foreign", Broken)
    app.add_directive("drop", Drop)
    app.add_directive("later", Later)
    app.add_transform(OtherChanges)
    app.add_post_transform(OtherLastChanges)
    app.add_domain(OtherDomain)
    app = Guarded(app)
    app.add_transform(Changes)
    app.add_post_transform(LastChanges)
    app.add_directive("broken", Broken)
    app.add_role("broken", role)
    app.connect("source-read", source_read)
    app.connect("doctree-read", doctree_read)
    app.connect("doctree-resolved", doctree_resolved)
    app.connect("html-page-context", page_context)
    app.connect("missing-reference", missing)
    for event in ("env-before-read-docs", "env-get-outdated", "env-updated", "env-get-updated"):
        app.connect(event, book)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
"""
CONF = """
import sys, pathlib
sys.path.insert(0, str(pathlib.Path(__file__).parent))
extensions = ["sphinx_mmbook", "failing"]
project = author = copyright = "Test"
html_theme = "basic"
"""
#: The steps whose fault is told on the page itself.
BOXED = (
    "transform", "post-transform", "source-read", "doctree-read", "doctree-resolved", "other-transform",
)  # fmt: skip
PAGES = {
    **{step: f"# {step.capitalize()}\n\nText of it.\n" for step in BOXED},
    "other-post-transform": "# Another\n\nother-post-transform\n",
    "other-reference": "# Other\n\nSee {other:x}`first` and {other:x}`last` of {doc}`good`.\n",
    "later": "# Later\n\nBefore.\n\n```{later}\n```\n\nAfter.\n",
    "page-context": "# Context\n\nText of it.\n",
    "missing": "# Missing\n\nSee {any}`nothing-of-the-kind`.\n",
    "dropped": "# Dropped\n\nText of it.[^a]\n\n```{drop}\n[^a]: And so.\n```\n",
    "directive": "# Directive\n\nBefore.\n\n```{broken}\n```\n\nAfter.\n",
    "role": "# Role\n\nBefore {broken}`what was said` after.\n",
    "foreign": "# Foreign\n\nBefore.\n\n```{foreign}\n```\n",
}


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Book:
    from conftest import Book

    book = Book(tmp_path_factory.mktemp("failing") / "book")
    names = "\n".join([*PAGES, "plain", "good"])
    book.write({f"{name}.md": text for name, text in PAGES.items()})
    return book.write(
        {
            "conf.py": CONF,
            "failing.py": FAILING,
            "plain.rst": "Plain\n=====\n\n.. foreign::\n",
            "good.md": "# Good\n\nAll of the good page.\n",
            "index.md": f"# Book\n\n```{{toctree}}\n{names}\n```\n",
        }
    )


@pytest.fixture(scope="module")
def site(failing: Book) -> Built:
    return failing.build("-j", "2")


def faults(built: Built) -> dict[str, list[str]]:
    """The findings of each page."""
    found: dict[str, list[str]] = {}
    for line in built.warnings:
        if match := re.search(
            r"/([\w-]+)\.(?:md|rst):\d+: WARNING: (.*) \[mmbook.page-failed\]", line
        ):
            found.setdefault(match[1], []).append(match[2])
    return found


def test_each_fault_names_its_page_and_the_book_is_built(site: Built) -> None:
    assert site.status == 0 and "Traceback" not in site.err
    found = faults(site)
    assert set(found) >= {*PAGES, "plain"}
    for step in PAGES:
        assert any("is broken" in text for text in found[step]) or step == "dropped", step
    assert len([text for text in found["index"] if "book is broken" in text]) == 4
    assert "All of the good page." in site.soup("good").get_text()


@pytest.mark.parametrize("step", BOXED)
def test_a_page_on_which_a_step_fails_has_a_box(site: Built, step: str) -> None:
    (box,) = site.soup(step).select(".mmbook-fault, .error")
    assert f"{step} is broken" in box.get_text() and "ValueError" in box.get_text()
    if step != "source-read":
        assert "Text of it." in site.soup(step).get_text()


def test_a_directive_and_a_role_fail_where_they_stand(site: Built) -> None:
    text = " ".join(site.soup("directive").select_one("[role=main], .body").get_text().split())  # type: ignore[union-attr]
    assert re.search(r"Before\..*directive is broken.*After\.", text)
    role = site.soup("role").select_one(".mmbook-fault")
    assert role is not None and role.get_text() == "what was said"


@pytest.mark.parametrize("page", ["foreign", "plain"])
def test_a_directive_of_another_extension_that_raises(site: Built, page: str) -> None:
    (box,) = site.soup(page).select(".error")
    assert "directive is broken" in box.get_text()
    at = f"{page}.md:5" if page == "foreign" else f"{page}.rst:4"
    assert f"{at}: WARNING: the directive '" in site.err


def test_a_transform_of_another_extension_fails_where_it_was(site: Built) -> None:
    """Also of Sphinx, docutils and MyST-Parser: until then, each ended the build."""
    assert "other-post-transform.md:3: WARNING: a step of the build (OtherLastChanges)" in site.err
    assert "later.md:5: WARNING: a step of the build (Fails) failed" in site.err
    text = " ".join(site.soup("later").select_one("[role=main], .body").get_text().split())  # type: ignore[union-attr]
    assert re.search(r"Before\..*later is broken.*After\.", text)


def test_a_reference_that_cannot_be_resolved_costs_no_other(site: Built) -> None:
    assert len(site.soup("other-reference").select(".mmbook-fault")) == 2
    assert site.soup("other-reference").select("a[href='good.html'] .doc")
    assert "other-reference.md:3: WARNING: a step of the build (ReferencesResolver)" in site.err


def test_a_footnote_in_a_block_that_is_left_out_ends_no_build(site: Built) -> None:
    """MyST-Parser moves footnotes to a page's end, and this one is nowhere."""
    assert "dropped.md:6: WARNING: a step of the build (CollectFootnotes) failed" in site.err
    assert "Text of it." in site.soup("dropped").get_text()


def test_what_sphinx_ends_a_build_with_passes_a_transform() -> None:
    class Stops(Transform):
        def apply(self, **_: object) -> None:
            raise ConfigError("a setting is missing")

    document = new_document("page.md")
    document.settings.env = None
    with pytest.raises(ConfigError):
        guarded_transform(Stops)(document).apply()


def test_boxes_are_in_the_epub(failing: Book) -> None:
    built = failing.build(builder="epub")
    assert built.status == 0
    (file,) = built.outdir.glob("*.epub")
    with ZipFile(file) as packed:
        assert "All of the good page." in packed.read("good.xhtml").decode()
        for step in (*BOXED, "directive", "foreign", "plain"):
            assert "is broken" in packed.read(f"{step}.xhtml").decode(), step


def test_boxes_are_in_the_latex(failing: Book) -> None:
    built = failing.build(builder="latex")
    assert built.status == 0
    (file,) = built.outdir.glob("test*.tex")
    text = file.read_text("utf-8")
    assert "All of the good page." in text
    for words in ("transform is broken", "source-read is broken", "directive is broken"):
        assert words.replace("-", r"\sphinxhyphen{}") in text or words in text, words


def test_nothing_of_ours_is_registered_without_the_guard(tmp_path: Path) -> None:
    from conftest import Book

    folder = Book(tmp_path / "book").write({"index.md": "# A\n"}).folder
    with patch_docutils(), docutils_namespace():
        out = tmp_path / "out"
        app = Sphinx(folder, folder, out, out, "html", status=None, warning=io.StringIO())
        handlers = [item.handler for items in app.events.listeners.values() for item in items]
        made: list[Any] = [*app.registry.get_post_transforms()]
        made += [*directives._directives.values(), *roles._roles.values()]
        made += app.env.get_domain("cite").roles.values()
    ours = [item for item in handlers if _module(item).startswith("sphinx_mmbook")]
    assert len(ours) > 30
    assert [item for item in ours if not hasattr(item, "__wrapped__")] == []
    ours = [item for item in made if _module(item).startswith("sphinx_mmbook")]
    assert len(ours) > 20
    assert [item for item in ours if not getattr(item, "guarded", False)] == []


def _module(item: Any) -> str:
    return str(getattr(item, "__module__", ""))


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_nothing_of_an_interruption_is_swallowed(stop: type[BaseException]) -> None:
    connected = []

    class App:
        def connect(self, event: str, handler: Any, priority: int) -> int:
            connected.append(handler)
            return 0

    def interrupted(*_: object) -> None:
        raise stop

    for event in ("config-inited", "source-read", "env-updated"):
        Guarded(App()).connect(event, interrupted)  # type: ignore[arg-type]
    for handler in connected:
        with pytest.raises(stop):
            handler(None, "page", [""])
