import pytest_asyncio

from tests.support.cast import Scene, set_scene, sign_up_everybody
from tests.support.client import Api, Person
from tests.support.truth import Truth


@pytest_asyncio.fixture(scope="session")
async def accounts(api: Api, truth: Truth) -> dict[str, Person]:
    return await sign_up_everybody(api, truth)


@pytest_asyncio.fixture
async def scene(accounts: dict[str, Person]) -> Scene:
    return await set_scene(accounts)
