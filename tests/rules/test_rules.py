"""Every rule on books that state in themselves what must be found in them.

A folder is called as its rule. ``bad*`` must have findings by the rule, ``good*`` none.
``*.md`` is a book of one page and ends with comments such as ``<!-- expect: label-unused 3:2 -->``;
``*.book`` is a whole book in one file: ``=== PATH [crlf] [bom] [latin-1] [size=BYTES] [notebook]``
(``| link=TARGET``: a symbolic link) before the text of each file, ``=== expect`` before lines such as
``chapters/a.md:3:2 label-unused``. Images begin as their format does, but those that are ``raw``.
What is expected is complete: all errors and warnings by whatever rule, and all of the rule itself.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.fixing import mended
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.results.readers.signature import BEGINNINGS
from sphinx_mmbook.core.rules.registry import all_rules

HERE = Path(__file__).parent
FIXTURES = sorted(p for p in HERE.glob("*/*") if p.suffix in (".md", ".book"))
MESSAGES = HERE / "messages.txt"
LINK = b"\0link "
_EXPECT = re.compile(r"^<!-- expect: (?P<rule>\S+) (?P<at>\S+) -->$", re.MULTILINE)


def read_fixture(file: Path) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of a fixture's book and what is expected of it."""
    text = file.read_text("utf-8")
    if file.suffix == ".md":
        expected = [f"index.md:{m['at']} {m['rule']}" for m in _EXPECT.finditer(text)]
        return {"index.md": text.encode()}, expected
    files: dict[str, bytes] = {}
    expected = []
    for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        path, *flags = head.split("|")[0].strip(), *head.partition("|")[2].split()
        if path == "expect":
            expected = body.split("\n")
        elif flags and flags[0].startswith("link="):
            files[path] = LINK + flags[0][5:].encode()
        else:
            begins = BEGINNINGS.get(Path(path).suffix.lower(), (b"",))[0]
            files[path] = contents(body, flags, b"" if "raw" in flags else begins)
    return files, [line for line in expected if line.strip()]


def contents(body: str, flags: list[str], begins: bytes) -> bytes:
    """Return the bytes of a file of a fixture."""
    if "notebook" in flags:
        body = notebook(body, "outputs" in flags)
    data = begins + body.encode("latin-1" if "latin-1" in flags else "utf-8")
    if "crlf" in flags:
        data = data.replace(b"\n", b"\r\n")
    if "bom" in flags:
        data = b"\xef\xbb\xbf" + data
    size = next((int(flag[5:]) for flag in flags if flag.startswith("size=")), len(data))
    return data.ljust(size, b"x")


def notebook(body: str, outputs: bool) -> str:
    """Return a notebook of cells that begin with ``--- markdown`` or ``--- code``."""
    made = []
    for part in re.split(r"^--- ", body, flags=re.MULTILINE)[1:]:
        kind, _, source = part.partition("\n")
        cell: dict[str, object] = {"cell_type": kind, "metadata": {}, "source": source.rstrip("\n")}
        if kind == "code":
            shown = {"output_type": "stream", "name": "stdout", "text": "1"}
            cell.update(outputs=[shown] if outputs else [], execution_count=None)
        made.append(cell)
    book = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(book, indent=1)


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write the files of a fixture's book."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if data.startswith(LINK):
            (folder / path).symlink_to(data.removeprefix(LINK).decode())
        else:
            (folder / path).write_bytes(data)


@cache
def judged(file: Path) -> list[Finding]:
    """Return all findings of a fixture."""
    with TemporaryDirectory() as folder:
        write(read_fixture(file)[0], Path(folder))
        found = judge(load_book(Path(folder)))
        return [replace(item, message=item.message.replace(folder, "")) for item in found]


def messages_of(file: Path) -> str:
    """Return all findings of a fixture, and what each would change; nothing if there are none."""
    lines = [f"{file.parent.name}/{file.name}"]
    for finding in judged(file):
        # docutils 0.21 says "only 0 … footnotes available".
        lines.append(f"  {finding}".replace("footnotes available", "footnote available"))
        for edit in finding.fix:
            lines.append(f"    {edit.at}: {edit.old[:80]!r} -> {edit.new[:80]!r}")
    return "\n".join(lines) if len(lines) > 1 else ""


def blocks(text: str) -> dict[str, str]:
    """Return the messages of each fixture of ``messages.txt``."""
    return {block.partition("\n")[0]: block for block in re.split(r"\n(?=\S)", text.rstrip("\n"))}


#: What is new has not been read yet.
READ = blocks(MESSAGES.read_text("utf-8"))


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_exactly_what_the_fixture_states_is_found(file: Path) -> None:
    from test_fixed_pages import FIXING

    rule = file.parent.name
    files, expected = read_fixture(file)
    shown = [f for f in judged(file) if f.level != "info" or f.rule == rule]
    assert sorted(f"{f.location} {f.rule}" for f in shown) == sorted(expected), "\n".join(
        map(str, shown)
    )
    fires = any(line.endswith(f" {rule}") for line in expected)
    assert fires == file.name.startswith("bad")
    for finding in shown:
        assert finding.message
        for edit in finding.fix:
            check_edit(edit.old, edit.at.line, edit.at.column, files[edit.at.path])
    assert {item.rule for item in judged(file) if item.fix} <= FIXING
    said = messages_of(file)
    assert os.environ.get("MMBOOK_ACCEPT") or said == READ.get(f"{rule}/{file.name}", said)


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_has_a_repair_is_gone_after_it(file: Path, tmp_path: Path) -> None:
    write(read_fixture(file)[0], tmp_path)
    before = found = judged(file)
    # What is mended may show the next fault: a citation in pandoc's syntax, that of an unknown work.
    for _ in range(5):
        changed = mended(tmp_path, found)
        assert bool(changed) == any(finding.fix for finding in found)
        if not changed:
            break
        write_whole({tmp_path / path: new for path, (_, new) in changed.items()})
        found = judge(load_book(tmp_path))
    assert not changed
    errors = {finding.rule for finding in found if finding.level == "error"}
    assert errors <= {finding.rule for finding in before} | {"cite-unknown"}


def check_edit(old: str, line: int, column: int, data: bytes) -> None:
    """An edit replaces what stands at its place."""
    text = data.decode("utf-8")
    if line:
        assert text.split("\n")[line - 1].startswith(old.split("\n")[0], max(column - 1, 0))
    else:
        assert old in text


FOLDERS = {slug: [*files] for slug, files in groupby(FIXTURES, key=lambda file: file.parent.name)}
JUDGED = [rule for rule in all_rules() if not rule.only_build]


@pytest.mark.parametrize("rule", JUDGED, ids=lambda rule: rule.slug)
def test_every_rule_has_fixtures_and_teaches(rule: object) -> None:
    slug, text = rule.slug, rule.help  # type: ignore[attr-defined]
    names = [file.name for file in FOLDERS[slug]]
    assert any(name.startswith("bad") for name in names)
    assert any(name.startswith("good") for name in names)
    for part in ("Bad:", "Good:", "Why:"):
        assert part in text


def test_every_fixture_belongs_to_a_rule() -> None:
    assert FOLDERS.keys() <= {rule.slug for rule in all_rules()}
