"""Sidecars: what they say, how they are read, and what makes a result stale."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.book.book import list_files, load_book
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.files.patterns import excluder
from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.provenance.hashing import (
    code_digest,
    digest,
    digest_of,
    script_digest,
    source_digest,
)
from sphinx_mmbook.core.provenance.packages import imported
from sphinx_mmbook.core.provenance.r_code import packages_of, r_words, unseen_input
from sphinx_mmbook.core.provenance.sidecar import Provenance, from_fields, read_provenance
from sphinx_mmbook.core.provenance.state import Results, Stored, declaration


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book with one stored result that is current, by a sidecar written by hand."""
    write(
        tmp_path,
        {
            "conf.py": "",
            "index.md": "# Book",
            "ch/a/index.md": "# A\n\n```{stored-table} results/x.csv\n```\n",
            "ch/a/code/x.py": "print(1)\n",
            "ch/a/data/in.txt": "1\n",
            "data/shared.txt": "2\n",
            "ch/a/results/x.csv": "a\n1\n",
        },
    )
    sidecar(tmp_path)
    return tmp_path


def sidecar(book: Path, **fields: object) -> None:
    files = {
        "format": 1,
        "files": {"x.csv": digest(book / "ch/a/results/x.csv")},
        "script": "code/x.py",
        "script_sha256": source_digest(book / "ch/a/code/x.py"),
        "inputs": {
            "data/in.txt": digest(book / "ch/a/data/in.txt"),
            "/data/shared.txt": digest(book / "data/shared.txt"),
        },
        **fields,
    }
    write(book, {"ch/a/results/x.csv.prov.json": json.dumps(files)})


def all_results(book: Path) -> list[Stored]:
    return Results(book).all(list_files(book, excluder(())))


def state(book: Path) -> str:
    (stored,) = all_results(book)
    return stored.state


def test_a_result_is_current_as_long_as_nothing_changes(book: Path) -> None:
    (stored,) = all_results(book)
    assert stored.state == "current"
    assert stored.script == "ch/a/code/x.py"
    assert stored.chapter == "ch/a"


@pytest.mark.parametrize(
    ("path", "expected", "named"),
    [
        ("ch/a/code/x.py", "stale", "code/x.py has changed"),
        ("ch/a/data/in.txt", "stale", "data/in.txt, which code/x.py reads, has changed"),
        ("data/shared.txt", "stale", "/data/shared.txt, which"),
        ("ch/a/results/x.csv", "edited", "was changed by hand"),
    ],
)
def test_a_change_is_seen_and_named(book: Path, path: str, expected: str, named: str) -> None:
    with (book / path).open("a") as file:
        file.write("3\n")
    (stored,) = all_results(book)
    assert stored.state == expected
    assert named in stored.faults[0].text


def test_line_ends_of_windows_are_no_change(book: Path) -> None:
    for path in ("ch/a/code/x.py", "ch/a/results/x.csv", "data/shared.txt"):
        text = (book / path).read_bytes()
        (book / path).write_bytes(text.replace(b"\n", b"\r\n"))
    assert state(book) == "current"


@given(st.binary(max_size=50), st.integers(0, 50))
def test_binary_files_are_hashed_as_they_are(data: bytes, place: int) -> None:
    text = data.replace(b"\0", b"")
    assert digest_of(text.replace(b"\r\n", b"\n")) == digest_of(text)
    binary = b"\0" + data
    changed = binary[:place] + b"x" + binary[place:]
    assert digest_of(binary) != digest_of(changed)


def test_line_ends_between_two_chunks_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"ab\r\nc\r\r\n\r"
    whole = digest_of(text)
    for size in range(1, 8):
        monkeypatch.setattr("sphinx_mmbook.core.provenance.hashing._CHUNK", size)
        assert digest_of(text) == whole


def test_data_that_is_not_shared_says_nothing(book: Path) -> None:
    (book / "ch/a/data/in.txt").unlink()
    assert state(book) == "current"


