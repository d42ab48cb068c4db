"""Names that are written in two ways."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from sphinx_mmbook.core.bib import name_forms
from sphinx_mmbook.core.bib.parse import parse_bib

if TYPE_CHECKING:
    import pytest


def test_thousands_of_people_with_one_given_name_are_not_compared_pair_by_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draw, compared, is_slip = random.Random(1), [], name_forms._is_slip
    families = ["".join(draw.choices("abcdefghijklmnorstuv", k=7)).title() for _ in range(2000)]
    families += ["Lindemann", "Lindeman", "Lindemann"]
    text = "".join(
        f"@misc{{k{number}, author = {{{family}, Maximilian}}}}\n"
        for number, family in enumerate(families)
    )
    monkeypatch.setattr(
        name_forms, "_is_slip", lambda *names: compared.append(names) or is_slip(*names)
    )
    found = [*name_forms.other_forms(parse_bib(text, "a.bib")[0])]
    assert any("Lindeman" in entry.get("author") for entry, *_ in found)
    assert len(compared) < len(families)
