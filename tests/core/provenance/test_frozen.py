"""Frozen outputs: what is written is read again, and what strangers change is refused."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.provenance import frozen_file as frozen
from sphinx_mmbook.core.provenance.frozen_file import RunCell, content_digest, files_of, read_frozen
from sphinx_mmbook.core.provenance.hashing import code_digest

PNG = b64encode(b"\x89PNG\r\n\x1a\n...").decode()
SVG = "<svg>\n</svg>"
CELLS = [
    RunCell("print('hi')", [{"output_type": "stream", "name": "stdout", "text": "hi\nthere"}]),
    RunCell(
        "#| label: fig-a\nplot()",
        [
            {
                "output_type": "display_data",
                "data": {"image/png": PNG, "image/svg+xml": SVG, "text/plain": "<Figure>"},
                "metadata": {"image/png": {"width": 3}},
            },
            {
                "output_type": "execute_result",
                "data": {"text/plain": "2", "application/vnd.x+json": {"b": [1, None]}},
                "metadata": {},
                "execution_count": 7,
            },
        ],
    ),
    RunCell(
        "1/0", [{"output_type": "error", "ename": "E", "evalue": "x", "traceback": ["a", "b"]}]
    ),
    RunCell("pass", []),
]


def write(book: Path, files: dict[str, bytes]) -> Path:
    folder = book / "a/frozen"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder / "index.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path, files_of("a/index.md", CELLS, {"name": "python", "version": "3"}, {}))


def fault(book: Path) -> tuple[str, str]:
    with pytest.raises(BookError) as caught:
        read_frozen(book, "a/index.md")
    return caught.value.finding.rule, caught.value.finding.message


def test_what_is_frozen_is_read_again_and_written_the_same(file: Path, tmp_path: Path) -> None:
    read = read_frozen(tmp_path, "a/index.md")
    assert read.language == {"name": "python"}
    assert read.files == ("index-2-1.png", "index-2-1.svg")
    assert file.with_name("index-2-1.svg").read_text() == SVG
    for cell, given_cell in zip(read.cells, CELLS, strict=True):
        assert cell.code == code_digest(given_cell.source)
        for output, wanted in zip(cell.outputs, given_cell.outputs, strict=True):
            wanted = {**wanted}
            if wanted["output_type"] == "execute_result":
                wanted["execution_count"] = None
            assert output == wanted
    again = [
        RunCell(one.source, read_cell.outputs)
        for one, read_cell in zip(CELLS, read.cells, strict=True)
    ]
    wanted_files = files_of("a/index.md", CELLS, {"name": "python"}, {})
    assert files_of("a/index.md", again, read.language, {}) == wanted_files
    assert "hi\\n" in file.read_text() and PNG not in file.read_text()


def test_line_ends_of_windows_change_nothing(file: Path, tmp_path: Path) -> None:
    for one in (file, file.with_name("index-2-1.svg")):
        one.write_bytes(one.read_bytes().replace(b"\n", b"\r\n"))
    assert read_frozen(tmp_path, "a/index.md").sha256


def test_half_a_character_in_an_output_is_frozen_as_a_question_mark(tmp_path: Path) -> None:
    cut = RunCell("x", [{"output_type": "stream", "name": "stdout", "text": "a\ud83d"}])
    write(tmp_path, files_of("a/index.md", [cut], {}, {}))
    assert read_frozen(tmp_path, "a/index.md").cells[0].outputs[0]["text"] == "a?"


def changed(file: Path, change: str) -> None:
    """Change the file as one would who knows how its hash is made."""
    data = json.loads(file.read_text())
    exec(change, {"data": data})
    data["sha256"] = content_digest(data)
    file.write_text(json.dumps(data))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("data['format'] = 2", "format of this version"),
        ("data['cells'][0]['outputs'][0]['output_type'] = 'update'", "kind that is not known"),
        ("data['cells'][0]['outputs'][0]['extra'] = 1", "kind that is not known"),
        ("data['cells'][0]['outputs'][0]['name'] = 'x'", "kind that is not known"),
        ("data['cells'][0]['outputs'][0]['text'] = 3", "wrong kind"),
        ("data['cells'][0]['outputs'] = {'a': 1}", "wrong kind"),
        ("data['cells'] = 1", "wrong kind"),
        ("data['language'] = []", "wrong kind"),
        ("data['widgets'] = []", "wrong kind"),
        ("del data['cells'][0]['code']", "wrong kind"),
        ("data['cells'][0]['code'] = '\\ud83d'", "wrong kind"),
        ("data['cells'][1]['outputs'][0]['data']['image/png']['file'] = '/etc/passwd'", "not a file"),
        ("data['cells'][1]['outputs'][0]['data']['image/png']['file'] = '../index-2-1.png'", "not a file"),
        ("data['cells'][1]['outputs'][0]['data']['image/png']['file'] = 'index-9-9.png'", "not a file"),
        ("data['cells'][1]['outputs'][0]['data']['image/png']['file'] = 'index-2-1.svg'", "not a file"),
        ("data['cells'][1]['outputs'][0]['data']['image/png'] = 'text'", "wrong kind"),
        ("data['cells'][1]['outputs'][0]['data']['text/html'] = {'file': 'x'}", "wrong kind"),
    ],
)  # fmt: skip
def test_a_tampered_file_is_a_finding(change: str, words: str, file: Path, tmp_path: Path) -> None:
    changed(file, change)
    rule, message = fault(tmp_path)
    assert rule == "frozen-broken"
    assert words in message
    assert "mmbook freeze a/index.md" in message


def test_a_number_corrected_by_hand_is_a_finding(file: Path, tmp_path: Path) -> None:
    file.write_text(file.read_text().replace('"2"', '"3"'))
    assert "changed after" in fault(tmp_path)[1]


def test_a_picture_painted_over_is_a_finding(file: Path, tmp_path: Path) -> None:
    file.with_name("index-2-1.png").write_bytes(b"other")
    assert "'index-2-1.png', which was changed" in fault(tmp_path)[1]
    file.with_name("index-2-1.png").unlink()
    assert "not a file beside" in fault(tmp_path)[1]


@pytest.mark.parametrize("text", ["", "<<<<<<< HEAD\n", "[" * 100_000, "9" * 5000, "[]", "null"])
def test_what_is_no_frozen_file_is_a_finding(text: str, file: Path, tmp_path: Path) -> None:
    file.write_text(text)
    assert fault(tmp_path)[0] == "frozen-broken"


def test_links_out_of_the_book_are_not_followed(file: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_bytes(file.read_bytes())
    picture = file.with_name("index-2-1.png")
    (tmp_path / "secret.png").write_bytes(picture.read_bytes())
    picture.unlink()
    picture.symlink_to(tmp_path / "secret.png")
    assert fault(tmp_path)[0] == "frozen-broken"
    file.unlink()
    file.symlink_to(tmp_path / "secret.json")
    assert "not a regular file" in fault(tmp_path)[1]


def test_what_is_too_large_is_neither_written_nor_read(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(one.stat().st_size for one in file.parent.iterdir())
    monkeypatch.setattr(frozen, "MAX_BYTES", size - 1)
    assert fault(tmp_path)[0] == "frozen-too-large"
    with pytest.raises(BookError) as caught:
        files_of("a/index.md", CELLS, {"name": "python"}, {})
    assert caught.value.finding.rule == "frozen-too-large"
    monkeypatch.setattr(frozen, "MAX_BYTES", size)
    assert len(read_frozen(tmp_path, "a/index.md").cells) == 4


def test_cells_keep_their_outputs_when_others_change() -> None:
    old = frozen.Frozen(tuple(frozen.FrozenCell(code) for code in "abcd"))

    def shown(new: str) -> list[tuple[str, bool]]:
        return [(cell.code if cell else "", fits) for cell, fits in old.outputs_for(new)]

    assert shown("abcd") == [("a", True), ("b", True), ("c", True), ("d", True)]
    assert shown("axcd") == [("a", True), ("b", False), ("c", True), ("d", True)]
    assert shown("axbcd")[1:3] == [("", False), ("b", True)]
    assert shown("acd") == [("a", True), ("c", True), ("d", True)]
    many = frozen.Frozen(tuple(frozen.FrozenCell("a") for _ in range(100_000)))
    assert many.outputs_for("ab")[1] == (many.cells[1], False)


def test_comments_and_options_make_no_other_code_but_a_semicolon_does() -> None:
    assert code_digest("x = 1  # one\nx") == code_digest("#| label: a\n\nx=1\nx")
    assert code_digest("plot()") != code_digest("plot();")
    assert code_digest("%time f()") != code_digest("%time g()")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
OUTPUT = st.fixed_dictionaries(
    {"output_type": st.sampled_from([*frozen.OUTPUTS, "x"])},
    optional={
        name: JSON | st.fixed_dictionaries({"image/png": JSON, "text/html": JSON})
        for name in ("name", "text", "data", "metadata", "ename", "evalue", "traceback")
    },
)


@settings(max_examples=25)
@given(st.lists(st.fixed_dictionaries({"code": JSON, "outputs": JSON | st.lists(OUTPUT)})), JSON)
def test_nothing_in_a_file_is_an_exception(cells: object, language: object) -> None:
    from tempfile import TemporaryDirectory

    data = {"format": 1, "cells": cells, "language": language}
    data["sha256"] = content_digest(data)
    with TemporaryDirectory() as folder:
        write(Path(folder), {"index.json": json.dumps(data).encode()})
        try:
            read = read_frozen(Path(folder), "a/index.md")
        except BookError as error:
            assert error.finding.rule == "frozen-broken"
        else:
            assert isinstance(read, frozen.Frozen)
