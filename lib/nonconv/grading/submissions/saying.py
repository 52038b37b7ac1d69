"""Which files arrived, in words: the instructor and the student read them."""

import time

from nonconv.grading.submissions.names import as_text
from nonconv.grading.submissions.unpack import STAMP, File, is_archive, is_zip

SHOWN = 6  # names of files in one sentence
MAX_CHARS = 200  # of one of them


def arrived(files: list[File], meant: list[File]) -> str:
    """What there is instead of a notebook, but for files meant as other notebooks."""
    taken = {id(file) for file in meant}
    rest = [file for file in files if id(file) not in taken and file.name != STAMP]
    return f"; what arrived: {listed([_described(file) for file in rest])}" if rest else ""


def _described(file: File) -> str:
    name = repr(as_text(file.name)[-MAX_CHARS:])
    if file.is_notebook and file.kept is not None:
        is_empty = not (file.content or b"").strip()
        return f"an empty file {name}" if is_empty else f"the notebook {name}, which has none of its checks"
    if is_archive(file.name):
        return f"{name}, an archive that is not opened here (a .zip is)"
    return f"{name}, which could not be opened" if is_zip(file.name) or file.is_notebook else name


def shown(files: list[File]) -> list[str]:
    """Where each lay; of those that lay in places of one name also when it was handed in or changed."""
    paths = ["/".join(map(as_text, file.path))[-MAX_CHARS:] for file in files]
    return [
        repr(path) if paths.count(path) == 1 else f"{path!r} of {file.attempt or _time(file.changed)}"
        for path, file in zip(paths, files, strict=True)
    ]


def _time(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(moment))


def listed(words: list[str]) -> str:
    if len(words) > SHOWN:
        return ", ".join(words[:SHOWN]) + f" and {len(words) - SHOWN} more"
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
