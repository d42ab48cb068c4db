"""Every module that has rules stands in the list of groups, in its room."""

from __future__ import annotations

from pathlib import Path

from sphinx_mmbook.core.rules import registry


def test_every_module_with_rules_is_a_group_of_its_room() -> None:
    rooms = Path(registry.__file__).parent.glob("*/*.py")
    found = {
        (file.parent.name, file.stem) for file in rooms if "\n@rule(" in file.read_text("utf-8")
    }
    assert found == {(room, group) for room, some in registry.ROOMS.items() for group in some}