def test_a_missing_script_or_result_is_named(book: Path) -> None:
    (book / "ch/a/code/x.py").unlink()
    assert "is gone" in all_results(book)[0].faults[0].text
    (book / "ch/a/results/x.csv").unlink()
    assert all_results(book)[0].state == "missing"


def test_a_page_as_script_counts_by_its_code_only(book: Path) -> None:
    page = "# A\n\n{}\n\n```{{code-cell}} ipython3\n#| label: {}\nx = {}\n```\n"
    write(book, {"ch/a/index.md": page.format("Text.", "fig-a", 1)})
    before = script_digest(book, book / "ch/a/index.md")
    write(book, {"ch/a/index.md": page.format("Other text.", "fig-b", 1)})
    assert script_digest(book, book / "ch/a/index.md") == before
    write(book, {"ch/a/index.md": page.format("Other text.", "fig-b", 2)})
    assert script_digest(book, book / "ch/a/index.md") != before


def test_a_folder_as_input_is_all_of_its_files(book: Path) -> None:
    write(book, {"data/set/1.txt": "1", "data/set/sub/2.txt": "2"})
    before = digest(book / "data/set")
    write(book, {"data/set/.hidden": "", "data/set/.git/x": ""})
    (book / "data/set/link").symlink_to("/dev/zero")
    assert digest(book / "data/set") == before
    write(book, {"data/set/sub/2.txt": "3"})
    assert digest(book / "data/set") != before


def test_the_sidecar_is_sorted_one_entry_a_line_and_read_as_written(tmp_path: Path) -> None:
    written = Provenance(
        files={"b.pdf": "1", "a.svg": "2"}, script="code/ä.py", script_sha256="3",
        inputs={"data/x": "4"}, seed=0, commit="5", dirty=False, time="6", program="Python 3",
        packages={"numpy": "2"},
    )  # fmt: skip
    text = written.text()
    assert text.splitlines()[1:4] == ['  "commit": "5",', '  "dirty": false,', '  "files": {']
    assert text.index("a.svg") < text.index("b.pdf")
    write(tmp_path, {"a.prov.json": text})
    assert read_provenance(tmp_path / "a.prov.json", "a.prov.json") == written
    assert read_provenance(tmp_path / "a.prov.json", "a.prov.json").text() == text


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "nonsense", "\ufeff", '{"format": 2, "files": {"a": "b"}}',
        '{"format": 1, "files": {}}', '{"format": 1, "files": {"../a": "b"}}',
        '{"format": 1, "files": {"a": 1}}', '{"format": 1, "files": {"a": "b"}, "script": 1}',
        '{"format": 1, "files": {"..": "b"}}', '{"format": 1, "files": {"C:x": "b"}}',
        "[" * 100_000, '{"a":' * 100_000, "\xff", " " * 1_100_000,
        "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> main\n",
    ],
)  # fmt: skip
def test_what_is_no_sidecar_is_one_finding(book: Path, text: str) -> None:
    data = text.encode("latin-1") if text == "\xff" else text.encode()
    write(book, {"ch/a/results/x.csv.prov.json": data})
    with pytest.raises(BookError) as error:
        read_provenance(book / "ch/a/results/x.csv.prov.json", "x")
    assert error.value.finding.rule == "result-provenance"
    (stored,) = all_results(book)
    assert stored.state == "broken"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["format", "files", "script", "inputs", "seed", "a", ".."]), inner
            )
        ),
        max_leaves=10,
    )
)
def test_any_json_is_provenance_or_refused(fields: object) -> None:
    with suppress(ValueError):
        assert from_fields(fields).files


@pytest.mark.parametrize("name", ["../../../secret", "/../secret", "//etc/passwd", "C:\\x", "a\nb"])
@pytest.mark.parametrize("field", ["script", "inputs"])
def test_a_sidecar_names_nothing_outside_of_the_book(book: Path, name: str, field: str) -> None:
    (book.parent / "secret").write_text("secret")
    sidecar(book, **{field: name if field == "script" else {name: "0"}})
    (stored,) = all_results(book)
    if name != "//etc/passwd":  # is etc/passwd of the book
        assert stored.state == "broken"
    assert not any("passwd" in source and source.startswith("/") for source in stored.sources)


