"""What all processes of a room use together, added up from outside: for where no cgroup is to be had.

Counted are the proportional shares (PSS: a page that n processes share counts 1/n to each) of private memory and of memory
in swap, and the files in memory together with what is shared. Pages of libraries do not count: all kernels share them.
The zygote asks several times a second, so a room may use more for a moment. Source: proc(5).
"""

import os
from collections import defaultdict
from pathlib import Path

OFTEN = 0.2  # seconds


def used(outside: int, enough: int) -> int:
    """Bytes, or any number above `enough` as soon as it is exceeded; 0 for a room that has ended.

    outside: the process that waits outside of the room. It sees the room's files, and so the room's own table of processes.
    """
    try:
        room = Path(f"/proc/{outside}/root")
        system = os.statvfs(room)
        processes = [room / "proc" / name for name in os.listdir(room / "proc") if name.isdigit()]
    except OSError:
        return 0
    files = (system.f_blocks - system.f_bfree) * system.f_frsize
    # what it has at most costs 0.1 ms a process, its exact share up to 10 ms: that only where it matters
    most = [_sizes(process / "status") for process in processes]
    private = sum(one["RssAnon"] + one["VmSwap"] for one in most)
    shared = sum(one["RssShmem"] for one in most)
    if private + max(shared, files) <= enough:
        return private + max(shared, files)
    private = shared = 0
    for process, at_most in zip(processes, most, strict=True):
        try:
            exact = _sizes(process / "smaps_rollup")
            private += exact["Pss_Anon"] + exact["SwapPss"]
            shared += exact["Pss_Shmem"]
        except PermissionError:  # a process can forbid that, which shall not pay
            private += at_most["RssAnon"] + at_most["VmSwap"]
            shared += at_most["RssShmem"]
        if private + max(shared, files) > enough:
            break
    return private + max(shared, files)


def _sizes(path: Path) -> defaultdict[str, int]:
    """The sizes in a file of /proc by their names, in bytes; none for a process that has ended. Raises PermissionError."""
    found: defaultdict[str, int] = defaultdict(int)
    try:
        lines = path.read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        lines = []
    for line in lines:
        name, _, rest = line.partition(":")
        if rest.endswith(" kB"):
            found[name] = int(rest[:-3]) * 1024
    return found
