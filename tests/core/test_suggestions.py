"""The name that somebody probably meant."""

from __future__ import annotations

from sphinx_mmbook.core.suggestions import CANDIDATES, Nearest


def test_which_names_are_compared_does_not_depend_on_their_order() -> None:
    far = [f"abc{'x' * 40}{number:02}fgh" for number in range(CANDIDATES)]
    for names in ([*far, "abc-de-fgh"], ["abc-de-fgh", *far]):
        assert Nearest(names).to("abcdefgh") == "abc-de-fgh"
