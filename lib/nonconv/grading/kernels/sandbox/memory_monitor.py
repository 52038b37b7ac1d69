"""What all processes of a room use together, added up from outside: for where no cgroup is to be had.

Counted are the proportional shares (PSS: a page that n processes share counts 1/n to each) of private memory and of memory
in swap, and the files in memory together with what is shared. Pages of libraries do not count: all kernels share them.
The zygote asks several times a second, so a room may use more for a moment. Source: proc(5).
"""

import math
import os
import resource
import time
from collections import defaultdict
from pathlib import Path

PAGE = resource.getpagesize()
OFTEN = 0.2  # seconds from one look to the next
AT_ONCE = 0.1  # seconds that a look at one room may take
Known = dict[str, tuple[tuple[int, ...], int, int]]  # process -> its state, and its private and shared bytes


def used(outside: int, enough: int, known: Known | None = None, seconds: float = math.inf) -> int:
    """Bytes, exact where it may be more than `enough`; 0 for a room that has ended.

    outside: the process that waits outside of the room. It sees the room's files, and so the room's own table of processes.
    known: what earlier calls found, kept up to date. A call that has looked for so many seconds leaves the rest to the next.
    """
    try:
        room = Path(f"/proc/{outside}/root")
        system = os.statvfs(room)
        processes = [room / "proc" / name for name in os.listdir(room / "proc") if name.isdigit()]
    except OSError:
        return 0
    files = (system.f_blocks - system.f_bfree) * system.f_frsize
    # what it has at most costs 0.1 ms a process, its exact share up to 20 ms: that only where it matters
    most = {process: _at_most(process) for process in processes}
    private, shared = (sum(sizes) for sizes in zip((0, 0), *most.values(), strict=True))
    if private + max(shared, files) <= enough:
        return private + max(shared, files)
    known = {} if known is None else known
    for name in known.keys() - {process.name for process in processes}:
        del known[name]
    # whoever had no page fault got no memory; who got most since we looked comes first
    states = {process: (_faults(process) * PAGE, *most[process]) for process in processes}
    before = {process: known.get(process.name, ((), 0, 0))[0] for process in processes}
    suspects = [process for process in processes if before[process] != states[process]]
    end = time.monotonic() + seconds
    for process in sorted(suspects, key=lambda one: sum(before[one]) - sum(states[one])):
        try:
            exact = _sizes(process / "smaps_rollup")
            sizes = exact["Pss_Anon"] + exact["SwapPss"], exact["Pss_Shmem"]
        except PermissionError:  # a process can forbid that, which shall not pay
            sizes = most[process]
        known[process.name] = states[process], *sizes
        if time.monotonic() > end:
            break
    private = sum(one[1] for one in known.values())
    shared = sum(one[2] for one in known.values())
    if private + max(shared, files) > enough and seconds < math.inf:
        # a share that was seen before a fork is too large after it: nobody is ended without looking at all of them again
        known.clear()
        return used(outside, enough, known)
    return private + max(shared, files)


def _at_most(process: Path) -> tuple[int, int]:
    found = _sizes(process / "status")
    return found["RssAnon"] + found["VmSwap"], found["RssShmem"]


def _faults(process: Path) -> int:
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(fields[7]) + int(fields[9])


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
