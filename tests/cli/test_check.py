"""``mmbook check`` as its users call it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

from conftest import Book
from patience import patience
from sphinx_mmbook.cli import main
from sphinx_mmbook.core.checking.baseline import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def test_text_shows_as_much_of_a_place_as_there_is(
    book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    book.write({"index.md": "# Book\n\nIt falls.\n\n```{code-cell}\n1\n```\n"})
    main(["check", str(book.folder)])
    out = capsys.readouterr().out
    assert re.search(
        r"^  5 error .*\[notebook-header\]\n      \| ```\{code-cell\}\n      \|$", out, re.M
    )


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


#: What SARIF 2.1.0 says of the parts that we write; all objects of it are closed.
SARIF = """
log: {version!: 2.1.0, $schema: str, runs!: [run]}
run: {tool!: tool, results: [result], columnKind: str}
tool: {driver!: driver}
driver: {name!: str, version: str, rules: [rule]}
rule: {id!: str, shortDescription: text, fullDescription: text, defaultConfiguration: level}
level: {level: str}
text: {text!: str}
result: {message!: text, ruleId: str, ruleIndex: int, level: str, locations: [location], fixes: [fix]}
location: {physicalLocation: physical}
physical: {artifactLocation: artifact, region: region}
artifact: {uri: str}
region: {startLine: int, startColumn: int, endLine: int, endColumn: int}
fix: {artifactChanges!: [change], description: text}
change: {artifactLocation!: artifact, replacements!: [replacement]}
replacement: {deletedRegion!: region, insertedContent: text}
"""


def sarif_schema() -> dict[str, object]:
    """Return ``SARIF`` as a JSON schema."""

    def of(kind: object) -> dict[str, object]:
        if isinstance(kind, list):
            return {"type": "array", "items": of(kind[0])}
        if kind in ("str", "int"):
            return {"str": {"type": "string"}, "int": {"type": "integer", "minimum": 1}}[str(kind)]
        return {"$ref": f"#/definitions/{kind}"} if kind in names else {"const": kind}

    names = yaml.safe_load(SARIF)
    kinds = {
        name: {
            "type": "object",
            "additionalProperties": False,
            "required": [key[:-1] for key in fields if key.endswith("!")],
            "properties": {key.rstrip("!"): of(kind) for key, kind in fields.items()},
        }
        for name, fields in names.items()
    }
    kinds["result"]["properties"]["ruleIndex"] = {"type": "integer", "minimum": 0}  # type: ignore[index]
    return {"definitions": kinds, "$ref": "#/definitions/log"}


def test_sarif_is_valid_and_its_fixes_do_what_fix_does(
    faulty: Book, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty.write({"chapters/b/index.md": "# B\n\nFigure\n\\@ref(fig:x) is {numref}`fig_loss`.\n"})
    page = "chapters/b/index.md"
    monkeypatch.chdir(faulty.folder)
    main(["check", ".", "--select", "labels,reference-syntax", "--format", "sarif"])
    sarif = json.loads(capsys.readouterr().out)
    jsonschema.validate(sarif, sarif_schema())
    made = {}
    for result in sarif["runs"][0]["results"]:
        for change in result["fixes"][0]["artifactChanges"]:
            for one in change["replacements"]:
                made[change["artifactLocation"]["uri"], *one["deletedRegion"].values()] = one
    texts = {path: (faulty.folder / path).read_text().split("\n") for path, *_ in made}
    for path, line, column, end_line, end in sorted(made, reverse=True):
        assert line == end_line
        text = texts[path][line - 1]
        new = made[path, line, column, end_line, end]["insertedContent"]["text"]
        texts[path][line - 1] = text[: column - 1] + new + text[end - 1 :]
    main(["check", ".", "--select", "labels,reference-syntax", "--fix"])
    assert page in texts
    for path, lines in texts.items():
        assert (faulty.folder / path).read_text() == "\n".join(lines)


def test_lines_for_editors_name_path_line_column_level_and_rule(
    faulty: Book, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(faulty.folder)
    assert main(["check", ".", "--select", "labels", "--format", "unix"]) == 1
    line, *_ = capsys.readouterr().out.splitlines()
    said = "label 'fig_loss' contains an underscore; write 'fig-loss'"
    assert line == f"chapters/a/index.md:3:2: error: {said} [label-underscore]"
    # Vim's errorformat "%f:%l:%c: %t%*[^:]: %m" as a regular expression.
    assert re.fullmatch(r"[^:]+:\d+:\d+: [a-zA-Z][^:]*: .*", line)


def test_what_repeats_is_folded_and_counted(
    book: Book, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "# B\n\n" + "".join(f"Text {{cite:p}}`gone{number}`.\n\n" for number in range(20))
    book.write({"index.md": page + "###Head\n"})
    monkeypatch.chdir(book.folder)
    assert main(["check", "."]) == 1
    out = capsys.readouterr().out
    assert out.count("no .bib file of the book has the key") == 5
    assert "  cite-unknown: 20 places in 1 file (5 shown)\n15 more places; --all prints each" in out
    assert out.index("heading-blank: 1 place in 1 file; --fix mends 1") < out.index(
        "cite-unknown: 20"
    )
    assert out.splitlines()[-1].startswith("20 errors, 1 warning in 1 file; --fix mends 1")
    main(["check", ".", "--all"])
    assert capsys.readouterr().out.count("no .bib file of the book has the key") == 20


def test_explain_alone_lists_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain"]) == 0
    out = capsys.readouterr().out
    assert "label-underscore" in out
    assert "cite-unknown" in out


@pytest.mark.long
def test_watch_checks_again_when_a_file_is_saved(faulty: Book) -> None:
    command = [sys.executable, "-m", "sphinx_mmbook.cli", "check", str(faulty.folder), "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        seen = "".join(
            iter(process.stdout.readline, "waiting for the next change; Ctrl-C ends it\n")
        )
        assert "label 'fig_loss' contains an underscore" in seen
        page = faulty.folder / "chapters/a/index.md"
        end = threading.Event()

        def save() -> None:  # again and again: the first time may be before it looks
            while not end.wait(0.2):
                page.write_text("# A\n\n" + GOOD)

        saver = threading.Thread(target=save)
        saver.start()
        seen = "".join(
            iter(process.stdout.readline, "waiting for the next change; Ctrl-C ends it\n")
        )
        end.set()
        saver.join()
        assert "fig_loss' contains" not in seen
        assert "in 1 file" in seen or "no findings" in seen
        process.terminate()


def test_watch_goes_on_when_conf_py_was_away_for_a_moment(
    faulty: Book, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import watchfiles

    def changes(*_: object, **__: object) -> Iterator[None]:
        (faulty.folder / "conf.py").rename(faulty.folder / "away")
        yield
        (faulty.folder / "away").rename(faulty.folder / "conf.py")
        yield

    monkeypatch.setattr(watchfiles, "watch", changes)
    assert run(faulty, "--watch") == 1
    said = capsys.readouterr()
    assert said.out.count("waiting for the next change") == 3
    assert "there is no conf.py" in said.err


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
        ("['label-underscore']", "mmbook_rules is not a dictionary"),
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


def since_main(book: Book, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, int]]:
    capsys.readouterr()
    main(["check", str(book.folder), "--changed-since", "main", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(item["rule"], item["path"], item["line"]) for item in found]


def test_an_old_fault_in_a_touched_file_is_not_held_against_a_branch(
    faulty: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    page = "# B\n\nOld {cite:p}`gone`.\n\nText.\n\n[a](gone.md)\n"
    faulty.write({"chapters/b/index.md": page})
    git(faulty, "init", "-q", "-b", "main")
    git(faulty, "add", ".")
    git(faulty, "commit", "-qm", "start")
    sentence = page.replace("Text.", "Another text.").replace("# B", "# B\n\nA line")
    faulty.write({"chapters/b/index.md": sentence})
    assert since_main(faulty, capsys) == []
    # One more of the same: that on the changed line is the new one, wherever it stands.
    faulty.write({"chapters/b/index.md": page.replace("# B", "# B\n\nNew {cite:p}`gone`.")})
    assert since_main(faulty, capsys) == [("cite-unknown", "chapters/b/index.md", 3)]
    # A label that went away breaks what another page says.
    faulty.write({"chapters/b/index.md": page, "chapters/a/index.md": "# A\n"})
    faulty.write({"chapters/c/index.md": "# C\n\nSee {ref}`fig_loss`.\n"})
    assert ("reference-undefined", "chapters/c/index.md", 3) in since_main(faulty, capsys)


def test_a_page_that_moved_brings_its_old_faults_with_it(
    faulty: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    page = "# B\n\nOld {cite:p}`gone`.\n\nText.\n"
    faulty.write({"chapters/b/index.md": page})
    git(faulty, "init", "-q", "-b", "main")
    git(faulty, "add", ".")
    git(faulty, "commit", "-qm", "start")
    (faulty.folder / "chapters/b/index.md").unlink()
    faulty.write({"chapters/other/index.md": page + "\nMore {cite:p}`none`.\n"})
    assert since_main(faulty, capsys) == [("cite-unknown", "chapters/other/index.md", 7)]


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
    assert "nothing says what made 'loop.csv'" in out and "loop.md" in out
