"""Paths stay in the book."""

from __future__ import annotations

import os

import pytest

from sphinx_mmbook.core.files.paths import folders_of, inside_book, leads_out, locate
from sphinx_mmbook.core.finding import BookError, Location

AT = Location("ch/index.md", 3)


@pytest.fixture
def folder(tmp_path):
    book = tmp_path / "book"
    (book / "ch" / "results").mkdir(parents=True)
    (book / "ch" / "results" / "a.csv").write_text("x")
    (tmp_path / "secret.csv").write_text("x")
    return book


def finding(folder, target):
    with pytest.raises(BookError) as caught:
        inside_book(folder, "ch/index.md", target, AT, "result-missing")
    return caught.value.finding


@pytest.mark.parametrize(
    "target", ["results/a.csv", "/ch/results/a.csv", "./results/../results/a.csv"]
)
def test_a_file_of_the_book(folder, target):
    path = inside_book(folder, "ch/index.md", target, AT, "result-missing")
    assert path == folder / "ch" / "results" / "a.csv"


@pytest.mark.parametrize(
    "target",
    [
        "../../secret.csv",
        "/../secret.csv",
        "../../../../../../etc/passwd",
        "..\\..\\secret.csv",
        "C:/secret.csv",
        "results/a.csv\0",
        "results/a\n.csv",
        "results/\u202ea.csv",
        "link/secret.csv",
    ],
)
def test_ways_out(folder, target):
    (folder / "ch" / "link").symlink_to(folder.parent)
    assert finding(folder, target).rule == "path-outside-book"


def test_links_inside_the_book_are_fine(folder):
    (folder / "ch" / "b.csv").symlink_to(folder / "ch" / "results" / "a.csv")
    assert inside_book(folder, "ch/index.md", "b.csv", AT, "r").name == "a.csv"


def test_links_in_a_circle(folder):
    (folder / "ch" / "b.csv").symlink_to("c.csv")
    (folder / "ch" / "c.csv").symlink_to("b.csv")
    assert finding(folder, "b.csv").rule in {"path-outside-book", "result-missing"}


@pytest.mark.parametrize("target", ["x" * 300 + ".csv", "x/" * 5_000])
def test_names_that_are_too_long(folder, target):
    assert finding(folder, target).rule in {"path-outside-book", "result-missing"}


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("results/A.csv", "upper and lower case count: write 'a.csv'"),
        ("results/aa.csv", "did you mean 'a.csv'?"),
        ("results/other.csv", "check the spelling"),
        ("results/none/a.csv", "check the spelling"),
        ("results", "is a folder"),
        ("", "is a folder"),
    ],
)
def test_missing_files(folder, target, says):
    found = finding(folder, target)
    assert found.rule == "result-missing" and says in found.message and found.location == AT


def test_locate_gives_the_place_of_a_file_that_is_not_there_yet(folder):
    assert locate(folder, "ch/index.md", "results/new.csv", AT) == folder / "ch/results/new.csv"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_told_from_a_file_that_is_missing(folder):
    os.mkfifo(folder / "ch/results/pipe.csv")
    assert "is not a file, but a pipe or a device" in finding(folder, "results/pipe.csv").message


def test_a_walk_leaves_out_hidden_and_built_folders_and_follows_no_link(folder):
    for name in ("_build/html", ".git", "ch/.cache"):
        (folder / name).mkdir(parents=True)
    (folder / "index.md").write_text("x")
    (folder / "ch" / "secret.csv").symlink_to("../../secret.csv")
    (folder / "linked").symlink_to("ch")
    found = {prefix: (sorted(inner), sorted(files)) for prefix, inner, files in folders_of(folder)}
    assert found == {
        "": (["ch", "linked"], ["index.md"]),
        "ch/": (["results"], ["secret.csv"]),
        "ch/results/": ([], ["a.csv"]),
    }
    root = folder.resolve()
    assert leads_out(root, "ch/secret.csv")
    assert not leads_out(root, "ch/results/a.csv")


def test_a_walk_leaves_out_what_its_caller_takes_from_the_list(folder):
    seen = []
    for prefix, inner, _ in folders_of(folder):
        inner[:] = [name for name in inner if name != "results"]
        seen.append(prefix)
    assert seen == ["", "ch/"]
