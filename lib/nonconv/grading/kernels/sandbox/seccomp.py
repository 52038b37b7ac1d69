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
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.ENOSYS
LOAD, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # of a classic BPF program
NUMBER, ARCHITECTURE = 0, 4  # where they stand in seccomp_data
X32 = 0x40000000  # from here on, calls of another kind on x86-64
# memfd_create, shmget, semget, msgget, ptrace, add_key, request_key, keyctl, perf_event_open, userfaultfd,
# bpf
CALLS = {
    "x86_64": (0xC000003E, (319, 29, 64, 68, 101, 248, 249, 250, 298, 323, 321)),
    "aarch64": (0xC00000B7, (279, 194, 190, 186, 117, 217, 218, 219, 241, 282, 280)),
}
EVERYWHERE = (425, 426, 427, 447)  # io_uring_setup, _enter, _register, memfd_secret


def forbid_calls(libc: ctypes.CDLL) -> int:
    """For this process and all that it starts, for good.

    It must have given up new rights. Negative, with errno, if it failed.
    """
    machine, calls = CALLS[os.uname().machine]
    refused = calls + EVERYWHERE
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (IF_EQUAL, 0, len(refused) + 3, machine),
        (LOAD, 0, 0, NUMBER),
        (IF_AT_LEAST, len(refused) + 1, 0, X32),
    ]
    program += [(IF_EQUAL, len(refused) - index, 0, call) for index, call in enumerate(refused)]
    program += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    whole = struct.pack("@HP", len(program), ctypes.addressof(code))
    return libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, whole, 0, 0)