def test_a_result_that_is_a_link_out_of_the_book_is_not_read(book: Path) -> None:
    (book.parent / "secret").write_text("a\n1\n")
    (book / "ch/a/results/x.csv").unlink()
    (book / "ch/a/results/x.csv").symlink_to(book.parent / "secret")
    assert all_results(book)[0].state == "broken"


def test_programs_declare_results_in_comments(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "x.R": "#' mmbook-results: results/a.csv, results/b.rds\n"
            "# mmbook-results: results/c d.csv\n# mmbook-inputs: data/x.csv\r\n"
            "# mmbook-seed: 42\nx <- 'mmbook-results: no.csv'\n"
        },
    )
    said = declaration(tmp_path / "x.R")
    assert said.results == ("results/a.csv", "results/b.rds", "results/c d.csv")
    assert said.inputs == ("data/x.csv",)
    assert said.seed == "42"


def found(book: Path) -> dict[str, list[str]]:
    messages: dict[str, list[str]] = {}
    for finding in judge(load_book(book)):
        if finding.rule.startswith("result-"):
            messages.setdefault(finding.rule, []).append(finding.message)
            assert finding.location.path.startswith("ch/")
    return messages


def test_rules_say_nothing_of_a_current_result_that_is_shown(book: Path) -> None:
    assert found(book) == {}


