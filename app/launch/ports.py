"""Ports: the one we serve on, taken once and early, and quiet ones for our own servers."""

import errno
import random
import socket

from app.launch.errors import LaunchError

LOOPBACK = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
# Below the range from which systems take the near end of outgoing connections.
QUIET = range(20_000, 32_768)


def listen(host: str, port: int) -> socket.socket:
    """Take the address people will use; port 0 takes any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise LaunchError(_why(error, host, port)) from error
    return listener


def address(listener: socket.socket) -> str:
    """Where a browser on this machine finds the listener."""
    host, port = listener.getsockname()[:2]
    if host in EVERYWHERE:
        host = LOOPBACK
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def free_port() -> int:
    """A port on the loopback address on which nobody listens right now."""
    for port in random.sample(QUIET, 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    raise LaunchError(f"No free port between {QUIET.start} and {QUIET.stop} on {LOOPBACK}.")


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is busy: stop what uses it, or choose another with PORT."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this user has: choose one above 1023 with PORT."
    return f"Cannot listen on {host}: {error.strerror or error}."
