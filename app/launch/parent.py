"""Lets a command end with whoever started it, even if that one is killed."""

import os
import signal
import sys

from app.launch.leash import follow_by_kernel


def follow_parent() -> None:
    """End in order when our parent ends; on systems without such a word, stay."""
    if sys.platform == "linux":
        follow_by_kernel(os.getppid(), signal.SIGTERM)
