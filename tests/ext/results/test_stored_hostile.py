"""Results that mean harm: a finding each, nothing executed, nothing let through to the page."""

from __future__ import annotations

import gzip
import io

import numpy as np
import pandas as pd

from patience import patience


def hostile():
    """Files that mean harm, and the rule by which each is refused; none: it is shown as text."""
    parquet = io.BytesIO()
    pd.DataFrame({"x": range(100)}).to_parquet(parquet)
    lying = bytearray(parquet.getvalue())
    lying[-8:-4] = (0x7FFFFFFF).to_bytes(4, "little")
    objects = io.BytesIO()
    np.save(objects, np.array([print]), allow_pickle=True)
    return {
        "formulas.csv": ('a,b\n"=HYPERLINK(""http://x"")","<script>alert(1)</script>"\n', None),
        "deep.json": ("[" * 10_000 + "]" * 10_000, "result-unreadable"),
        "deep-records.json": ('[{"a":' * 10_000 + "1" + "}]" * 10_000, "result-unreadable"),
        "lying.parquet": (bytes(lying), "result-unreadable"),
        "bomb.rds": (gzip.compress(b"X\n" + bytes(200_000_000), 1), "result-too-large"),
        "pickle.npy": (objects.getvalue(), "result-format"),
        "model.joblib": (b"x", "result-format"),
    }  # fmt: skip


def test_hostile_files_are_a_finding_each(book):
    files = hostile()
    targets = [*files, "../../../../../../etc/passwd", "link.csv"]
    tables = "\n\n".join(f"```{{stored-table}} results/{name}\n```" for name in targets)
    book.write({f"ch/results/{name}": data for name, (data, _) in files.items()})
    book.write({
        "index.md": "# Book\n\n```{toctree}\nch/index\n```\n",
        "ch/index.md": f"# Chapter\n\n{tables}\n",
    })  # fmt: skip
    (book.folder / "ch/results/link.csv").symlink_to("/etc/passwd")
    with patience(30):
        built = book.build()
    assert built.status == 0 and "Traceback" not in built.err
    rules = [warning.rpartition("mmbook.")[2][:-1] for warning in built.warnings]
    # The endings of files the check sees before any page is read.
    of_name = {"model.joblib": "result-option"}
    expected = [of_name.get(name, rule) for name, (_, rule) in files.items() if rule]
    assert sorted(rules) == sorted([*expected, "path-outside-book", "path-outside-book"])
    page = built.soup("ch/index")
    assert (
        page.select("td script, td a") == []
        and "<script>alert(1)</script>" in page.td.find_next("td").get_text()
    )
    assert "root:" not in page.get_text()


def test_a_reference_to_a_table_that_was_not_made_is_told_where_that_was_to_be(book):
    """It was told to correct its label, and the table, with a cell of megabytes, to be saved again."""
    table = "```{stored-table} a.csv\n:label: tbl-a\n:caption: A.\n```\n"
    book.write(
        {"a.csv": f"a,b\n1,{'x' * 200_000}\n", "index.md": f"# B\n\n{table}\n{{numref}}`tbl-a`\n"}
    )
    found, reference = book.build().warnings
    assert "has a cell of more than 131,072 characters; store a summary" in found
    assert "'tbl-a'; what index.md:4:9 names was not made; see what is said of it" in reference
