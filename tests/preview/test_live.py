"""The preview as an author has it: a server, a browser that waits for news, and files that are saved."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from patience import wait_for
from sphinx_mmbook.preview.panel import panel
from sphinx_mmbook.preview.server import State
from sphinx_mmbook.preview.worker import Message, Report, split_warnings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Book

INDEX = "# The book\n\n```{toctree}\n:numbered:\n:glob:\n\nchapters/*/index\n```\n"
#: Seconds that the slowest machine may take for one build.
PATIENCE = 600


class Live:
    """``mmbook live`` in a process of its own."""

    def __init__(self, book: Book) -> None:
        self.book = book
        command = [
            sys.executable,
            "-u",
            "-m",
            "sphinx_mmbook.cli",
            "live",
            "--no-open",
            "--port",
            "0",
        ]
        self.process = subprocess.Popen(
            [*command, str(book.folder)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout
        first = self.process.stdout.readline()
        match = re.search(r"http://[\d.:]+/", first)
        assert match, first
        self.address = match[0]
        self.lines: list[str] = []

    def news(self) -> str:
        """Return the next line that begins a build's report, all before it read."""
        assert self.process.stdout
        while line := self.process.stdout.readline():
            self.lines.append(line)
            if "built" in line and not line.startswith(" "):
                return line
        raise AssertionError("the preview has ended: " + "".join(self.lines))

    def page(self, path: str = "") -> str:
        """Return a page as a browser gets it."""
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def save(self, **files: str) -> str:
        """Save files of the book; return what the preview says of it."""
        self.book.write({**files})
        return self.news()


@pytest.fixture
def live(book: Book) -> Iterator[Live]:
    """Return a running preview of a book with two chapters."""
    files: dict[str, str | bytes] = {
        f"chapters/{n}/index.md": f"# Chapter {n}\n\nText.\n" for n in "ab"
    }
    book.write({"index.md": INDEX, **files})
    preview = Live(book)
    assert "3 pages read" in preview.news()
    yield preview
    if preview.process.poll() is None:
        os.killpg(preview.process.pid, signal.SIGKILL)
    preview.process.communicate()


def test_a_saved_page_is_shown_with_its_findings_and_nothing_else_is_read(live: Live) -> None:
    assert "mmbook-live" not in live.page("chapters/a/").replace("/-mmbook-live/events", "")
    said = live.save(**{"chapters/a/index.md": "# Chapter a\n\nSee {numref}`fig-a&b`.\n"})
    assert said.startswith("chapters/a/index.md saved: 1 page read")
    page = live.page("chapters/a/")
    assert "1 finding" in page
    assert "<code>chapters/a/index.md:3:" in page
    assert "fig-a&amp;b" in page.partition('id="mmbook-live"')[2]
    assert "1 finding" not in live.page("chapters/b/")
    # What the check warns of fails no build, and is shown to who writes all the same.
    live.save(**{"chapters/a/index.md": "# Chapter a\n\nThe the text, and {numref}`fig-a`.\n"})
    assert "2 findings" in live.page("chapters/a/")
    assert "appears twice" in live.page("chapters/a/").partition('id="mmbook-live"')[2]
    page = "# Chapter a\n\n```{include} ../../part.txt\n```\n"
    live.save(**{"part.txt": "This is is included.\n", "chapters/a/index.md": page})
    assert "<code>part.txt:1:6</code>" in live.page("chapters/a/")
    # What a reader gets has neither panel nor script.
    assert "mmbook-live" not in (live.book.folder / "_build/html/chapters/a/index.html").read_text(
        "utf-8"
    )


def test_a_build_that_stops_says_so_on_every_page_with_file_and_line(live: Live) -> None:
    said = live.save(**{"chapters/a/index.md": "# Chapter a\n\n(fig_bad)=\n## Section\n"})
    assert "not built" in said
    page = live.page("chapters/b/")
    assert "The book was not built" in page
    assert "<code>chapters/a/index.md:3:2</code>" in page
    assert "write &#x27;fig-bad&#x27;" in page
    said = live.save(**{"chapters/a/index.md": "# Chapter a\n\n(fig-good)=\n## Section\n"})
    assert "built in" in said
    assert "The book was not built" not in live.page("chapters/b/")


