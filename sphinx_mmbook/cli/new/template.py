"""Files made from the package's template.

The template has the format of copier (https://copier.readthedocs.io), so that it can also be
applied with it. Copier itself is not used: with pydantic and others it would add ten packages
(13 MB) to each book's environment, one of them under the GPL, for what Jinja2 does, which Sphinx
brings along.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE = Path(__file__).parent.parent.parent / "template"
SUFFIX = ".jinja"


def rendered(folder: str, values: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of a folder of the template, by path, with the values filled in."""
    import yaml  # noqa: PLC0415
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    settings = yaml.safe_load((TEMPLATE / "copier.yml").read_text("utf-8"))
    # Nothing that is made is HTML.
    environment = Environment(undefined=StrictUndefined, autoescape=False, **settings["_envops"])  # noqa: S701
    files: dict[str, bytes] = {}
    for file in sorted((TEMPLATE / folder).rglob("*")):
        if file.is_file():
            name, data = file.relative_to(TEMPLATE / folder).as_posix(), file.read_bytes()
            if file.suffix == SUFFIX:
                text = environment.from_string(data.decode("utf-8")).render(values)
                name, data = name.removesuffix(SUFFIX), text.encode("utf-8")
            files[name] = data
    return files
