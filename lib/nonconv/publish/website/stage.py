"""What Sphinx reads, in one folder: copies of the notebooks and documents, and pages made from them."""

from base64 import b64decode
from collections.abc import Iterator
from html import escape
from pathlib import Path

import nbformat

COPIED = ("*.md", "LICENSE*", "CITATION.cff", "docs/**/*", "lectures/*.ipynb", "exercises/*/*.ipynb",
          "bench/*.png", "bench/*.csv", "bench/*.md")  # fmt: skip
# the pages by the titles under which they stand at the side; a page is one that exists
SECTIONS = (
    ("Lectures", ("lectures/*.ipynb",)),
    ("Exercises", ("exercises/*/*.ipynb", "docs/exercises.md")),
    ("To look up", ("docs/reference/verdicts.md", "gallery.md", "docs/glossary.md")),
    ("Getting started", ("docs/installation.md", "docs/students.md", "docs/README.md")),
    ("Teaching", ("docs/instructors/README.md", "docs/instructors/*.md")),
    ("The library", ("docs/reference/*.md", "api/*.md", "bench/*.md")),
    ("Contributing", ("CONTRIBUTING.md", "docs/contributing/*.md", "CHANGELOG.md", "SECURITY.md")),
)


def stage(root: Path, folder: Path) -> None:
    """Fill the folder. A file that is as before keeps its date, so that Sphinx need not read it again.

    ValueError if there is no lecture.
    """
    if not any((root / "lectures").glob("*.ipynb")):
        raise ValueError(f"there is no lecture in {root / 'lectures'}; `make build` makes them")
    copied = [path for pattern in COPIED for path in root.glob(pattern) if path.is_file()]
    wanted = {path.relative_to(root): path for path in copied}
    wanted |= {path.relative_to(root / "site"): path for path in (root / "site/api").glob("*.md")}
    readme = wanted.pop(Path("README.md"))
    for name, path in wanted.items():
        _write(folder / name, path.read_bytes())
    pictures = list(_pictures(root / "lectures"))
    for name, data, _, _ in pictures:
        _write(folder / name, data)
    _write(folder / "gallery.md", _gallery(pictures).encode())
    index = readme.read_text(encoding="utf-8") + "".join(_toctrees(folder))
    _write(folder / "index.md", index.encode())
    made = {folder / name for name in (*wanted, *(one[0] for one in pictures), "gallery.md", "index.md")}
    for path in folder.rglob("*"):
        if path.is_file() and path not in made:
            path.unlink()  # its source is gone


def _write(path: Path, data: bytes) -> None:
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _toctrees(folder: Path) -> Iterator[str]:
    seen: set[str] = set()
    for title, patterns in SECTIONS:
        found = [
            path.relative_to(folder).with_suffix("").as_posix()
            for pattern in patterns
            for path in sorted(folder.glob(pattern))
        ]
        names = [name for name in dict.fromkeys(found) if name not in seen]
        seen |= set(names)
        listed = "\n".join(names)
        yield f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n:maxdepth: 1\n\n{listed}\n```\n"


def _pictures(lectures: Path) -> Iterator[tuple[str, bytes, str, str]]:
    """(file, PNG, its words, a link to its lecture) for every picture in the lectures, in order."""
    for path in sorted(lectures.glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        link = f"[{cells[0].source.splitlines()[0].lstrip('# ')}](lectures/{path.name})"
        for cell in cells:
            for output in cell.get("outputs", []):
                if "image/png" in output.get("data", {}):
                    words = output.metadata.get("image/png", {}).get("alt", "")
                    yield (
                        f"gallery/{path.stem}-{cell.id}.png",
                        b64decode(output.data["image/png"]),
                        words,
                        link,
                    )


def _gallery(pictures: list[tuple[str, bytes, str, str]]) -> str:
    """The page of all pictures: each with its words, and a link to the lecture where it stands."""
    lines = ["# All pictures", "", "Every picture of the lectures, with its words."]
    lecture = ""
    for name, _, words, link in pictures:
        if link != lecture:
            lecture = link
            lines += ["", f"## {link}"]
        lines += ["", f"![{_plain(words)}]({name})", "", f'<p class="words">{escape(words)}</p>']
    return "\n".join(lines) + "\n"


def _plain(words: str) -> str:
    """Words that Markdown takes as they are."""
    return "".join(f"\\{letter}" if letter in r"\[]*_`<$" else letter for letter in words)