def test_rules_find_what_is_wrong(book: Path) -> None:
    with (book / "ch/a/code/x.py").open("a") as file:
        file.write("3\n")
    write(book, {"ch/a/results/y.csv": "b\n", "ch/a/results/x.csv": "a\n2\n"})
    messages = found(book)
    assert messages["result-stale"] == [
        "'x.csv' is stale: code/x.py has changed since; run 'mmbook results run ch/a'"
    ]
    assert "was changed by hand" in messages["result-edited"][0]
    assert "nothing says what made 'y.csv'" in messages["result-no-provenance"][0]
    assert "'y.csv' is shown on no page" in messages["result-unused"][0]
    write(book, {"ch/a/results/x.csv.prov.json": "{"})
    assert "not JSON" in found(book)["result-provenance"][0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_pipe_as_provenance_does_not_hang(book: Path) -> None:
    pipe = book / "ch/a/results/z.csv.prov.json"
    os.mkfifo(pipe)
    assert found(book) == {}
    with pytest.raises(BookError, match="this provenance is not a file"):
        read_provenance(pipe, "z")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
@pytest.mark.parametrize("name", ["in.py", "in.R"])
def test_a_pipe_as_input_does_not_hang(book: Path, name: str) -> None:
    os.mkfifo(book / "ch/a/data" / name)
    sidecar(book, inputs={f"data/{name}": "0" * 64})
    assert state(book) == "stale"


def test_a_sidecar_that_is_a_link_out_of_the_book_names_no_program(book: Path) -> None:
    (book.parent / "secret").write_text('{\n  "script": "code/x.py"\n}\n')
    (book / "ch/a/results/x.csv.prov.json").unlink()
    (book / "ch/a/results/x.csv.prov.json").symlink_to(book.parent / "secret")
    (stored,) = all_results(book)
    assert (stored.state, stored.script) == ("broken", "")


@pytest.mark.parametrize("name", ["x.py", "x.R"])
def test_a_program_of_megabytes_counts_by_its_letters(tmp_path: Path, name: str) -> None:
    # Its syntax tree would take 500 bytes for each letter.
    large, small = "x = 1  # one\n" * 50_000, "x = 1  # one\n"
    write(tmp_path, {name: large})
    assert source_digest(tmp_path / name) == digest(tmp_path / name)
    write(tmp_path, {name: small})
    assert source_digest(tmp_path / name) != digest(tmp_path / name)
    assert code_digest(small) == code_digest(small.replace("one", "two"))
    assert code_digest(large) != code_digest(large.replace("one", "two"))
    assert list(imported(f"import numpy\n{large}")) == []


def test_typed_numbers_are_found_only_where_the_book_asks(book: Path) -> None:
    text = (book / "ch/a/index.md").read_text()
    write(
        book,
        {
            "ch/a/results/x.csv": "a,b\nclip,0.7634\n",
            "ch/a/index.md": text + "\nAn accuracy of 0.763, not 0.99; version 0.763.1.\n",
        },
    )
    sidecar(book)
    assert found(book) == {}
    write(book, {"conf.py": 'mmbook_rules = {"result-typed": "info"}\n'})
    (message,) = found(book)["result-typed"]
    assert "0.763 is typed by hand, but is in ch/a/results/x.csv" in message


def test_a_file_of_the_same_name_in_another_chapter_is_no_use(book: Path) -> None:
    text = "# B\n\n```{stored-table} results/x.csv\n```\n"
    write(book, {"ch/b/index.md": text, "ch/a/index.md": "# A\n"})
    assert "'x.csv' is shown on no page" in found(book)["result-unused"][0]
    for name in ("../a/results/x.csv", "/ch/a/results/x.csv", "../a/results/x.*"):
        write(book, {"ch/b/index.md": text.replace("results/x.csv", name)})
        assert "result-unused" not in found(book)


def test_a_result_made_of_a_stale_one_is_stale_too(book: Path) -> None:
    made = {"format": 1, "files": {"y.json": digest_of(b"{}\n")}, "inputs": {"results/x.csv": digest(book / "ch/a/results/x.csv")}}  # fmt: skip
    write(book, {"ch/a/results/y.json": "{}\n", "ch/a/results/y.json.prov.json": json.dumps(made)})
    states = {stored.path: stored.state for stored in all_results(book)}
    assert set(states.values()) == {"current"}
    write(book, {"ch/a/data/in.txt": "other\n"})
    (_, last) = all_results(book)
    (fault,) = last.faults
    assert fault.state == "stale" and fault.is_upstream
    assert "results/x.csv, which a program reads, is itself stale" in fault.text


def test_results_that_read_each_other_are_asked_once(book: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        made = {"format": 1, "files": {f"{one}.csv": digest_of(b"1\n")}, "inputs": {f"results/{other}.csv": digest_of(b"1\n")}}  # fmt: skip
        write(book, {f"ch/a/results/{one}.csv": "1\n", f"ch/a/results/{one}.csv.prov.json": json.dumps(made)})  # fmt: skip
    assert {stored.state for stored in all_results(book)} == {"current"}


def test_packages_of_r_are_what_is_loaded_or_called_by_name():
    text = 'library(dplyr)\nrequire("data.table"); ggplot2::ggplot(x)\nlibrary("no package")\n# library(gone)\n'
    assert packages_of(text) == ["data.table", "dplyr", "ggplot2"]


def test_a_quotation_mark_behind_a_backslash_ends_no_string_of_r():
    assert r_words('f("a\\" # b", 1) # c') == ["f", "(", '"a\\" # b"', ",", "1", ")"]
    assert r_words("x <- '\\\\' # c") == ["x", "<-", "'\\\\'"]


def test_the_line_in_which_r_reads_counts_blank_lines_above_it(tmp_path):
    (tmp_path / "a.R").write_text('\n\nx <- read.csv(paste0(name, "s"))\n')
    assert unseen_input(tmp_path / "a.R", [tmp_path]) == 3


def test_a_folder_is_looked_through_once_for_all_files_without_a_sidecar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    glob = Path.glob
    monkeypatch.setattr(Path, "glob", lambda path, at: looked.append(path) or glob(path, at))
    results = Results(tmp_path)
    (tmp_path / "results").mkdir()
    assert {results.of_file(f"results/{number}.csv") for number in range(50)} == {None}
    assert len(looked) == 1