@pytest.mark.long
def test_a_page_that_was_removed_is_no_longer_served(live: Live) -> None:
    (live.book.folder / "chapters/b/index.md").unlink()
    assert "built in" in live.news()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        live.page("chapters/b/index.html")


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such names")
def test_a_name_that_is_no_text_does_not_end_the_watching(live: Live) -> None:
    with open(os.fsencode(live.book.folder) + b"/\xff.md", "w") as file:  # noqa: PTH123 -- bytes
        file.write("# A")
    live.news()
    assert any("does not watch the book any more" in line for line in live.lines)
    for text in ("One.", "Two."):
        time.sleep(1.1)  # whoever looks by turns knows no less than seconds
        live.save(**{"chapters/a/index.md": f"# Chapter a\n\n{text}\n"})
        assert text in live.page("chapters/a/index.html")


@pytest.mark.long
def test_a_broken_conf_is_told_and_a_mended_one_is_used(live: Live) -> None:
    conf = (live.book.folder / "conf.py").read_text("utf-8")
    assert "not built" in live.save(**{"conf.py": conf + "x = (\n"})
    assert "conf.py, line" in live.page()
    assert "built in" in live.save(**{"conf.py": conf + "html_title = 'Another title'\n"})
    assert "Another title" in live.page()


@pytest.mark.long
def test_the_browser_is_told_the_number_of_the_build(live: Live) -> None:
    with urllib.request.urlopen(live.address + "-mmbook-live/events", timeout=PATIENCE) as events:
        assert events.readline() == b"data: 1 ready\n"
        live.book.write({"chapters/a/index.md": "# Another\n"})
        assert events.readline() == b"\n"
        assert events.readline() == b"data: 1 building\n"
        assert events.readline() == b"\n"
        assert events.readline() == b"data: 2 ready\n"


@pytest.mark.long
def test_nothing_outside_of_the_site_is_served(live: Live) -> None:
    (live.book.folder / "_build" / "secret.html").write_text("secret")
    (live.book.folder / "_build" / "html" / "link.html").symlink_to(
        live.book.folder / "_build" / "secret.html"
    )
    paths = ["../secret.html", "%2e%2e/secret.html", "..%2fsecret.html", "%2e%2e%5csecret.html"]
    paths += ["link.html", "nowhere.html", "a%00b", "a" * 5_000, "/etc/passwd", "%2fetc/passwd"]
    for path in paths:
        with pytest.raises(urllib.error.HTTPError) as error:
            live.page(path)
        assert error.value.code == 404


@pytest.mark.long
def test_the_name_of_another_host_gets_no_page(live: Live) -> None:
    request = urllib.request.Request(live.address, headers={"Host": "rebound.example.org"})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=PATIENCE)
    assert error.value.code == 400


@pytest.mark.long
def test_ctrl_c_ends_it_with_nothing_left_running(live: Live) -> None:
    live.process.send_signal(signal.SIGINT)
    out, _ = live.process.communicate(timeout=PATIENCE)
    assert "The preview has ended" in out
    assert "Traceback" not in out
    assert live.process.returncode == 0
    wait_for(
        lambda: (
            subprocess.run(["pgrep", "-g", str(live.process.pid)], capture_output=True).returncode
        )
    )


@pytest.mark.long
def test_ctrl_c_pressed_twice_prints_no_traceback(live: Live) -> None:
    for _ in range(2):
        live.process.send_signal(signal.SIGINT)
    assert live.process.stdout
    assert "Traceback" not in "".join(live.lines) + live.process.stdout.read()


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("latexmk"), reason="needs LaTeX")
def test_the_pdf_is_made_while_the_preview_runs(live: Live) -> None:
    folder = live.book.folder
    command = [sys.executable, "-m", "sphinx_mmbook.cli", "pdf", str(folder)]
    pdf = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for number in range(3):
        live.save(**{"chapters/a/index.md": f"# First chapter\n\nSaved {number} times.\n"})
        assert f"Saved {number} times." in live.page("chapters/a/index.html")
    out, _ = pdf.communicate()
    assert (pdf.returncode, "Traceback" in out) == (0, False), out
    assert list((folder / "_build/latex").glob("*.pdf"))
    live.save(**{"chapters/a/index.md": "# First chapter\n\nAfter the PDF.\n"})
    assert "After the PDF." in live.page("chapters/a/index.html")


