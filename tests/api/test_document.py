import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.client import Api, Json
from tests.support.server import ROOT

PROBLEM = {"$ref": "#/components/schemas/Problem"}
WITHOUT_REFUSALS = {"healthz", "readyz", "metrics"}


@pytest.fixture(scope="module")
def document() -> Json:
    """The document as the command writes it, with no database at hand."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "app.cli", "openapi"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    written: Json = json.loads(ran.stdout)
    return written


def _operations(document: Json) -> Iterator[Json]:
    for path in document["paths"].values():
        yield from path.values()


async def test_the_servers_give_the_same_document(api: Api, document: Json) -> None:
    for at in (0, 1):
        assert (await api.nobody().send("GET", "/openapi.json", at=at)).json() == document


def test_operations_have_names_of_their_own(document: Json) -> None:
    names = [operation["operationId"] for operation in _operations(document)]
    assert len(names) == len(set(names))


def test_every_operation_says_how_it_refuses(document: Json) -> None:
    for operation in _operations(document):
        refusals = {
            status: answer
            for status, answer in operation["responses"].items()
            if status[0] in "45" and operation["operationId"] not in WITHOUT_REFUSALS
        }
        assert refusals or operation["operationId"] in WITHOUT_REFUSALS
        for status, answer in refusals.items():
            content = answer["content"]
            assert content == {"application/problem+json": {"schema": PROBLEM}}, (
                operation["operationId"],
                status,
            )


def test_every_operation_says_what_it_answers(document: Json) -> None:
    for operation in _operations(document):
        answers = [a for status, a in operation["responses"].items() if status[0] == "2"]
        assert answers, operation["operationId"]
        for answer in answers:
            for kind, content in answer.get("content", {}).items():
                assert content.get("schema") or kind != "application/json", operation


def test_every_reference_leads_somewhere(document: Json) -> None:
    for reference in _references(document):
        part: Any = document
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]
        assert part


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)
