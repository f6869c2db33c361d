"""Take from this process, for good, all that reading one file needs not. Linux; no library does all of it, nor is one needed.

In this order: Landlock (paths), limits, another user where we are root, no way back, seccomp (calls). Namespaces would do
part of it, but containers, Ubuntu's AppArmor and systemd's RestrictNamespaces= keep them from us (docs/adr/0023).
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

# Of no account in /etc/passwd: neither Debian (up to 64999) nor systemd's DynamicUser (61184–65519) gives it to anybody.
# It is not `nobody`, for PostgreSQL's files may be nobody's.
USER = 65_522
MOST_TASKS = 256
SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache")  # what a program of the system is made of

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _CLEAR_ALL = 1, 22, 38, 47, 4


class CannotConfine(Exception):
    """This machine doesn't let us; nothing was read."""


@dataclass(frozen=True)
class Limits:
    """How much one file may cost. `memory` is counted on top of what the process has at its start; `output`: of a file."""

    cpu: int = 10  # seconds
    wall: float = 30.0  # seconds
    memory: int = 512 * 2**20  # octets
    output: int = 32 * 2**20  # octets


def confine(limits: Limits, *, reads: Iterable[str] = (), writes: Iterable[str] = (), executes: bool = False) -> None:
    """`reads`: folders or files it may read (and execute); `writes`: folders it may fill, or files.

    Raises:
        CannotConfine: it would still be root.
    """
    beneath = _ruleset(reads=reads, writes=writes)
    _limit(limits, at_start=0 if executes else _size())
    _be_nobody()
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise CannotConfine("no_new_privs")
    if beneath is not None:
        if _libc.syscall(_RESTRICT_SELF, beneath, 0):
            raise CannotConfine("landlock")
        os.close(beneath)
    _forbid_calls(executes=executes)


def walls() -> dict[str, bool]:
    """Which of them this machine has: `paths` (Landlock), `calls` (seccomp)."""
    return {"paths": _landlock() > 0, "calls": platform.machine() in _ARCHITECTURES and _has_seccomp()}


def _size() -> int:
    """Of the address space of this process as it is."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _limit(limits: Limits, *, at_start: int) -> None:
    memory = at_start + limits.memory
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output, limits.output))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
    resource.setrlimit(resource.RLIMIT_MSGQUEUE, (0, 0))


def _be_nobody() -> None:
    """As root we become `USER`; whoever else we are, what rights we hold are put down."""
    try:
        if 0 in os.getresuid():
            resource.setrlimit(resource.RLIMIT_NPROC, (MOST_TASKS, MOST_TASKS))  # of this user, all decoders together
            os.setgroups([])
            os.setresgid(USER, USER, USER)
            os.setresuid(USER, USER, USER)
    except OSError as refused:
        raise CannotConfine(f"still root: {refused.strerror}") from refused
    if 0 in os.getresuid():
        raise CannotConfine("still root")
    _libc.prctl(_PR_CAP_AMBIENT, _CLEAR_ALL, 0, 0, 0)
    header, nothing = struct.pack("=Ii", 0x20080522, 0), bytes(24)
    _libc.capset(header, nothing)


# ── Landlock: paths (Documentation/userspace-api/landlock.rst) ───────────────────────────────────────────────────────
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_FILE, _MAKE_REG, _TRUNCATE = (
    1 << bit for bit in (0, 1, 2, 3, 5, 8, 14)
)
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_BITS = {1: 13, 2: 14, 3: 15, 4: 15}  # version of the interface → kinds of access it knows; 16 from the fifth on


def _landlock() -> int:
    """The version of the interface here; 0: none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)))


