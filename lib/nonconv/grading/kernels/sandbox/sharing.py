"""Each sandbox's share of the processors, where no cgroup shares them out.

Linux gives each session the same share (autogroups), so a kernel has a session of its own. A notebook that
starts more sessions would get more shares: those count next to nothing, and only so many may be there. Where
Linux shares by process, all but the first process of a sandbox count little instead. The zygote looks several
times a second. Sources: sched(7), "The autogroup feature", "The nice value"; proc(5).
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

MAX_SESSIONS = 32  # honest notebooks have one for each program that runs at the time
LEAST = 19  # the nice value that gets least: 15 to the 1024 of 0
AUTOGROUPS = Path("/proc/sys/kernel/sched_autogroup_enabled")


def by_session() -> bool:
    """Does Linux share the processors by session?"""
    with contextlib.suppress(OSError):
        return AUTOGROUPS.read_text().strip() == "1"
    return False


def processes(pid: int) -> Iterator[int]:
    """A process's descendants by their numbers here; who loses its parent stays below the sandbox's first
    process."""
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        with contextlib.suppress(OSError):
            for path in Path(f"/proc/{one}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    found = list(map(int, path.read_text().split()))
                    waiting += found
                    yield from found


def share(supervisor: int, sessions: bool) -> int:
    """Let what a sandbox starts count little, so that all of it counts as one kernel; how many sessions it
    has.

    sessions: whether Linux shares by session, and not by process.
    """
    own = {os.getsid(supervisor)}
    for number, pid in enumerate(processes(supervisor)):
        with contextlib.suppress(OSError):  # it has just ended; or, as no root, only ten a second
            session = os.getsid(pid)
            if not sessions and number and os.getpriority(os.PRIO_PROCESS, pid) < LEAST:
                os.setpriority(os.PRIO_PROCESS, pid, LEAST)
            if session not in own:
                own.add(session)
                group = Path(f"/proc/{pid}/autogroup")
                if sessions and not group.read_text().endswith(f"nice {LEAST}\n"):
                    group.write_text(str(LEAST))
    return len(own)
