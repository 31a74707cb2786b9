"""What can go wrong before the room is open, said in one line."""


class LaunchError(Exception):
    """A start that cannot succeed: its message is one line for the person at the keyboard."""


class Stop(BaseException):
    """Somebody asked for the end (Ctrl-C, SIGTERM, a closed terminal); nothing may swallow it."""
