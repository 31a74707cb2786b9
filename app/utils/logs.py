"""Logs: one line an event, readable in a terminal or as JSON, with nobody's secrets in it.

Nothing that was sent to us can begin a line of its own or speak to a terminal: JSON escapes what
would, and for the terminal it is done here.
"""

import logging
import re
import sys
from typing import Final

import structlog

from app.utils.tracing import request_id

UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MARGIN: Final = "\n  | "


def set_up_logs(log_format: str, log_level: str = "info") -> None:
    """Send this program's and its libraries' logs to standard error in one shape."""
    level = logging.getLevelNamesMapping()[log_level.upper()]
    shared: list[structlog.typing.Processor] = [
        add_request_id,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderers(log_format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.INFO))
    logging.getLogger("app").setLevel(level)
    logging.getLogger("uvicorn.access").disabled = True


def debugging() -> bool:
    """Whether it is worth preparing what only a debug line says."""
    return logging.getLogger("app").isEnabledFor(logging.DEBUG)


def add_request_id(
    _logger: object, _name: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Name the request in whose course something is logged."""
    current = request_id.get()
    if current:
        line["request_id"] = current
    return line


def on_one_line(
    _logger: object, _name: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Show what cannot be seen; only a traceback has lines, and each is marked as a part of it."""
    for name, value in line.items():
        if name == "exception":
            line[name] = MARGIN.join(_seen(part) for part in ["", *str(value).split("\n")])
        elif isinstance(value, str):
            line[name] = _seen(value)
    return line


def _renderers(log_format: str) -> list[structlog.typing.Processor]:
    if log_format == "json":
        return [structlog.processors.JSONRenderer()]
    return [on_one_line, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def _seen(text: str) -> str:
    return UNSEEN.sub(lambda found: repr(found.group())[1:-1], text)
