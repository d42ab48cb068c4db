"""Take what a site needs of MathJax into the package; run by hand for a new version.

    python .ci/take_mathjax.py            needs npm, which fetches the archives below
    python .ci/take_mathjax.py --check    compares the package's files with the archives'

The archives must have the checksums below (``npm view PACKAGE@VERSION dist.integrity``). Why
MathJax is in the package at all: docs/decisions.md.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from pathlib import Path, PurePosixPath

TARGET = Path(__file__).parent.parent / "sphinx_mmbook" / "ext" / "outputs" / "mathjax"

#: Package and version -> its checksum, where its files go, which of them are taken.
PACKAGES = {
    "mathjax@4.1.3": (
        "sha512-BN/8Pkgn7G1pIDYJqd9md+JHsE/jydSYbyOZnSdSA0WziuVO8mRxdYiWFumkVVly/8U+hm9DpIIoWuvySverzw==",
        ".",
        (
            "LICENSE", "tex-chtml-nofont.js", "input/tex/extensions/*.js", "ui/safe.js",
            "a11y/assistive-mml.js", "a11y/complexity.js", "sre/speech-worker.js",
            "sre/mathmaps/base.json", "sre/mathmaps/nemeth.json", "sre/mathmaps/euro.json",
            "sre/mathmaps/en.json", "sre/mathmaps/de.json",
        ),
    ),
    "@mathjax/mathjax-tex-font@4.1.1": (
        "sha512-mCBD2JOLCwnL0WBgBOE8IXCShPDRY7BlDq1l8QVl/1kgEj2+zJotUa2I8uhohOTFrOsGeAzFbaletzuAubp6YA==",
        "fonts/mathjax-tex-font",
        ("chtml.js", "chtml/woff2/*.woff2"),
    ),
    # What \ce{…} needs for the arrows of chemistry.
    "@mathjax/mathjax-mhchem-font-extension@4.1.3": (
        "sha512-WFx0IooitEJq1TXc9V941o8eaZdICSPn8FpsIBDdhkMhb0if61jCvk6vtQN84dlLnNEorK011NfpirMkHYygSQ==",
        "fonts/mathjax-mhchem-font-extension",
        ("chtml.js", "chtml/woff2/*.woff2"),
    ),
}  # fmt: skip
#: Packages of TeX whose letters are in fonts of half a megabyte that hardly any book uses.
LEFT_OUT = {"bbm.js", "bboldx.js", "dsfont.js"}


def archive(package: str, checksum: str, folder: Path) -> bytes:
    """Return a package's archive, once its checksum is right."""
    command = ["npm", "pack", package, "--silent", "--pack-destination", str(folder)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    name = run.stdout.split()[-1]
    data = (folder / name).read_bytes()
    found = "sha512-" + b64encode(hashlib.sha512(data).digest()).decode()
    if found != checksum:
        raise SystemExit(f"{package} has the checksum {found}, not {checksum}")
    return data


def wanted(data: bytes, patterns: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of an archive that match a pattern, by their path in the package."""
    files = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as packed:
        for member in packed:
            path = PurePosixPath(member.name).relative_to("package")
            right = any(path.match(p) and len(path.parts) == p.count("/") + 1 for p in patterns)
            file = packed.extractfile(member) if right and path.name not in LEFT_OUT else None
            if file is not None:
                files[path.as_posix()] = file.read()
    return files


def all_files() -> dict[str, bytes]:
    """Return all files that the package needs."""
    files = {}
    with tempfile.TemporaryDirectory() as folder:
        for package, (checksum, place, patterns) in PACKAGES.items():
            taken = wanted(archive(package, checksum, Path(folder)), patterns)
            files |= {(PurePosixPath(place) / name).as_posix(): taken[name] for name in taken}
    return files


def main() -> int:
    """Replace the package's MathJax, or compare it."""
    files = all_files()
    if "--check" in sys.argv:
        here = {p.relative_to(TARGET).as_posix(): p for p in TARGET.rglob("*") if p.is_file()}
        wrong = sorted(here.keys() ^ files.keys())
        wrong += sorted(n for n in here.keys() & files.keys() if here[n].read_bytes() != files[n])
        print("\n".join(wrong) or f"{len(here)} files, as published")
        return bool(wrong)
    shutil.rmtree(TARGET, ignore_errors=True)
    for name, content in files.items():
        (TARGET / name).parent.mkdir(parents=True, exist_ok=True)
        (TARGET / name).write_bytes(content)
    print(f"{len(files)} files, {sum(map(len, files.values()))} bytes, in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
