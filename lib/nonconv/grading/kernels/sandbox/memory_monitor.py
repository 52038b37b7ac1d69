"""The memory that all processes of a sandbox use together, added up from outside: for where no cgroup is to
be had.

Counted are the proportional shares (PSS: a page that n processes share counts 1/n to each) of private memory
and of memory in swap, and the files in memory together with what is shared. Pages of libraries do not count:
all kernels share them. The zygote looks several times a second, so a sandbox may use more for a moment.
Source: proc(5).
"""

import math
import os
import resource
import time
from collections import defaultdict
from pathlib import Path

PAGE = resource.getpagesize()
INTERVAL = 0.2  # seconds from one look to the next
MAX_LOOK_SECONDS = 0.1  # at one sandbox
Cache = dict[str, tuple[tuple[int, ...], int, int]]  # process -> its state, and its private and shared bytes


def memory_in_use(
    supervisor_pid: int, limit: int, cache: Cache | None = None, deadline: float = math.inf
) -> int:
    """Bytes, exact where it may be more than `limit`; 0 for a sandbox that has ended.

    supervisor_pid: the process that waits outside of the sandbox. It sees the sandbox's files, and so its own
    table of processes. cache: what earlier calls found, kept up to date. What is not looked at before the
    deadline (of `time.monotonic`) is left to the next call.
    """
    try:
        root = Path(f"/proc/{supervisor_pid}/root")
        system = os.statvfs(root)
        processes = [root / "proc" / name for name in os.listdir(root / "proc") if name.isdigit()]
    except OSError:
        return 0
    files = (system.f_blocks - system.f_bfree) * system.f_frsize
    # an upper bound takes 0.1 ms a process, its exact share up to 20 ms: that only where it matters
    bounds = {process: _upper_bound(process) for process in processes}
    private, shared = (sum(sizes) for sizes in zip((0, 0), *bounds.values(), strict=True))
    if private + max(shared, files) <= limit:
        return private + max(shared, files)
    cache = {} if cache is None else cache
    for name in cache.keys() - {process.name for process in processes}:
        del cache[name]
    # a process without a page fault got no memory; the one that got most since the last look comes first
    states = {process: (_faults(process) * PAGE, *bounds[process]) for process in processes}
    before = {process: cache.get(process.name, ((), 0, 0))[0] for process in processes}
    suspects = [process for process in processes if before[process] != states[process]]
    for process in sorted(suspects, key=lambda one: sum(before[one]) - sum(states[one])):
        cache[process.name] = states[process], *_exact(process, bounds[process])
        if time.monotonic() > deadline:
            break
    private = sum(one[1] for one in cache.values())
    shared = sum(one[2] for one in cache.values())
    if private + max(shared, files) > limit and deadline < math.inf:
        # a share that was seen before a fork is too large after it: no sandbox is ended without looking at
        # all of it again
        cache.clear()
        return memory_in_use(supervisor_pid, limit, cache)
    return private + max(shared, files)


def _upper_bound(process: Path) -> tuple[int, int]:
    found = _sizes(process / "status")
    return found["RssAnon"] + found["VmSwap"], found["RssShmem"]


def _exact(process: Path, bound: tuple[int, int]) -> tuple[int, int]:
    try:
        found = _sizes(process / "smaps_rollup")
    except PermissionError:  # a process can forbid that, and must not gain by it
        return bound
    return found["Pss_Anon"] + found["SwapPss"], found["Pss_Shmem"]


def _faults(process: Path) -> int:
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(fields[7]) + int(fields[9])


def _sizes(path: Path) -> defaultdict[str, int]:
    """The sizes in a file of /proc by their names, in bytes; none for a process that has ended.

    Raises PermissionError.
    """
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
