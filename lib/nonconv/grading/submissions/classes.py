"""Is a folder or a zip the work of one student or of several? By the names of what lies in it.

An LMS's names say it. Else a class is known by its folders or files, each of which has a notebook of the unit
under what may be a person's name. What one student has, versions and backups, has other names.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from nonconv.grading.submissions.names import sender
from nonconv.grading.submissions.unpack import (
    ARCHIVE,
    CERTIFICATE,
    CHECKPOINTS,
    NOTEBOOK,
    File,
    is_certificate,
    is_zip,
)

# of which the name of a version is made, with numbers or without
VERSION_WORDS = (
    "v ver version versions attempt try old new final draft backup copy first second third last latest the"
    " and my of von entwurf alt neu erste zweite letzte kopie версия попытка черновик"
)
# folders that nobody is called after: those of this course, and of a student's own disk
NOBODY = re.compile(
    r"(lectures?|exercises?|solutions?|units?|lib|docs|tests|release|submitted|inbox|feedback"
    r"|(work|home|homework|notebooks?|downloads?|desktop|documents|working files)([ ._-]*\d*)"
    r"|(mon|tues|wednes|thurs|fri|satur|sun)day|\d+([._ -]\d+)+"
    r"|(copy|backup|kopie|sicherung) (of|von) .*|checkpoints?)",
    re.I,
)
# what programs put around the name of a copy
COPY_OF = re.compile(r"^(copy of|kopie von|copie de|c[oó]pia de|kopia|копия|副本) +", re.I)
VERSION_BEHIND = re.compile(
    r"([ _.-]*\(\d+\)|[ _.-]+(v|ver|version|attempt|try|copy|kopie)[ ._-]?\d+"
    r"|[ _.-]+(final|copy|kopie|draft))+$",
    re.I,
)
MANY = 3  # so many names of one kind are no chance


def of_a_class(files: list[File], official: list[str], two_are_enough: bool) -> list[File]:
    """The files as they lie below a folder around all, if they are the work of several students; else none.

    `two_are_enough`: two folders with the unit's notebooks are two students. In somebody's folder, beside
    those of others, they may be two versions.
    """
    works = [
        file for file in files if (file.is_notebook or is_certificate(file.name)) and not file.is_checkpoint
    ]
    depth = _common_folders(works)
    works = [replace(file, path=file.path[depth:]) for file in works]
    if not works or not (
        _by_an_lms(works, official, two_are_enough) or _by_names(works, official, two_are_enough)
    ):
        return []
    return [replace(file, path=file.path[depth:]) for file in files if len(file.path) > depth]


def _by_an_lms(works: list[File], official: list[str], two_are_enough: bool) -> bool:
    known = [sender(file.path[0]) for file in works]
    sure = {one.key for one in known if one is not None and one.layout != "Google Classroom"}
    if len(sure) > 1 or (sure and all(known)):
        return True
    # names such as Google Classroom's are like anybody's
    likely = {one.key for one in known if one is not None and is_named_after(one.rest, official)}
    return all(known) and len(likely) >= (2 if two_are_enough else MANY)


def _by_names(works: list[File], official: list[str], two_are_enough: bool) -> bool:
    folders = {file.path[0] for file in works if len(file.path) > 1}
    loose = [file.path[0] for file in works if len(file.path) == 1]
    ours = {
        file.path[0]
        for file in works
        if len(file.path) > 1
        and (is_named_after(file.name, official) or is_certificate(file.name) or is_zip(file.path[0]))
    }
    persons = {one for one in ours if not _is_nobody(one, official)}
    if len(persons) >= MANY and 2 * len(persons) >= len(folders):
        return True
    if two_are_enough and len(persons) > 1 and persons == folders and not loose:
        return True
    named = {person for name in loose if (person := person_in(name, official))}
    return len(named) >= MANY and 2 * len(named) >= len(loose)


def _is_nobody(folder: str, official: list[str]) -> bool:
    words = is_version(stem(folder)) or NOBODY.fullmatch(stem(folder)) is not None
    return words or folder == CHECKPOINTS or any(stem(folder).startswith(stem(one)) for one in official)


def is_version(name: str) -> bool:
    """Is a name made of such words as v2, final or second try?"""
    words = re.findall(r"[^\W\d_]+", name.casefold())
    return bool(words) and set(VERSION_WORDS.split()).issuperset(words)


def _common_folders(files: list[File]) -> int:
    """How many folders lie around all of them, such as one that is called after the zip."""
    depth = 0
    while files and all(len(file.path) > depth + 1 for file in files):
        names = {file.path[depth] for file in files}
        if len(names) > 1 or sender(files[0].path[depth]) is not None:
            break
        depth += 1
    return depth


def person_in(name: str, official: Iterable[str]) -> str:
    """Who stands beside the notebook's name in a file's: ada of ada_02-….ipynb and 02-… (ada) v2.ipynb."""
    own = _without_ending(stem(name))
    for one in sorted(map(stem, official), key=len, reverse=True):
        found = re.search(re.escape(one), own, re.I)
        if found is None:
            continue
        behind = VERSION_BEHIND.sub("", own[found.end() :])
        person = own[: found.start()].strip(" _-.") or behind.strip(" _-.()")
        if person and not is_version(person) and not person.isdigit():
            return person
    return ""


def is_named_after(name: str, official: Iterable[str]) -> bool:
    """Does it hold the name of one of the unit's notebooks?"""
    return any(stem(one).casefold() in name.casefold() for one in official)


def stem(name: str) -> str:
    """Of a notebook, a zip or a certificate, also of `.ipynb.txt`, in capitals, and of "Copy of …"."""
    name = NOTEBOOK.sub("", COPY_OF.sub("", name))
    return CERTIFICATE.sub("", re.sub(r"(?i)\.zip$", "", ARCHIVE.sub("", name)))


def _without_ending(name: str) -> str:
    """Of what was handed in instead: a .py, a .pdf, a .html."""
    return re.sub(r"(?i)\.(py|pdf|html?|md|txt|docx?|json)$", "", name)
