"""Locks on open files, which the system lets go however a process ends."""

from __future__ import annotations


def locked(file: int, *, wait: bool = True) -> bool:
    """Lock an open file for this process until it is closed.

    Args:
        file: its descriptor.
        wait: for another process that has it; else the answer is false then.

    Returns:
        Whether it is locked; true as well on Windows, which has no such locks.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
