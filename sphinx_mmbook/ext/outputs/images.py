"""Pictures that every output shows: converted, scaled, or said to be missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.images import guess_mimetype

from sphinx_mmbook.core.files.paths import is_file, is_folder
from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.output.images import (
    JPEG,
    PDF,
    PNG,
    SVG,
    ImageError,
    MissingProgramError,
    prepare,
    refuse_broken,
)
from sphinx_mmbook.ext.guard import on_element
from sphinx_mmbook.ext.positions import location_of_node
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

#: Sphinx would download pictures of other hosts at 100.
BEFORE_DOWNLOAD = 90
#: Browsers show and scale all themselves, but for PDF; an SVG is checked.
CHECKED_FOR_BROWSERS = frozenset({PDF, SVG})
#: Of these Pillow knows whether they are broken.
PIXELS = frozenset({PNG, JPEG, "image/gif", "image/webp"})


class FiguresBesideText(SphinxPostTransform):
    """Gives a figure beside the text the width that its picture has, a share of the line.

    As docutils leaves it, the share is one of the figure, which HTML makes as wide as its caption.
    """

    default_priority = BEFORE_DOWNLOAD

    def run(self, **kwargs: Any) -> None:
        """Go through the figures of the page."""
        for figure in self.document.findall(nodes.figure):
            if figure.get("align") not in ("left", "right") or "width" in figure:
                continue
            for image in figure.findall(nodes.image):
                if image.get("width", "").endswith("%"):
                    figure["width"], image["width"] = image["width"], "100%"


class RemoteImages(SphinxPostTransform):
    """Replaces pictures of other hosts by links: a book asks nothing of other hosts."""

    default_priority = BEFORE_DOWNLOAD
    formats = ("html", "latex")

    def run(self, **kwargs: Any) -> None:
        """Go through the pictures of the page."""
        for image in list(self.document.findall(nodes.image)):
            uri = image["uri"]
            if "://" in uri or uri.startswith("//"):
                message = (
                    f"picture '{uri}' is on another host; save it in the chapter's folder figures/ "
                    "and name that file"
                )
                report(
                    self.env,
                    Finding(location_of_node(self.env, image), "image-remote", message, "warning"),
                )
                text = image.get("alt") or uri
                is_link = isinstance(image.parent, nodes.reference)
                link = nodes.inline("", text) if is_link else nodes.reference("", text, refuri=uri)
                replace(image, link)


def prepare_images(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let each picture of a page be one that the output shows."""
    shown = app.builder.supported_image_types
    if not shown:
        return
    for image in list(doctree.findall(nodes.image)):
        with on_element(app.env, image, f"picture '{image['uri']}'"):
            kinds = kinds_of(app.env, image)
            if "?" in image.get("candidates", {}):
                continue
            if kinds:
                show(app, docname, image, kinds)
            elif app.builder.format == "latex" or app.builder.name == "epub":
                # There is no such picture: a browser says so, LaTeX and the EPUB end in an error.
                replace(image, nodes.emphasis("", image.get("alt") or Path(image["uri"]).name))


def kinds_of(env: BuildEnvironment, image: nodes.image) -> dict[str, str]:
    """Return the files of a picture by their MIME types; "figure.*" may have several."""
    candidates: dict[str, str] = dict(image.get("candidates", {}))
    if "*" in candidates:
        if is_folder(env.srcdir / image["uri"]):
            return {"inode/directory": image["uri"]}
        if not is_file(env.srcdir / image["uri"]):
            return {}
        kind = guess_mimetype(env.srcdir / image["uri"])
        return {kind: candidates["*"]} if kind and candidates["*"] in env.images else {}
    return candidates


def show(app: Sphinx, docname: str, image: nodes.image, kinds: dict[str, str]) -> None:
    """Choose the best file of a picture and convert it if need be."""
    shown = app.builder.supported_image_types
    kind = next((kind for kind in shown if kind in kinds), next(iter(kinds)))
    in_browser = app.builder.format == "html" and app.builder.name != "epub"
    name = kinds[kind]
    source = Path(app.env.srcdir) / name
    try:
        if is_folder(source):
            raise ImageError("is a folder; name a file in it")
        if in_browser and kind not in CHECKED_FOR_BROWSERS:
            path = source
            if kind in PIXELS:
                refuse_broken(source)
        else:
            path = prepare(source, kind, shown, Path(app.doctreedir) / "mmbook-images")
    except MissingProgramError as error:
        # The same for all pictures of the kind.
        logger.warning(str(error), type="mmbook", subtype="missing-program", once=True)
        replace(image, nodes.emphasis("", image.get("alt") or Path(name).name))
    except ImageError as error:
        message = f"picture '{name}' {error}"
        report(app.env, Finding(location_of_node(app.env, image), "image-broken", message))
        replace(image, nodes.emphasis("", image.get("alt") or Path(name).name))
    else:
        if path != source:
            image["uri"] = str(path)
            image["candidates"] = {"*": str(path)}
            app.env.images.add_file(docname, str(path))


def replace(image: nodes.image, text: nodes.Element) -> None:
    """Put text where a picture was; a link around a picture may stand where text may not."""
    around = image.parent
    if not isinstance(around, nodes.TextElement):
        text = nodes.paragraph("", "", text)
    image.replace_self(text)
    if isinstance(around, nodes.reference) and not isinstance(around.parent, nodes.TextElement):
        paragraph = nodes.paragraph()
        around.replace_self(paragraph)
        paragraph += around


def setup_images(app: Sphinx) -> None:
    """Register the conversion of pictures."""
    app.add_post_transform(RemoteImages)
    app.add_post_transform(FiguresBesideText)
    app.connect("doctree-resolved", prepare_images)
