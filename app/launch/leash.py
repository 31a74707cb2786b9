"""Runs a program that must not outlive the one who asked for it.

This file is executed, not imported: it is the first thing a child process runs, before it becomes
a server. So it needs nothing but the standard library, and no thread is in the way of what it does.

    leash.py PARENT SIGNAL UID GID REACH WATCH PROGRAM [ARGUMENT ...]

PARENT is the process to follow, SIGNAL what to send when it is gone, UID and GID whom to become
(-1 for nobody else), REACH whether that user may pass closed folders, WATCH a pipe that ends with
PARENT (-1 where the kernel tells).
"""

import ctypes
import os
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
LINUX_CAPABILITY_VERSION_3 = 0x20080522


def call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def prctl(option: int, *arguments: int) -> None:
    call("prctl", option, *(ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]))


def become(uid: int, gid: int, *, reach: bool) -> None:
    """Leave root for good; with `reach`, keep the one right that opens closed parent folders."""
    if reach:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if reach:
        mask = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0)
        call("capset", header, (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0))
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE)


def follow_by_kernel(parent: int, number: int) -> None:
    """Linux tells a child of its parent's death; asked for late, as a change of user forgets it."""
    prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        sys.exit(f"process {parent} is gone")


def follow_by_pipe(program: list[str], watch: int, number: int) -> int:
    """Elsewhere a small guard stays between the two, and reads a pipe that ends with the parent."""
    child = os.fork()
    if child == 0:
        os.close(watch)
        os.execv(program[0], program)  # noqa: S606 - our own command line

    def end_with_the_pipe() -> None:
        while os.read(watch, 1):
            pass
        os.kill(child, number)

    for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(wish, lambda asked, _frame: os.kill(child, asked))
    threading.Thread(target=end_with_the_pipe, daemon=True).start()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def main(arguments: list[str]) -> int:
    parent, number, uid, gid, reach, watch = map(int, arguments[:6])
    program = arguments[6:]
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    if uid >= 0:
        become(uid, gid, reach=bool(reach))
    if watch >= 0:
        return follow_by_pipe(program, watch, number)
    follow_by_kernel(parent, number)
    return os.execv(program[0], program)  # noqa: S606 - our own command line


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as error:
        sys.exit(f"{sys.argv[7]}: {error}")
