"""Copies of an exercise: a student's own to work on, and a bundle to hand out."""

import argparse
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

# What a course without its solutions is made of. units/, solutions/ and tests/ stay at home.
BUNDLED = (
    "README.md",
    "LICENSE",
    "LICENSE-CC-BY-4.0.txt",
    "Makefile",
    "pyproject.toml",
    "requirements.txt",
    "constraints.txt",
    "environment.yml",
    ".jupyter",
    "docs",
    "lib",
    "lectures",
)


class CopyError(ValueError):
    """What was asked for cannot be copied; the message says what would do."""


def _exercise(root: Path, unit: str) -> Path:
    folder = root / "exercises" / unit
    there = ", ".join(sorted(path.name for path in (root / "exercises").glob("*") if path.is_dir()))
    if not unit or not folder.is_dir():
        raise CopyError(f"there is no exercise {unit!r}; write UNIT= and one of: {there}")
    return folder


def start(root: Path, unit: str) -> tuple[Path, list[str], list[str]]:
    """(my/UNIT, a copy that git ignores; the notebooks that were copied; those that were there already).

    Never overwrites work: an existing copy only gets files it lacks.
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
    return target, copied, kept


def _started(root: Path, unit: str) -> str:
    target, copied, kept = start(root, unit)
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


def bundle(root: Path, unit: str) -> Path:
    """Write release/UNIT.zip: the course as a student gets it, with this unit's exercise and no solution."""
    source = _exercise(root, unit)
    target = root / "release" / f"{unit}.zip"
    target.parent.mkdir(exist_ok=True)
    files = _bundled(root)
    files += [path for path in sorted(source.rglob("*")) if ".ipynb_checkpoints" not in path.parts]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            if path.is_file():
                archive.write(path, Path("nonconv-course") / path.relative_to(root))
    return target


def _bundled(root: Path) -> list[Path]:
    """The files of BUNDLED: those that git knows or would take, or all, in a course without git."""
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
    arguments = parser.parse_args()
    root = Path.cwd()
    try:
        if arguments.what == "start":
            print(_started(root, arguments.unit))
        else:
            print(bundle(root, arguments.unit).relative_to(root))
    except CopyError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
