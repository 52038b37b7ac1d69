"""System calls that no notebook needs, refused in a sandbox as if this Linux did not have them.

For two reasons. Memory that belongs to no process is seen by no limit but a cgroup's: files in memory without
a name, shared segments and queues of System V. And what few programs use was often the way out of such
sandboxes: io_uring, bpf, userfaultfd, perf, keys, tracing. Mounts and namespaces are forbidden already, by
missing rights. Sources: seccomp(2), the kernel's seccomp_filter; numbers from its tables of calls.
"""

import ctypes
import errno
import os
import struct

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, REFUSE, NO_FAMILY = 0x7FFF0000, 0x00050000 | errno.ENOSYS, 0x00050000 | errno.EAFNOSUPPORT
LOAD, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # of a classic BPF program
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where they stand in seccomp_data
X32 = 0x40000000  # from here on, calls of another kind on x86-64
# memfd_create, shmget, semget, msgget, ptrace, add_key, request_key, keyctl, perf_event_open, userfaultfd,
# bpf
CALLS = {
    "x86_64": (0xC000003E, (319, 29, 64, 68, 101, 248, 249, 250, 298, 323, 321)),
    "aarch64": (0xC00000B7, (279, 194, 190, 186, 117, 217, 218, 219, 241, 282, 280)),
}
SOCKETS = {"x86_64": (41, 53), "aarch64": (198, 199)}  # socket, socketpair: the family is the first argument
UNIX, INET, INET6, NETLINK = 1, 2, 10, 16
EVERYWHERE = (425, 426, 427, 447)  # io_uring_setup, _enter, _register, memfd_secret


def forbid_calls(libc: ctypes.CDLL) -> int:
    """For this process and all that it starts, for good.

    It must have given up new rights. Negative, with errno, if it failed.
    """
    machine, calls = CALLS[os.uname().machine]
    refused = calls + EVERYWHERE
    socket, pair = SOCKETS[os.uname().machine]
    n = len(refused)  # jumps are counted from the step behind them
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (IF_EQUAL, 0, n + 11, machine),
        (LOAD, 0, 0, NUMBER),
        (IF_AT_LEAST, n + 9, 0, X32),
        *((IF_EQUAL, n + 8 - index, 0, call) for index, call in enumerate(refused)),
        (IF_EQUAL, 1, 0, socket),
        (IF_EQUAL, 0, 6, pair),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (IF_EQUAL, 4, 0, UNIX),
        (IF_EQUAL, 3, 0, INET),
        (IF_EQUAL, 2, 0, INET6),
        (IF_EQUAL, 1, 0, NETLINK),
        (RETURN, 0, 0, NO_FAMILY),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    whole = struct.pack("@HP", len(program), ctypes.addressof(code))
    return libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, whole, 0, 0)