def _ruleset(*, reads: Iterable[str], writes: Iterable[str]) -> int | None:
    """A ruleset that forbids every path but these; None where the kernel has no Landlock."""
    if not (version := _landlock()):
        return None
    handled = (1 << _BITS.get(version, 16)) - 1
    attributes = struct.pack("=Q", handled)
    made = int(_libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0))
    if made < 0:
        raise CannotConfine("landlock")
    for path in reads:
        _allow(made, path, (_READ_FILE | _READ_DIR | _EXECUTE) & handled)
    for path in writes:
        both = _READ_FILE | _READ_DIR | _WRITE_FILE | _MAKE_REG | _REMOVE_FILE | _TRUNCATE
        _allow(made, path, both & handled)
    return made


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return  # /lib64 isn't everywhere
    try:
        if not Path(path).is_dir():
            access &= _OF_A_FILE
        if _libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", access, opened), 0):
            raise CannotConfine("landlock")
    finally:
        os.close(opened)


# ── seccomp: calls (linux/filter.h, linux/seccomp.h) ─────────────────────────────────────────────────────────────────
# Neither network, nor other processes, nor the kernel's rarer doors; name → number on x86-64 and on ARM64 (None: it has
# no such call). What exec'd programs need, `executes` leaves.
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_CALLS: dict[str, tuple[int, int | None]] = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "sendto": (44, 206), "sendmsg": (46, 211),
    "bind": (49, 200), "listen": (50, 201), "socketpair": (53, 199), "accept4": (288, 242),
    "fork": (57, None), "vfork": (58, None), "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "unshare": (272, 97), "setns": (308, 268),
    "mount": (165, 40), "umount2": (166, 39), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "shmget": (29, 194), "msgget": (68, 186), "mq_open": (240, 180),
}  # fmt: skip
_RUNS = {"execve": (59, 221), "execveat": (322, 281)}
_CLONE, _CLONE3, _TGKILL, _PRLIMIT = (56, 220), (435, 435), (234, 131), (302, 261)
_CLONE_THREAD = 0x10000
_ALLOW, _EPERM, _ENOSYS = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # where they stand in struct seccomp_data

Instruction = tuple[int, int, int, int]  # code, how many to skip if true, and if false, the operand


def _has_seccomp() -> bool:
    """Asked with a filter of nothing: the kernel that knows the call says that the address is bad."""
    _libc.prctl(_PR_SET_SECCOMP, 2, None, 0, 0)
    return ctypes.get_errno() == 14  # EFAULT


def _forbid_calls(*, executes: bool) -> None:
    if platform.machine() not in _ARCHITECTURES:
        return
    instructions = _instructions(*_ARCHITECTURES[platform.machine()], executes=executes)
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in instructions))
    program = struct.pack("=HxxxxxxQ", len(instructions), ctypes.addressof(code))
    if _libc.prctl(_PR_SET_SECCOMP, 2, program, 0, 0) and ctypes.get_errno() != 22:  # EINVAL: a kernel without it
        raise CannotConfine("seccomp")


def _instructions(column: int, architecture: int, *, executes: bool) -> list[Instruction]:
    """Forbidden calls fail with EPERM. Threads may be begun, this process may end itself: they take an argument's look."""
    made: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _EPERM),
        (_LOAD, 0, 0, _NUMBER),
    ]  # fmt: skip
    if sys.maxsize > 2**32 and column == 0:  # x32's numbers are the same calls
        made += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _EPERM)]
    for numbers in [*_CALLS.values(), *(() if executes else _RUNS.values())]:
        if (number := numbers[column]) is not None:
            made += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _EPERM)]
    made += [(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _ENOSYS)]  # its flags can't be seen: libc takes clone
    for call, test, operand in (
        (_CLONE, _ANY_BIT, _CLONE_THREAD),
        (_TGKILL, _EQUAL, os.getpid()),
        (_PRLIMIT, _EQUAL, 0),
    ):
        made += _only_where(call[column], test, operand)
    return [*made, (_RETURN, 0, 0, _ALLOW)]


def _only_where(number: int, test: int, operand: int) -> Sequence[Instruction]:
    """The call is allowed where its first argument is so."""
    return [
        (_EQUAL, 0, 4, number), (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (test, 1, 0, operand), (_RETURN, 0, 0, _EPERM), (_RETURN, 0, 0, _ALLOW),
    ]  # fmt: skip
