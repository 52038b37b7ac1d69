"""The notebooks of one hand-in, read into memory: of a folder, a zip or a loose file.

A zip is read member by member and never unpacked as it says; links and anything but plain files are passed
over.
"""

import re
import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO

MAX_NOTEBOOK_BYTES = 100_000_000  # what fills a large one is saved output, which is thrown away
MAX_HAND_IN_BYTES = (
    4 * MAX_NOTEBOOK_BYTES
)  # of its notebooks together: a small zip can hold any number of large ones


def notebooks_in(entry: Path) -> dict[str, bytes]:
    """All notebooks of a folder, a zip or a loose file, by name; of two with one name, the one less deep.

    Links and anything but plain files are passed over. Where a member of a zip says it belongs is not
    believed.
    """
    found: dict[str, bytes] = {}
    left = MAX_HAND_IN_BYTES

    def keep(name: str, file: IO[bytes]) -> None:
        nonlocal left
        found[name] = file.read(MAX_NOTEBOOK_BYTES + 1)
        left -= len(found[name])
        if left < 0:
            raise ValueError(f"its notebooks are larger than {MAX_HAND_IN_BYTES // 1_000_000} MB together")

    if entry.is_file() and entry.suffix.lower() == ".ipynb":
        with entry.open("rb") as file:
            keep(entry.name, file)
        return found
    if entry.is_dir():
        for path in sorted(entry.rglob("*.ipynb"), key=lambda path: (len(path.parts), path)):
            passed_over = path.name in found or ".ipynb_checkpoints" in path.parts
            if stat.S_ISREG(path.lstat().st_mode) and not passed_over:
                with path.open("rb") as file:
                    keep(path.name, file)
        return found
    with zipfile.ZipFile(entry) as archive:
        for member in sorted(
            archive.infolist(), key=lambda member: (member.filename.count("/"), member.filename)
        ):
            parts = PurePosixPath(member.filename.replace("\\", "/")).parts
            hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)
            if parts and parts[-1].endswith(".ipynb") and not hidden and parts[-1] not in found:
                with archive.open(member) as file:
                    keep(parts[-1], file)
    return found


def pick(released: Path, found: dict[str, bytes], official: list[str]) -> str | None:
    """The name of what was handed in for a released notebook: its own, or else that which holds most of
    its checks."""
    if released.name in found:
        return released.name
    checks = re.findall(r"check\(\\\"[a-z0-9-]+\\\"", released.read_text(encoding="utf-8"))
    others = [name for name in found if name not in official]
    scores = {name: sum(check.encode() in found[name] for check in checks) for name in others}
    best = max(scores, key=lambda name: scores[name], default=None)
    return best if best is not None and scores[best] else None
