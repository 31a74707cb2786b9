"""Logs that a test sets up in its own process, put back for those after it."""

import logging
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture
def own_logs() -> Iterator[None]:
    root, own = logging.getLogger(), logging.getLogger("app")
    kept = root.handlers[:], root.level, own.level
    yield
    root.handlers[:], root.level, own.level = kept
    structlog.reset_defaults()
