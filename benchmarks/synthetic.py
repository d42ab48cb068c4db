"""A synthetic seminar book of any size, the same for each seed: text, figures, citations, notebooks.

python benchmarks/synthetic.py FOLDER --chapters 20 --notebooks 5
"""

from __future__ import annotations

import argparse
import random
import struct
import zlib
from pathlib import Path

WORDS = [
    "attention",
    "model",
    "image",
    "text",
    "encoder",
    "decoder",
    "token",
    "patch",
    "embedding",
    "training",
    "data",
    "loss",
    "gradient",
    "caption",
    "retrieval",
    "contrastive",
    "diffusion",
    "latent",
    "transformer",
    "layer",
    "head",
    "score",
    "sample",
    "batch",
    "the",
    "a",
    "of",
    "in",
    "and",
    "for",
    "with",
    "from",
    "that",
    "which",
    "we",
    "they",
    "show",
    "use",
    "learn",
    "align",
    "ground",
    "measure",
    "compare",
    "between",
]
CHAPTER_BYTES = 27_000
FIGURES = 7
ENTRIES = 20


def png(colour: int) -> bytes:
    """Return a PNG of one pixel (https://www.w3.org/TR/png/)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(bytes([0, colour % 256, colour // 256 % 256, 0]))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
    )


class Writer:
    """Writes one chapter."""

    def __init__(self, number: int, seed: int, entries: int, size: int = CHAPTER_BYTES) -> None:
        self.name = f"chapter-{number:03}"
        self.random = random.Random(seed * 10_000 + number)
        self.entries = entries
        self.size = size
        self.number = number

    def sentence(self) -> str:
        """Return some words, now and then with markup, a citation, a formula or a reference."""
        words = self.random.choices(WORDS, k=self.random.randint(8, 20))
        extra = self.random.random()
        if extra < 0.08:
            words.append(f"{{cite:p}}`{self.key()}`")
        elif extra < 0.14:
            words.insert(0, f"{{cite:t}}`{self.key()}`")
        elif extra < 0.2:
            words.append(f"(see {{numref}}`fig-{self.name}-{self.random.randrange(FIGURES)}`)")
        elif extra < 0.3:
            words.insert(3, "$x_{i} = \\alpha^2$")
        elif extra < 0.4:
            words[2] = f"*{words[2]}*"
        return " ".join(words).capitalize() + "."

    def key(self) -> str:
        return f"author{self.number:03}x{self.random.randrange(self.entries):02}"

    def paragraph(self) -> str:
        return "\n".join(self.sentence() for _ in range(self.random.randint(3, 7))) + "\n"

    def figure(self, index: int) -> str:
        label = f"fig-{self.name}-{index}"
        return (
            f"```{{figure}} figures/image-{index}.png\n:name: {label}\n:alt: A picture of {index}.\n\n"
            f"{self.sentence()}\n```\n"
        )

    def text(self, notebook: bool) -> str:
        """Return the chapter's MyST."""
        front = f"---\ntitle: Chapter {self.number}\nauthors: [person-{self.number % 7}]\n"
        front += "supervisors: [person-0]\nstatus: final\n"
        front += (
            "file_format: mystnb\n"
            "kernelspec: {name: python3, display_name: Python 3, language: python}\n"
            if notebook
            else ""
        )
        parts = [front + "---\n", self.paragraph()]
        section = 0
        while sum(map(len, parts)) < self.size:
            section += 1
            parts.append(f"(sec-{self.name}-{section})=\n## Section {section} {self.sentence()}\n")
            parts += [self.paragraph() for _ in range(4)]
            parts.append(f"$$\nL = \\sum_i x_i^{{{section}}}\n$$ (eq-{self.name}-{section})\n")
            if section <= FIGURES:
                parts.append(self.figure(section - 1))
            if notebook and section % 3 == 0:
                cell = f"#| label: cell-{self.name}-{section}\nprint({section} * 2)"
                parts.append(f"```{{code-cell}} ipython3\n{cell}\n```\n")
            parts.append("| a | b |\n|---|---|\n| 1 | 2 |\n")
        parts += [self.figure(index) for index in range(section, FIGURES)]
        return "\n".join(parts)

    def bibliography(self) -> str:
        """Return the chapter's ``references.bib``."""
        return "\n".join(
            f"@article{{author{self.number:03}x{index:02},\n"
            f"  author = {{Author{index}, Ann and Sample, Bo}},\n"
            f"  title = {{Title {index} of {self.number} about {self.random.choice(WORDS)}}},\n"
            f"  journal = {{Journal}},\n  year = {{{2000 + index}}},\n"
            f"  doi = {{10.1234/{self.number}.{index}}}\n}}\n"
            for index in range(self.entries)
        )

    def write(self, book: Path, notebook: bool) -> None:
        folder = book / "chapters" / self.name
        (folder / "figures").mkdir(parents=True)
        (folder / "index.md").write_text(self.text(notebook), "utf-8")
        (folder / "references.bib").write_text(self.bibliography(), "utf-8")
        for index in range(FIGURES):
            (folder / f"figures/image-{index}.png").write_bytes(png(self.number * FIGURES + index))


def write_book(
    book: Path,
    chapters: int,
    notebooks: int = 0,
    seed: int = 1,
    entries: int = ENTRIES,
    size: int = CHAPTER_BYTES,
) -> Path:
    """Write a book of ``chapters`` chapters, the first ``notebooks`` of them notebooks.

    Only what plain MyST-NB and sphinxcontrib-bibtex can build is used, besides front matter.
    """
    (book / "people").mkdir(parents=True)
    for person in range(7):
        (book / f"people/person-{person}.yml").write_text(f"name: Person {person}\n")
    toctree = "```{toctree}\n:numbered:\n:caption: Part\n:glob:\n\nchapters/*/index\n```\n"
    back = "```{toctree}\n\nbibliography\n```\n"
    (book / "index.md").write_text(f"# A synthetic book\n\n{toctree}\n{back}")
    (book / "bibliography.md").write_text("# Bibliography\n\n```{bibliography}\n```\n")
    for number in range(1, chapters + 1):
        Writer(number, seed, entries, size).write(book, number <= notebooks)
    return book


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chapters", type=int, default=20)
    parser.add_argument("--notebooks", type=int, default=0)
    arguments = parser.parse_args()
    write_book(arguments.folder, arguments.chapters, arguments.notebooks)
