"""What a page is made of: each heading, directive, role, image, … with its exact position."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sphinx_mmbook.core.files.yaml_mapping import YamlMap
    from sphinx_mmbook.core.finding import Location


def titled(text: str) -> tuple[str, str, int]:
    """Return what a role shows (nothing if it says nothing), its target, and where that begins.

    As Sphinx reads it: the target stands between the first ``<`` after a title and a last ``>``;
    with ``!`` before it, the text refers to nothing.
    """
    if text[:1] == "!":
        return "", "", 0
    start = text.find("<", 1)
    if start < 0 or not text.endswith(">"):
        return "", text, 0
    return text[:start].rstrip(), text[start + 1 : -1], start + 1


class Value(NamedTuple):
    """A value with its place: an option of a directive or a label.

    The argument of a directive is the option without a name.
    """

    name: str
    text: str
    at: Location


class Element(NamedTuple):
    """One element that the parser saw; a tuple, since a book has tens of thousands of them.

    ``kind`` is one of

    * ``heading``: ``text`` and ``level``; ``options`` may have ``id``
    * ``target``: ``(name)=``; ``level`` 1 if it names words in a line (reStructuredText)
    * ``local``: a label of which only the links of its page know
    * ``directive``: ``name``, its argument in ``text``, ``options``, ``body``; ``level`` is the
      line at which the body begins; what is in the body follows, if that is MyST
    * ``math-directive``: the same of ``{math}``, whose formula follows
    * ``code-cell``: source in ``body``, ``options``; ``level`` is the body's line in its block;
      ``name`` is ``nested`` inside of another block
    * ``role``: ``name`` and ``text``; ``link``: target in ``name``
    * ``image``: file in ``name``, alternative text in ``text``; ``level`` 1 in a paragraph
    * ``math``: source in ``body``, label in ``options``; ``level`` 1 for display, else 0
    * ``text``, ``html``, ``comment``, ``break``, ``substitution``: ``text``; ``name`` of text in a
      link is its target
    * ``break`` has the ``name`` line if it is a line across the page, inner if that is in a list or
      quotation, and ``definitions`` if a list of terms or fields begins
    * ``code``: ``text`` if inline, else ``body``
    * ``open``: a fence that nothing closes, in ``name``, and what stands after it in ``text``;
      ``level`` is 0 outside of lists and quotes
    * ``table``: one of pipes
    * ``options``: those of the directive ``name``, in ``body``, which MyST perhaps cannot read
    * ``twice``: the ``name`` of an address, ``[name]: address``, that has one above
    * ``footnote`` and ``footnote-definition``: the footnote's label in ``name``
    * ``anchor``: an id on a span, image or block, in ``options``

    ``inside`` names the directives around it, outermost first. ``block`` is the number of the
    paragraph, heading or table cell in whose line it stands, 0 for blocks, -2 for directives in a
    list or quotation. A directive that is ``restructured`` is written in reStructuredText.
    """

    kind: str
    at: Location
    name: str = ""
    text: str = ""
    body: str = ""
    level: int = 0
    options: tuple[Value, ...] = ()
    inside: tuple[str, ...] = ()
    block: int = 0
    restructured: bool = False

    def option(self, *names: str) -> Value | None:
        """Return the first of the named options that is there."""
        for name in names:
            for option in self.options:
                if option.name == name:
                    return option
        return None

    @property
    def argument_at(self) -> Location:
        """The place of a directive's argument."""
        argument = self.option("")
        return argument.at if argument else self.at


#: What is judged of a text that is put in: in a line no more than the first ones.
_IN_LINE = ("role", "image", "link", "footnote", "substitution")
_BLOCKS = (*_IN_LINE, "directive", "options", "footnote-definition")
#: A text that is a block in a line, too.
_DIRECTIVE = re.compile(r"\s{0,3}([`~:])\1{2,9}\{")


#: A name between double braces, and filters of Jinja that leave a reference one.
_NAMED = re.compile(r"[\s(]*+([\w-]++)[\s)]*+(?>(?:\|\s*+(?:e|escape|lower|safe|trim|upper)\s*+)*)")


def put_in(
    front: YamlMap, elements: Iterable[Element], read: Callable[[str, Location], list[Element]]
) -> Iterator[Element]:
    """Yield the elements of a page, and after each substitution those of its text."""
    own = front.fields.get("myst")
    given = own.get("substitutions") if isinstance(own, dict) else None
    texts = given if isinstance(given, dict) else {}
    for element in elements:
        yield element
        named = _NAMED.fullmatch(element.text) if element.kind == "substitution" else None
        text = texts.get(named[1]) if named else None
        if not isinstance(text, str):
            continue
        kinds = _IN_LINE if element.block and not _DIRECTIVE.match(text) else _BLOCKS
        for item in read(text, element.at):
            if item.kind in kinds:
                yield item._replace(
                    at=element.at,
                    level=element.at.line if item.kind == "directive" else item.level,
                    options=tuple(one._replace(at=element.at) for one in item.options),
                    inside=(*element.inside, *item.inside),
                    block=-1,
                )
