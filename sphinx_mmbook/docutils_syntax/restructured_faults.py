"""What docutils says of a text in reStructuredText before any directive does its work.

Its grammar of marks, indentation and underlines is docutils' own, so docutils itself reads the
text. Directives and roles are Sphinx's and its extensions' matter: here a directive of docutils'
own has its body read, but reads no file and runs nothing, and any other has no body at all.
``directives.directive`` and ``roles.role``, by which docutils looks them up, are exchanged
meanwhile, as Sphinx does it, too (``sphinx.util.docutils.sphinx_domains``).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Directive, Parser, directives, roles
from docutils.parsers.rst.directives.tables import CSVTable
from docutils.readers.standalone import Reader
from docutils.utils import new_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: docutils' own directives that have their body read, by module.
_READ = {
    "admonitions": "admonition attention caution danger error hint important note tip warning",
    "body": "topic sidebar line-block epigraph highlights pull-quote compound container rubric",
    "images": "image figure",
    "misc": "replace unicode class",
    "parts": "contents",
    "tables": "table list-table csv-table",
}
#: Sphinx's, whose body is text like all other.
_HOLDING: tuple[str, ...] = (
    "only",
    "seealso",
    "versionadded",
    "versionchanged",
    "deprecated",
    "versionremoved",
)
#: Sphinx's, and those of sphinx-design, that hold certain blocks alone.
_PARTS = {
    "grid": ("grid-item", "grid-item-card"), "tab-set": ("tab-item",), "steps": ("step",),
    "accordion": ("dropdown",), "card-carousel": ("card",), "hlist": ("bullet_list",),
    "tab-set-code": ("code", "code-block", "sourcecode", "literalinclude"),
}  # fmt: skip
#: What stands in nothing else.
_WITHIN = {
    "grid-item": ("grid",), "grid-item-card": ("grid",), "tab-item": ("tab-set",),
    "step": ("steps",), "card-header": ("card", "grid-item-card"),
    "card-footer": ("card", "grid-item-card"),
}  # fmt: skip
_HOLDING += (*_PARTS, *_WITHIN, "card", "dropdown")
_UNSEEN = ("comment", "target")
#: A line between the head, text and foot of a card.
_DIVIDES = re.compile(r"\s*(\^{3,}|\+{3,})\s*")
_CAPTIONED = ("code-block", "sourcecode", "literalinclude")
#: What Sphinx puts in for all books.
_SUBSTITUTED = ("version", "release", "today", "translation progress")
#: What a formula takes; its TeX is Sphinx's matter, so that nobody else looks at it.
_OF_FORMULA: dict[str, Any] = dict.fromkeys(("class", "name", "label"), directives.unchanged)
_OF_FORMULA |= dict.fromkeys(("no-wrap", "nowrap"), directives.flag)
_WARNING = 2


def faults_of(
    text: str,
    takes: Callable[[str], tuple[int, int, bool]],
    included: Callable[[str], tuple[str, str]] = lambda target: (target, ""),
    *,
    whole: bool,
) -> list[tuple[str, int, str]]:
    """Return the lines of a text that are at fault, with what docutils says.

    Before each line stands the path of the file in which it counts, if that is one that the text
    includes: ``included`` returns path and text of what a directive names. ``takes`` returns the
    least and the greatest number of a directive's arguments (-1: as many words as one likes) and
    whether it may have a body. ``whole``: the text is a page of its own, whose references to
    footnotes and links have to lead somewhere.
    """
    document, parser, texts = _document(), Parser(), {"": text}
    found: list[tuple[str, int, str]] = []

    def collect(message: Any) -> None:
        said = " ".join(message[0].astext().split())
        path = message.get("source") or ""
        line = min(message.get("line") or 1, len(lines := texts.get(path, text).split("\n")))
        if message["level"] >= _WARNING and _is_grammar(said, lines[line - 1]):
            found.append((path, line, said))

    def include(target: str) -> tuple[str, str]:
        path, texts[path] = included(target)
        return path, texts[path]

    document.reporter.attach_observer(collect)
    try:
        with _looked_up(takes, include):
            parser.parse(text, document)
            if whole:
                _define_substitutions(document)
                document.transformer.populate_from_components((Reader(), parser))
                document.transformer.apply_transforms()
    except RecursionError:
        return [("", 1, "Blocks stand too deep within each other.")]
    return [*found, *(_unused(document) if whole else ())]


def _is_grammar(said: str, line: str) -> bool:
    """Whether this is about more than what a directive takes, which others judge.

    Without an empty line below it, its body is read as more arguments.
    """
    if "maximum" in said:
        return len(line.partition("::")[2].split()) < 2
    own = ("no content permitted", "required, 0 supplied")
    is_own = said.startswith('Error in "math"') or any(words in said for words in own)
    return is_own or not said.startswith('Error in "')


def _document() -> nodes.document:
    settings = get_default_settings(Parser, Reader)
    settings.report_level = settings.halt_level = 5
    settings.warning_stream = False
    settings.file_insertion_enabled = settings.raw_enabled = False
    settings.doctitle_xform = settings.sectsubtitle_xform = settings.docinfo_xform = False
    return new_document("", settings)


def _define_substitutions(document: nodes.document) -> None:
    for name in _SUBSTITUTED:
        document.substitution_defs.setdefault(
            name, nodes.substitution_definition("", "", names=[name])
        )


def _unused(document: nodes.document) -> Iterator[tuple[str, int, str]]:
    """Yield the footnotes and citations to which nothing refers, as Sphinx does."""
    if document.get("unread"):
        return
    found: list[Any] = [*document.findall(nodes.footnote), *document.findall(nodes.citation)]
    for node in found:
        if not node["backrefs"] and not node.get("dupnames"):
            name = (node["names"] or ["#"])[0]
            said = f"{node.tagname.title()} [{name}] is not referenced."
            yield node.source or "", node.line or 1, said


@contextmanager
def _looked_up(
    takes: Callable[[str], tuple[int, int, bool]], include: Callable[[str], tuple[str, str]]
) -> Iterator[None]:
    """Look directives and roles up here, as long as this lasts."""
    before: Any = directives.directive, roles.role

    def directive(name: str, *_: Any) -> tuple[Any, list[Any]]:
        if name.lower() == "include":
            return type("_Include", (_Include,), {"text_of": staticmethod(include)}), []
        return _directive(name.lower(), takes), []

    def role(*_: Any) -> tuple[Any, list[Any]]:
        return _role, []

    directives.directive, roles.role = directive, role  # type: ignore[assignment]
    try:
        yield
    finally:
        directives.directive, roles.role = before


def _role(
    _name: str, raw: str, text: str, *_: Any, **__: Any
) -> tuple[list[nodes.Node], list[Any]]:
    return [nodes.inline(raw, text)], []


class _Options(dict[str, Any]):
    """Takes any option, and the value of each."""

    def __missing__(self, name: str) -> Callable[[str], str]:
        return directives.unchanged


class _Include(Directive):
    required_arguments = 1
    final_argument_whitespace = True
    option_spec = _Options()
    text_of: Callable[[str], tuple[str, str]]

    def run(self) -> list[nodes.Node]:
        """Have the text read in place of the directive, as docutils does, but no file."""
        if not {"literal", "code", "parser", "encoding"} & self.options.keys():
            path, text = self.text_of(self.arguments[0])
            self.state_machine.insert_input(text.split("\n"), path)
        return []


_OF_FILE = {"file", "url"}


class _Csv(CSVTable):
    def run(self) -> Any:
        """Read the table, but no file."""
        return [] if _OF_FILE & self.options.keys() else super().run()


class _Unread(Directive):
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Read the title alone, if it has one in its language; the terms of a glossary."""
        if self.name == "raw" and not _OF_FILE & self.options.keys():
            self.assert_has_content()
        titles = [(self.options.get("caption"), self.lineno)] if self.name in _CAPTIONED else []
        if self.name == "glossary":
            titles = [*zip(self.content, range(self.content_offset + 1, 10**9), strict=False)]
        for title, line in titles:
            if title and not title[0].isspace() and title[:3] != ".. ":
                self.state.inline_text(title, line)
        node = nodes.container(directive=self.name)
        if self.name in _HOLDING and not any(map(_DIVIDES.fullmatch, self.content)):
            self._hold(node)
            self._judge(node)
        elif self.name == "glossary":
            self._explain(node)
        elif any("]_" in line for line in self.content):
            self.state.document["unread"] = True  # references to footnotes, perhaps
        return [node] if node.children else [nodes.inline(directive=self.name)]

    def _explain(self, node: nodes.Element) -> None:
        """Read what is below the terms of a glossary, each for itself, as Sphinx does."""
        begin = 0
        for end in [n for n, line in enumerate(self.content) if line[:1].strip()] + [
            len(self.content)
        ]:
            part = self.content[begin:end]
            if indent := next((len(line) - len(line.lstrip()) for line in part if line), 0):
                part.trim_left(indent)
                self.state.nested_parse(part, self.content_offset + begin, node)
            begin = end + 1

    def _judge(self, node: nodes.Element) -> None:
        """Tell what is in a block that has certain parts, or in the wrong one."""
        held: list[Any] = [*node.children]
        names = [one.get("directive", one.tagname) for one in held if one.tagname not in _UNSEEN]
        parts, around = _PARTS.get(self.name), _WITHIN.get(self.name)
        twice = any(names.count(name) > 1 for name in ("card-header", "card-footer"))
        if twice or (parts and not {*names} <= {*parts}) or (self.name == "hlist" and names[1:]):
            wanted = " and ".join(parts or ("one head, and one foot",))
            self._tell(f"'{self.name}' holds {wanted.replace('bullet_', 'one ')} alone.")
        if around and self.state.parent.get("directive") not in around:
            self._tell(f"'{self.name}' belongs in {' or '.join(around)} alone.")

    def _tell(self, text: str) -> None:
        self.state_machine.reporter.warning(text, line=self.lineno)

    def _hold(self, node: nodes.Element) -> None:
        """Read the body as text; as in Sphinx, ``only`` may have sections, with underlines anew."""
        memo: Any = self.state.memo
        before = memo.title_styles, memo.section_level
        memo.title_styles, memo.section_level = [], 0
        try:
            self.state.nested_parse(
                self.content, self.content_offset, node, match_titles=self.name == "only"
            )
        finally:
            memo.title_styles, memo.section_level = before


def _directive(name: str, takes: Callable[[str], tuple[int, int, bool]]) -> type[Directive]:
    """Return what stands for a directive."""
    for module, names in _READ.items():
        if name in names.split():
            kind = "RSTTable" if name == "table" else name.title().replace("-", "")
            known = import_module(f"docutils.parsers.rst.directives.{module}")
            own = _Csv if name == "csv-table" else getattr(known, kind)
            spec = _Options(own.option_spec or {})
            return type(kind, (own,), {"option_spec": spec} if spec else {})
    least, most, content = takes(name)
    words = {
        "required_arguments": least,
        "optional_arguments": max(most - least, 0) if most >= 0 else 1,
        "final_argument_whitespace": most < 0,
        "has_content": content,
        "option_spec": _OF_FORMULA if name == "math" else _Options(name=directives.unchanged),
    }
    return type("_Other", (_Unread,), words)
