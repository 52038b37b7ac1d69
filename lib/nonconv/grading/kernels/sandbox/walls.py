"""Which walls stand around student code on this machine, in a line for whoever grades."""

import os

from nonconv.grading.kernels.sandbox import cgroups, namespaces, sharing

NONE = "Isolation: none: student code has your own rights, and can read and change your files."


def walls(isolated: bool = True) -> str:
    """What isolates student code here, what is missing, and what that means.

    It is what a process in a sandbox found, and which cgroups were handed over. OSError if no sandbox can be
    built, or a cgroup that was handed over cannot be used.
    """
    if not isolated:
        return NONE
    found = namespaces.tried()
    if isinstance(found, str):
        raise OSError(found)
    limited = cgroups.limited(cgroups.parents())
    standing = [
        f"namespaces ({', '.join(found['namespaces'])})",
        f"Landlock {found['landlock']}",
        *(["a filter of system calls"] if found["seccomp"] else []),
        *(["no capabilities"] if not found["capabilities"] else []),
        *(["a user number for each hand-in"] if os.geteuid() == 0 else []),
        *([f"cgroups for {_and(limited)}"] if limited else []),
    ]
    missing = [
        *([] if found["seccomp"] else ["no filter of system calls: a gap in Linux would be open"]),
        *(
            []
            if os.geteuid() == 0
            else ["not root: all hand-ins have your user number, each in its own table"]
        ),
        *_without(limited),
    ]
    return f"Isolation: {', '.join(standing)}." + (f" Missing: {'; '.join(missing)}." if missing else "")


def _without(limited: list[str]) -> list[str]:
    """What follows where a controller is missing."""
    found = []
    if "memory" not in limited:
        found.append(
            "no cgroup for memory: it is added up from outside, so a hand-in may exceed it for a moment"
        )
    if "processor time" not in limited:
        how = "session" if sharing.by_session() else "process"
        found.append(
            f"no cgroup for processor time: Linux shares it by {how}, and a hand-in's others count little"
        )
    return found


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
