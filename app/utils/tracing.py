"""The request id: one word that leads from a request to its log lines, its commit and its frame.

Kept in a variable of its own rather than in structlog's: it is set for every request and read for
every write, and this costs a tenth.
"""

import random
import re
from contextvars import ContextVar
from typing import Final

# What is safe in a header, in a log line and in a shell, and nothing that ends a line.
SANE: Final = re.compile(r"[A-Za-z0-9._:/+=@-]{1,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that runs here, or nothing outside of one."""


def accepted(given: str) -> str:
    """Return a caller's own id where it is sane, else a new one."""
    return given if SANE.fullmatch(given) else f"{random.getrandbits(64):016x}"
