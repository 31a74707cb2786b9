import logging

import orjson
import pytest
import structlog

from app.utils.logs import MARGIN, debugging, on_one_line, set_up_logs
from app.utils.tracing import accepted, request_id

EVIL = "a\nb\rc\x1b[31md\u2028e\x85f\x00"


pytestmark = pytest.mark.usefixtures("own_logs")


def test_what_cannot_be_seen_is_shown() -> None:
    line = on_one_line(None, "", {"event": EVIL, "path": EVIL, "count": 3})
    shown = r"a\nb\rc\x1b[31md\u2028e\x85f\x00"
    assert line == {"event": shown, "path": shown, "count": 3}


def test_a_traceback_keeps_its_lines_behind_a_margin() -> None:
    line = on_one_line(None, "", {"exception": "Traceback\nValueError: \x1b\nforged"})
    assert line["exception"] == f"{MARGIN}Traceback{MARGIN}ValueError: \\x1b{MARGIN}forged"


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_every_line_names_its_request(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(log_format)
    token = request_id.set("word")
    structlog.get_logger("app.test").warning("happened", path=EVIL)
    logging.getLogger("elsewhere").warning("happened %s", EVIL)
    request_id.reset(token)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert all("word" in line and "\x1b[31m" not in line for line in said)
    if log_format == "json":
        assert [orjson.loads(line)["request_id"] for line in said] == ["word", "word"]


@pytest.mark.parametrize(("level", "lines"), [("debug", 2), ("info", 1)])
def test_a_level_is_kept(level: str, lines: int, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("json", level)
    structlog.get_logger("app.test").debug("small")
    structlog.get_logger("app.test").info("large")
    logging.getLogger("elsewhere").debug("noise")
    assert len(capsys.readouterr().err.splitlines()) == lines
    assert debugging() is (level == "debug")


def test_an_id_is_kept_where_it_is_sane() -> None:
    assert accepted("0af7651916cd43dd-8448eb211c80319c") == "0af7651916cd43dd-8448eb211c80319c"
    assert len({accepted(bad) for bad in ("", "a\n", "a\nb", "é", "x" * 65)}) == 5
    assert all(len(accepted(bad)) == 16 for bad in ("", "a\n", "a b"))
