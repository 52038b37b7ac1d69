"""Copies of an exercise: a student's own to work on, and a bundle to hand out."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

# What a course without its solutions is made of. units/, solutions/ and tests/ stay at home.
BUNDLED = (
    "LICENSE",
    "LICENSE-CC-BY-4.0.txt",
    "Makefile",
    "pyproject.toml",
    "requirements.txt",
    "constraints.txt",
    "environment.yml",
    ".jupyter",
    "docs/students.md",
    "docs/installation.md",
    "docs/exercises.md",
    "docs/glossary.md",
    "docs/reference",
    "lib",
    "lectures",
)
# and of these the part that would write the proofs of unit 2
NOT_BUNDLED = Path("lib/nonconv/prover")
HANDOUT = Path(__file__).with_name("handout.md")  # the README of what students get
FOR_STUDENTS = ("help", "lab", "start")  # the targets of their Makefile
LINK = re.compile(r"!?\[([^\[\]]*)\]\((?!https?://|mailto:|#)([^()\s#]+)(#[^()\s]*)?\)")
FOLDER = "nonconv-course"
TITLE = "Layers that are not convolutions, and which of them are convolutions after all"
NOBODY, SOMEBODY = 'me = ""', "me = {}"  # a name to be filled in, in a notebook


class CopyError(ValueError):
    """What was asked for cannot be copied; the message says what would do."""


def _exercise(root: Path, unit: str) -> Path:
    folder = root / "exercises" / unit
    there = ", ".join(sorted(path.name for path in (root / "exercises").glob("*") if path.is_dir()))
    if not unit or not folder.is_dir():
        raise CopyError(f"there is no exercise {unit!r}; write UNIT= and one of: {there}")
    return folder


def start(root: Path, unit: str, me: str = "") -> tuple[Path, list[str], list[str]]:
    """(my/UNIT, a copy that git ignores; the notebooks that were copied; those that were there already).

    Never overwrites work: an existing copy only gets files it lacks. me: the name under which the work will
    be handed in, written into a notebook that asks for it.
    """
    source, target = _exercise(root, unit), root / "my" / unit
    target.mkdir(parents=True, exist_ok=True)
    copied, kept = [], []
    for path in sorted(source.iterdir()):
        notebook = path.suffix == ".ipynb"
        if notebook and (target / path.name).exists():
            kept.append(path.name)
            continue
        shutil.copy(path, target / path.name)
        if notebook:
            copied.append(path.name)
            if me:
                _sign(target / path.name, me)
    return target, copied, kept


def _started(root: Path, unit: str, me: str) -> str:
    target, copied, kept = start(root, unit, me)
    lines = []
    if copied:
        lines.append(f"copied: {', '.join(copied)}")
    if kept:
        them = "it" if len(kept) == 1 else "them"
        lines.append(
            f"there already, and left as you have {them}: {', '.join(kept)}"
            f" (for a fresh copy rename or move {them} first)"
        )
    return "\n".join([f"{target.relative_to(root)}", *(f"  {line}" for line in lines)])


def _sign(path: Path, me: str) -> None:
    """Write a name into the cell of a notebook that asks for one, if there is such."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code" and text.startswith(NOBODY):
            cell["source"] = (
                SOMEBODY.format(json.dumps(me, ensure_ascii=False)) + text[len(NOBODY) :]
            ).splitlines(True)
            path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def bundle(root: Path, unit: str) -> Path:
    """Write release/UNIT.zip: the course as a student gets it, with this unit's exercise and no solution."""
    source = _exercise(root, unit)
    target = root / "release" / f"{unit}.zip"
    target.parent.mkdir(exist_ok=True)
    files = _bundled(root)
    files += [path for path in sorted(source.rglob("*")) if ".ipynb_checkpoints" not in path.parts]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        inside = {path.relative_to(root): path for path in files if path.is_file()}
        for name, path in inside.items():
            if name.suffix == ".md":
                text = _linked(path.read_text(encoding="utf-8"), name.parent, {*inside, Path("README.md")})
                archive.writestr(f"{FOLDER}/{name.as_posix()}", text)
            elif name == Path("Makefile"):
                archive.writestr(f"{FOLDER}/Makefile", _students_makefile(path.read_text(encoding="utf-8")))
            else:
                archive.write(path, Path(FOLDER) / name)
        archive.writestr(f"{FOLDER}/README.md", _readme(source))
    return target


def _readme(exercise: Path) -> str:
    """The README for students of this unit."""
    notebooks = sorted(exercise.glob("*.ipynb"))
    return HANDOUT.read_text(encoding="utf-8").format(
        title=TITLE,
        unit=exercise.name,
        number=int(exercise.name.partition("-")[0]),
        what="both notebooks" if len(notebooks) == 2 else "the notebook",
    )


def _students_makefile(text: str) -> str:
    """The Makefile with the targets that a student has the files for; its paragraphs are its rules."""
    kept = []
    for paragraph in text.split("\n\n"):
        target = re.search(r"^([a-z][a-z-]*):", paragraph, re.M)
        if target is None or target[1] in FOR_STUDENTS:
            kept.append(paragraph)
    made = "\n\n".join(kept)
    made = re.sub(r"^\.PHONY:(.*\\\n)*.*$", f".PHONY: {' '.join(FOR_STUDENTS)}", made, flags=re.M)
    return (
        re.sub(r"^\.venv/(instructor|ready):.*\n(\t.*\n)*(\$\(call.*\n?)?", "", made, flags=re.M).rstrip()
        + "\n"
    )


def _linked(text: str, folder: Path, inside: set[Path]) -> str:
    """A document whose links to files that are not handed out are plain words."""

    def kept(link: re.Match[str]) -> str:
        there = Path(os.path.normpath(folder / link[2]))
        return link[0] if there in inside or any(there in path.parents for path in inside) else link[1]

    return LINK.sub(kept, text)


def _bundled(root: Path) -> list[Path]:
    """The files of BUNDLED without NOT_BUNDLED: those that git knows or would take; all, without git."""
    return [path for path in _of_the_course(root) if NOT_BUNDLED not in path.relative_to(root).parents]


def _of_the_course(root: Path) -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *BUNDLED]
    if (root / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
        return [root / name for name in sorted(filter(None, listed.split("\0")))]
    found = [
        path
        for name in BUNDLED
        for path in ([root / name] if (root / name).is_file() else (root / name).rglob("*"))
    ]
    made = ("__pycache__", ".ipynb_checkpoints")
    return sorted(
        path
        for path in found
        if path.is_file() and not any(part in made or part.endswith(".egg-info") for part in path.parts)
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nonconv.publish.copy", description=__doc__)
    parser.add_argument("what", choices=["start", "bundle"])
    parser.add_argument("unit", nargs="?", default="")
    parser.add_argument("--me", default="", help="start: the name under which you hand in")
    arguments = parser.parse_args()
    root = Path.cwd()
    try:
        if arguments.what == "start":
            print(_started(root, arguments.unit, arguments.me))
        else:
            print(bundle(root, arguments.unit).relative_to(root))
    except CopyError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