@pytest.mark.long
def test_a_port_in_use_is_told_in_one_line(live: Live) -> None:
    port = live.address.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "sphinx_mmbook.cli", "live", "--no-open", "--port", port]
    run = subprocess.run([*command, str(live.book.folder)], capture_output=True, encoding="utf-8")
    assert run.returncode == 2
    assert run.stderr.startswith(f"mmbook: port {port} cannot be used (Address already in use); ")
    assert run.stderr.count("\n") == 1


@pytest.mark.long
def test_thirty_random_edits_give_what_a_clean_build_gives(live: Live) -> None:
    choose = random.Random(22)
    for number in range(30):
        name = choose.choice("abcd")
        file = live.book.folder / "chapters" / name / "index.md"
        if file.exists() and choose.random() < 0.3:
            file.unlink()
        else:
            other = choose.choice("abcd")
            text = f"# Chapter {name}{number}\n\n(sec-{name})=\n## S{number}\n\nSee {{numref}}`sec-{other}`.\n"
            live.book.write({f"chapters/{name}/index.md": text})
        if choose.random() < 0.7:  # else the next edit comes while this one is built
            live.news()
    live.save(**{"chapters/a/index.md": "# The last\n\n(sec-a)=\n## Section\n"})
    wait_for(lambda: "The last" in live.page("chapters/a/") and not live_is_building(live))
    clean = live.book.build("-E", out="clean").outdir
    for page in clean.rglob("*.html"):
        kept = live.book.folder / "_build/html" / page.relative_to(clean)
        assert kept.read_bytes() == page.read_bytes(), page


def live_is_building(live: Live) -> bool:
    """Whether a build is under way."""
    with urllib.request.urlopen(live.address + "-mmbook-live/events", timeout=PATIENCE) as events:
        return events.readline().endswith(b"building\n")


def test_warnings_are_split_with_their_lines_and_without_colour() -> None:
    printed = (
        "\x1b[91m/b/a.md:3: WARNING: one\ntwo [mmbook.x]\x1b[39;49;00m\n"
        "WARNING: no place\n/b/c d.md: ERROR: three\n\n"
    )
    assert split_warnings(printed) == [
        ("/b/a.md:3", "one\ntwo [mmbook.x]"), ("", "no place"), ("/b/c d.md", "three"),
    ]  # fmt: skip


def test_findings_of_pages_that_were_not_read_are_kept_and_of_removed_ones_are_not() -> None:
    state = State()
    one, two, three = (Message(page, f"{page}.md:1", "text") for page in "abc")
    state.take(Report(("a", "b", "c"), ("a", "b", "c"), (one, two, three)))
    state.take(Report(("a",), ("a", "b"), ()))
    assert state.found == {"b": (two,)}


def test_what_stops_a_build_is_not_hidden_by_the_findings_of_other_pages() -> None:
    state = State()
    state.take(Report(("a",), ("a", "b"), tuple(Message("a", f"a.md:{n}", "x") for n in range(99))))
    state.take(Report(messages=(Message("b", "b.md:1", "label"),), stopped="no"))
    for page in "ab":
        assert "b.md:1" in state.panel(page)
        assert "no" in state.panel(page)
        assert "a.md" not in state.panel(page)


def test_pages_that_were_removed_are_told_but_not_of_a_build_that_stopped() -> None:
    state = State()
    assert not state.take(Report(pages=("a", "b")))
    assert not state.take(Report(stopped="no"))
    assert state.take(Report(pages=("a",))) == {"b"}


def test_a_panel_lists_few_of_many_findings() -> None:
    many = [Message("a", f"a.md:{n}", "text") for n in range(25)]
    assert "25 findings" in panel(many, "", 1)
    assert "and 5 more, in the terminal" in panel(many, "", 1)
