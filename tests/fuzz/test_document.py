"""Whatever the OpenAPI document allows, and much that it forbids, is answered as it says."""

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any, Final

import orjson
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.cast import upload_image
from tests.support.client import Person, connect
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.server import Server

# A stream has no end to wait for; it has a fuzz of its own.
ENDLESS: Final = {"stream_event"}
EXAMPLES: Final = 3
# What the framework and the guards refuse before any route is reached.
BEFORE_ROUTES: Final = {400, 404, 405, 413, 415, 422}
BOUNDED: Final = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)


class Scene:
    """Somebody with an event, and the ids that lead to what is in it."""

    def __init__(self, url: str, host: Person, room: Room, ids: dict[str, str]) -> None:
        self.url, self.host, self.room, self.ids = url, host, room, ids

    def headers(self, case: Case) -> dict[str, str]:
        """Return the headers of a session, and of one of its own where the request may end it."""
        if "/auth/" not in case.path:
            return self.host.headers
        token = requests.post(
            f"{self.url}/api/auth/tokens", json={"name": "fuzz"}, headers=self.host.headers
        )
        return {"Authorization": f"Bearer {token.json()['token']}"}

    def aim(self, case: Case, *, at_home: bool) -> None:
        """Let a case mean what exists: ids that are only drawn are all unknown."""
        for name in case.path_parameters or {}:
            if at_home and name in self.ids:
                case.path_parameters[name] = self.ids[name]


async def _scene(host: Person, url: str) -> Scene:
    room = await open_room(host, policies=MANUAL, start=True)
    (guest,) = await room.guests(1)
    comment = await host.ok("POST", f"{room.path}/comments", {"content": "Hello"})
    image_id = await upload_image(room, host)
    image = {"kind": "image", "text": "A map", "attachment_id": image_id}
    block = await host.ok("POST", f"{room.path}/brief/blocks", image)
    kept = await host.ok("POST", f"{room.path}/brief/snapshots", {"name": "Kept"})
    ids = {
        "event_id": room.id,
        "block_id": str(block["id"]),
        "image_id": image_id,
        "snapshot_id": str(kept["id"]),
        "membership_id": str(guest.membership["id"]),
        "proposal_id": await room.propose(host),
        "criterion_id": room.criterion,
        "comment_id": str(comment["id"]),
    }
    return Scene(url, host, room, ids)


@pytest.fixture(scope="module")
def document(servers: tuple[Server, Server]) -> Any:
    written = requests.get(f"{servers[0].url}/api/openapi.json", timeout=30).json()
    return schemathesis.openapi.from_dict(written)


def _operations(document: Any) -> Iterator[Any]:
    for found in document.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.definition.raw["operationId"] not in ENDLESS:
            yield operation


def check(case: Case, answer: Any) -> None:
    """No server error; every refusal a problem document; every answer as it is described."""
    assert answer.status_code < 500, f"{case.as_curl_command()}: {answer.text}"
    if answer.status_code >= 400:
        kind = answer.headers["content-type"][0]
        assert kind == "application/problem+json", f"{case.as_curl_command()}: {answer.text}"
        problem = orjson.loads(answer.content)
        assert problem["status"] == answer.status_code
        assert problem["type"] == f"urn:assent:problem:{problem['code']}"
        if answer.status_code in BEFORE_ROUTES:
            return
    case.validate_response(
        answer,
        checks=[
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )


@pytest.mark.timeout(300)
async def test_every_operation_answers_as_the_document_says(
    servers: tuple[Server, Server], document: Any
) -> None:
    url = servers[0].url
    count = itertools.count()
    async with connect(url) as api:
        host = await api.sign_up("Fuzz")
        looked_at = await _scene(host, url)
        for operation in _operations(document):
            reads = operation.method == "get"  # and leaves the scene to the next
            scene = looked_at if reads else await _scene(host, url)
            _try_out(operation, scene, count)
    assert next(count) > 150


def _try_out(operation: Any, scene: Scene, count: Iterator[int]) -> None:
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        strategy = operation.as_strategy(generation_mode=mode)

        @BOUNDED
        @given(case=strategy, at_home=st.sampled_from([True, True, True, False]))
        def try_one(case: Case, at_home: bool) -> None:
            scene.aim(case, at_home=at_home)
            check(case, case.call(base_url=scene.url, headers=scene.headers(case)))
            next(count)

        # Where everything is allowed, nothing can be drawn that is not.
        with contextlib.suppress(Unsatisfiable):
            try_one()


async def test_what_one_answer_links_to_another_takes(
    servers: tuple[Server, Server], document: Any
) -> None:
    """The stateful phase: ids that one operation answers are what the next is asked about."""
    url = servers[0].url
    async with connect(url) as api:
        scene = await _scene(await api.sign_up("Links"), url)
    machine = document.exclude(operation_id=list(ENDLESS)).as_state_machine()

    wrong: list[BaseException] = []

    class Links(machine):  # type: ignore[misc, valid-type]
        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            assert case.operation
            return {"base_url": scene.url, "headers": scene.headers(case)}

        def validate_response(self, response: Any, case: Case, **_: Any) -> None:
            try:
                check(case, response)
            except BaseException as error:
                wrong.append(error)
                raise

    # The event remembers what was done to it, so no run is quite like another.
    with contextlib.suppress(Flaky):
        Links.run(settings=settings(BOUNDED, max_examples=6, stateful_step_count=8))
    assert wrong == []
