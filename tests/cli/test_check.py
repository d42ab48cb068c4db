"""``mmbook check`` as its users call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Book
from patience import patience
from sphinx_mmbook.cli import main
from sphinx_mmbook.core.checking.baseline import NAME

BAD = "(fig_loss)=\n## Head\n\nSee [](#fig_loss) and {ref}`fig_loss`, not `fig_loss`.\n"
GOOD = BAD.replace("fig_loss)", "fig-loss)").replace("{ref}`fig_loss`", "{ref}`fig-loss`")


@pytest.fixture
def faulty(book: Book) -> Book:
    index = "# Book\n\n```{toctree}\n:glob:\nchapters/*/index\n```\n"
    return book.write({"index.md": index, "chapters/a/index.md": "# A\n\n" + BAD})


def run(book: Book, *words: str) -> int:
    return main(["check", str(book.folder), "--select", "labels,reading", *words])


def git(book: Book, *words: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=book.folder, check=True, capture_output=True)


def test_text_shows_place_line_and_caret(faulty: Book, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(faulty) == 1
    out = capsys.readouterr().out
    assert "chapters/a/index.md" in out
    assert "  3:2 error label 'fig_loss' contains an underscore; write 'fig-loss'" in out
    assert "      | (fig_loss)=\n      |  ^\n" in out
    assert "1 error in 1 file; --fix mends 1" in out


def test_many_findings_of_one_long_line_are_printed_in_seconds(book: Book) -> None:
    book.write({"index.md": "# Book\n", "references.bib": "@a{b,c=d}" * 30_000})
    with patience():
        main(["check", str(book.folder)])


def test_json_has_all_fields(faulty: Book, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(faulty, "--format", "json") == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    edits = finding.pop("fix")["edits"]
    assert finding == {
        "rule": "label-underscore",
        "level": "error",
        "path": "chapters/a/index.md",
        "line": 3,
        "column": 2,
        "message": "label 'fig_loss' contains an underscore; write 'fig-loss'",
    }
    assert [(edit["line"], edit["column"]) for edit in edits] == [(3, 2), (6, 9), (6, 29)]


def test_github_annotations_are_escaped(faulty: Book, capsys: pytest.CaptureFixture[str]) -> None:
    faulty.write({"chapters/a,b/index.md": "---\nauthors: [100%25]\nstatus: fnal\n---\n\n# B\n"})
    assert run(faulty, "--format", "github") == 1
    out = capsys.readouterr().out
    assert ",line=3,col=2,title=mmbook label-underscore::label 'fig_loss'" in out
    assert "chapters/a%2Cb/index.md,line=3" in out


def test_sarif_names_rules_and_places(faulty: Book, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(faulty, "--format", "sarif") == 1
    (sarif,) = json.loads(capsys.readouterr().out)["runs"]
    (result,) = sarif["results"]
    assert result["ruleId"] in {rule["id"] for rule in sarif["tool"]["driver"]["rules"]}
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 2}


def test_fix_renames_label_and_references(faulty: Book) -> None:
    other = "# B\n\n{ref}`there <fig_loss>`\n"
    faulty.write({"chapters/b/index.md": other})
    assert run(faulty, "--fix") == 0
    assert (faulty.folder / "chapters/a/index.md").read_text() == "# A\n\n" + GOOD
    assert "<fig-loss>" in (faulty.folder / "chapters/b/index.md").read_text()
    before = {p: p.read_bytes() for p in faulty.folder.rglob("*.md")}
    assert run(faulty, "--fix") == 0
    assert before == {p: p.read_bytes() for p in faulty.folder.rglob("*.md")}


def test_fix_in_a_notebook_keeps_its_layout(faulty: Book) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# N\n", "\n", "(sec_n)=\n", "## M"]}
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(notebook, indent=1) + "\n"
    faulty.write({"chapters/n/index.ipynb": text})
    run(faulty, "--fix")
    changed = (faulty.folder / "chapters/n/index.ipynb").read_text()
    assert changed == text.replace("sec_n", "sec-n")


def test_diff_changes_nothing(faulty: Book, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(faulty, "--diff") == 1
    assert "-(fig_loss)=\n+(fig-loss)=\n" in capsys.readouterr().out
    assert (faulty.folder / "chapters/a/index.md").read_text() == "# A\n\n" + BAD


def test_windows_line_ends_survive_a_fix(faulty: Book) -> None:
    text = ("\ufeff# A\n\n" + BAD).replace("\n", "\r\n").encode()
    faulty.write({"chapters/a/index.md": text})
    assert main(["check", str(faulty.folder), "--select", "label-underscore", "--fix"]) == 0
    expected = ("\ufeff# A\n\n" + GOOD).replace("\n", "\r\n").encode()
    assert (faulty.folder / "chapters/a/index.md").read_bytes() == expected


def test_comments_silence_a_rule(faulty: Book) -> None:
    comment = "<!-- mmbook: ignore label-underscore -->\n"
    faulty.write({"chapters/a/index.md": "# A\n\n" + comment + BAD})
    assert run(faulty) == 0
    faulty.write({"chapters/a/index.md": "# A\n\n" + comment + "\nText.\n\n" + BAD})
    assert run(faulty) == 1
    faulty.write({"chapters/a/index.md": "% mmbook: ignore-file\n\n# A\n\nText.\n\n" + BAD})
    assert run(faulty) == 0
    faulty.write({"chapters/a/index.md": "# A\n\n`" + comment.strip() + "`\n\n" + BAD})
    assert run(faulty) == 1


def test_a_baseline_hides_old_faults_and_no_new_ones(
    faulty: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(faulty, "--write-baseline") == 0
    assert run(faulty) == 0
    faulty.write({"chapters/a/index.md": "# A\n\nA new line.\n\n" + BAD})
    assert run(faulty) == 0
    faulty.write({"chapters/a/index.md": "# A\n\n(sec_new)=\n## New\n\n" + BAD})
    capsys.readouterr()
    assert run(faulty) == 1
    out = capsys.readouterr().out
    assert "sec_new" in out
    assert "label 'fig_loss'" not in out
    assert run(faulty, "--no-baseline") == 1
    faulty.write({NAME: "no JSON"})
    assert run(faulty) == 2
    assert "--write-baseline" in capsys.readouterr().err


def test_a_book_chooses_levels_in_conf(faulty: Book) -> None:
    conf = (faulty.folder / "conf.py").read_text()
    faulty.write({"conf.py": conf + "mmbook_rules = {'label-underscore': 'warning'}\n"})
    assert run(faulty) == 0


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ("{'label-undrscore': 'off'}", "did you mean 'label-underscore'?"),
        ("{'label-underscore': 'of'}", "sets 'label-underscore' to 'of'; write one of error"),
        ("['label-underscore']", "mmbook_rules is no dictionary"),
    ],
)
def test_levels_that_mean_nothing_stop_check_and_build(
    faulty: Book, levels: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = (faulty.folder / "conf.py").read_text()
    faulty.write({"conf.py": f"{conf}mmbook_rules = {levels}\n"})
    assert run(faulty) == 2
    assert said in capsys.readouterr().err
    built = faulty.build()
    assert built.status == 1 and said in built.err and "Traceback" not in built.err


def test_a_rule_of_the_build_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "cell-error"]) == 0
    assert "Only the build reports it." in capsys.readouterr().out


def test_changed_since_shows_what_a_branch_touches_and_breaks(
    faulty: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty.write(
        {"chapters/b/index.md": "(sec-x)=\n# B\n", "chapters/c/index.md": "(sec-y)=\n# C\n"}
    )
    git(faulty, "init", "-q", "-b", "main")
    git(faulty, "add", ".")
    git(faulty, "commit", "-qm", "start")
    assert run(faulty, "--changed-since", "main") == 0
    faulty.write({"chapters/aa/index.md": "(sec-x)=\n# New\n"})
    capsys.readouterr()
    assert run(faulty, "--changed-since", "main", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    # The collision is reported at the later page, which the branch did not touch.
    assert [(f["rule"], f["path"]) for f in found] == [("label-collision", "chapters/b/index.md")]
    assert run(faulty, "--changed-since", "nowhere") == 2
    assert "nowhere" in capsys.readouterr().err


def test_paths_narrow_what_is_shown(faulty: Book) -> None:
    faulty.write({"chapters/b/index.md": "# B\n"})
    assert main(["check", str(faulty.folder / "chapters/b")]) == 0
    assert main(["check", str(faulty.folder / "chapters/a/index.md")]) == 1


def test_what_cannot_run_has_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["check", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit, match="2"):
        main(["check", str(tmp_path)])
    (tmp_path / "conf.py").write_text("")
    assert main(["check", str(tmp_path), "--select", "label-undrscore"]) == 2
    assert "did you mean 'label-underscore'?" in capsys.readouterr().err
    assert main(["check", "--explain", "nothing"]) == 2


def test_every_rule_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "label-underscore"]) == 0
    out = capsys.readouterr().out
    assert all(part in out for part in ("Bad:", "Good:", "Why:", "mmbook_rules"))


def test_the_check_loads_no_heavy_library(faulty: Book) -> None:
    code = (
        "import sys; from sphinx_mmbook.cli import main; main(['check', sys.argv[1]]);"
        "print([m for m in ('sphinx', 'docutils', 'pandas', 'numpy', 'pybtex') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(faulty.folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def test_links_in_a_circle_do_not_stop_the_check(
    faulty: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty.write({"chapters/a/results/x.csv": "a\n1\n", "chapters/a/index.md": "# A\n"})
    for name in ("results/loop.csv", "loop.bib", "loop.py", "loop.md", "loop.png"):
        (faulty.folder / "chapters/a" / name).symlink_to(Path(name).name)
    main(["check", str(faulty.folder / "chapters"), "--level", "info"])
    out = capsys.readouterr().out
    assert "'loop.csv' has no provenance" in out and "loop.md" in out
