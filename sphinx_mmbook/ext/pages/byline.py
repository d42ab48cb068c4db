"""Author and supervisor lines under a chapter's title, and the ``{byline}`` directive."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map
from sphinx_mmbook.core.people.people import (
    PEOPLE_FOLDER,
    Credit,
    Person,
    credits_from,
    load_people,
)
from sphinx_mmbook.core.translations import role_word, word
from sphinx_mmbook.ext.domain import book_domain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.people.chapter_metadata import Chapter


def person_nodes(person: Person) -> list[nodes.Node]:
    """Return a person's name, linked to the ORCID record if there is one."""
    if not person.orcid:
        return [nodes.inline("", person.name, classes=["mmbook-person"])]
    link = nodes.reference("", person.name, refuri=f"https://orcid.org/{person.orcid}")
    link["classes"] += ["mmbook-person", "mmbook-orcid"]
    link["reftitle"] = f"ORCID {person.orcid}"
    return [link]


def byline_node(credits: Iterable[Credit], language: str) -> nodes.container:
    """Return one paragraph for each role: "Authors: Ann Example, Bo Sample"."""
    block = nodes.container(classes=["mmbook-byline"])
    for role, group in groupby(credits, key=lambda credit: credit.role):
        people = [credit.person for credit in group]
        line = nodes.paragraph(classes=[f"mmbook-{role}"])
        line += nodes.inline("", role_word(role, len(people), language), classes=["mmbook-role"])
        line += nodes.Text(": ")
        for number, person in enumerate(people):
            if number:
                line += nodes.Text(", ")
            line.extend(person_nodes(person))
        block += line
    return block


def abstract_node(chapter: Chapter, language: str) -> nodes.topic:
    """Return the abstract as a titled block."""
    topic = nodes.topic(classes=["abstract"])
    topic += nodes.title("", word("abstract", language))
    topic += [nodes.paragraph("", text) for text in chapter.abstract.split("\n\n")]
    return topic


def note_people(env: BuildEnvironment, credits: Iterable[Credit]) -> None:
    """Make the page depend on the files of its people, also on those that are still missing."""
    for credit in credits:
        if credit.person.id:
            env.note_dependency(f"{PEOPLE_FOLDER}/{credit.person.id}.yml")


class BylineTransform(SphinxTransform):
    """Puts byline and abstract under the title of each page that has authors."""

    default_priority = 400

    def apply(self, **kwargs: object) -> None:
        """Insert below the first title, unless an empty ``{byline}`` stands elsewhere."""
        chapter = book_domain(self.env).chapters.get(self.env.docname)
        title = next(self.document.findall(nodes.title), None)
        if chapter is None or title is None:
            return
        note_people(self.env, chapter.credits)
        if chapter.label and isinstance(title.parent, nodes.section):
            self.label_page(title.parent, chapter.label)
        language = self.config.language
        added: list[nodes.Node] = []
        placed = any(node.get("mmbook_of_page") for node in self.document.findall(nodes.container))
        if chapter.credits and not placed:
            added.append(byline_node(chapter.credits, language))
        if chapter.abstract:
            added.append(abstract_node(chapter, language))
        parent = title.parent
        position = parent.index(title) + 1
        parent[position:position] = added

    def label_page(self, section: nodes.section, label: str) -> None:
        """Give the page's first section the label of the front matter, as name and anchor."""
        # Alone, or the name of the title becomes a label, too, which two chapters may share.
        titles, section["names"] = section["names"], [nodes.fully_normalize_name(label)]
        if anchor := nodes.make_id(label):
            section["ids"].append(anchor)
        self.document.note_explicit_target(section)
        section["names"] = [*titles, *section["names"]]


class BylineDirective(SphinxDirective):
    """Places the page's byline, or states people of its own, such as a section's, in YAML.

    Example::

        :::{byline}
        authors:
          - name: Grace Guest
            affiliation: University of Somewhere
        :::
    """

    has_content = True
    option_spec: ClassVar[dict[str, object]] = {}  # type: ignore[assignment]

    def run(self) -> list[nodes.Node]:
        """Return the byline."""
        chapter = book_domain(self.env).chapters.get(self.env.docname)
        credited = chapter.credits if chapter else ()
        if self.content:
            # What is wrong with them, the checker has reported.
            read = read_yaml_map("\n".join(self.content), "", "byline")
            credited, _ = credits_from(read, load_people(self.env.srcdir))
            note_people(self.env, credited)
        byline = byline_node(credited, self.config.language)
        byline["mmbook_of_page"] = not self.content
        return [byline]


def setup_byline(app: Sphinx) -> None:
    """Register the directive and the transform."""
    app.add_directive("byline", BylineDirective)
    app.add_transform(BylineTransform)
