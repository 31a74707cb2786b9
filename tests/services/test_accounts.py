import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from app.config import Settings
from app.models import PasswordReset, Session, User
from app.models.base import new_id
from app.models.bodies import Claim, Guest, ProfileEdit, SignUp
from app.models.callers import Caller
from app.models.errors import Conflict, Invalid, NotFound, NotSignedIn
from app.models.statuses import Locale
from app.services import accounts, entry, sessions
from app.services.housekeeping import Housekeeping
from app.services.sessions import Callers
from app.services.staff import create_admin_account
from app.utils.mail import Mail, Mailer
from app.utils.security import hash_password, token_hash
from app.utils.stores import DiskStore
from tests.support.recorder import recorded
from tests.support.stage import Cast, Meeting, Stage


class Letters(Mailer):
    """A mailer whose letters can be read."""

    def __init__(self) -> None:
        super().__init__("", "", None)
        self.written: list[Mail] = []

    def send(self, mail: Mail) -> None:
        self.written.append(mail)


def address() -> str:
    return f"{new_id()}@Example.org"


async def do(stage: Stage, work: Any, *args: Any, key: Any = None) -> Any:
    return orjson.loads((await stage.write(None, work, *args, key=key)).body)


async def sign_up(
    stage: Stage, email: str | None = None, hashed: str = "none"
) -> tuple[Caller, str]:
    body = SignUp(email=email or address(), password="long enough", name="Anna")
    signed = await do(stage, accounts.sign_up, body, hashed, 30, "browser")
    return await find(stage, signed["token"]), signed["token"]


async def find(stage: Stage, token: str) -> Caller:
    caller = await Callers(stage.database).find(token)
    assert caller is not None
    return caller


async def user(stage: Stage, caller: Caller) -> User:
    return await sessions.find_user(stage.database, caller)


async def test_who_signs_up_is_signed_in(stage: Stage) -> None:
    caller, token = await sign_up(stage)
    assert (caller.name, caller.is_guest, caller.is_staff) == ("Anna", False, False)
    async with stage.database.read() as session:
        stored = await session.get_one(Session, caller.session_id)
    assert stored.token_hash == token_hash(token)
    assert (await user(stage, caller)).last_seen_at is not None


async def test_an_email_has_one_account_whatever_its_case(stage: Stage) -> None:
    email = address()
    await sign_up(stage, email)
    with pytest.raises(Conflict, match="email_taken"):
        await sign_up(stage, email.upper())


async def test_two_who_sign_up_at_once_are_one_account(stage: Stage) -> None:
    email = address()
    found = await asyncio.gather(*(sign_up(stage, email) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in found) == 4


async def test_credentials_are_checked(stage: Stage) -> None:
    email = address()
    caller, _ = await sign_up(stage, email, await hash_password("long enough"))
    known = await accounts.check_credentials(stage.database, email.lower(), "long enough")
    assert known == caller.id
    for wrong in ((email, "wrong"), (address(), "long enough")):
        with pytest.raises(NotSignedIn, match="wrong_credentials"):
            await accounts.check_credentials(stage.database, *wrong)


async def test_a_guest_claims_the_account_and_keeps_it(meeting: Meeting, cast: Cast) -> None:
    stage, door = meeting.stage, await meeting.door()
    body = Guest(name="Gast", entrance_code=door.entrance_code)
    answer = await stage.write(meeting.id, entry.enter_as_guest, body, door, 30)
    signed = orjson.loads(answer.body)
    guest = await find(stage, signed["token"])
    assert (guest.is_guest, signed["membership"]["status"]) == (True, "ACCEPTED")
    claim = Claim(email=address(), password="long enough")
    claimed = await do(stage, accounts.claim, guest, claim, "hashed", 30, "")
    assert claimed["user"]["id"] == str(guest.id)
    assert await Callers(stage.database).find(signed["token"]) is None
    assert not (await find(stage, claimed["token"])).is_guest
    with pytest.raises(Conflict, match="not_a_guest"):
        await do(stage, accounts.claim, cast.owner, claim, "hashed", 30, "")
    await meeting.check()


async def test_an_email_that_is_taken_is_not_claimed(stage: Stage, cast: Cast) -> None:
    email = address()
    await sign_up(stage, email)
    claim = Claim(email=email, password="long enough")
    with pytest.raises(Conflict, match="email_taken"):
        await do(stage, accounts.claim, cast.guest, claim, "hashed", 30, "")


async def test_a_new_password_ends_the_other_sessions(stage: Stage) -> None:
    caller, token = await sign_up(stage)
    other = await do(stage, accounts.log_in, caller.id, 30, "phone")
    edit = ProfileEdit(name="Berta", locale=Locale.KOREAN, password="longer still")
    changed = await do(stage, accounts.edit_profile, caller, edit, "hashed")
    assert (changed["name"], changed["locale"]) == ("Berta", "ko")
    assert await Callers(stage.database).find(other["token"]) is None
    assert (await find(stage, token)).name == "Berta"
    assert len(stage.told.ended) >= 1


async def test_a_profile_keeps_what_is_not_named(stage: Stage) -> None:
    caller, _ = await sign_up(stage)
    changed = await do(stage, accounts.edit_profile, caller, ProfileEdit(), None)
    assert (changed["name"], changed["locale"]) == ("Anna", "en")


async def test_a_new_password_asks_for_the_present_one(stage: Stage, cast: Cast) -> None:
    caller, _ = await sign_up(stage, hashed=await hash_password("long enough"))
    edit = ProfileEdit(password="longer still", current_password="wrong")
    with pytest.raises(Invalid, match="wrong_password"):
        await accounts.new_password_hash(stage.database, caller, edit)
    with pytest.raises(Conflict, match="guest"):
        await accounts.new_password_hash(stage.database, cast.guest, edit)
    right = edit.model_copy(update={"current_password": "long enough"})
    assert (await accounts.new_password_hash(stage.database, caller, right) or "").startswith("$")
    assert await accounts.new_password_hash(stage.database, caller, ProfileEdit()) is None


async def reset_token(stage: Stage, email: str) -> str:
    letters = Letters()
    await do(stage, accounts.request_reset, email, letters, "")
    return letters.written[0].text.partition("#")[2].split()[0]


async def test_a_reset_brings_back_in_once(stage: Stage) -> None:
    email = address()
    caller, token = await sign_up(stage, email)
    reset = await reset_token(stage, email.lower())
    await do(stage, accounts.confirm_reset, reset, "fresh")
    assert (await user(stage, caller)).password_hash == "fresh"
    assert await Callers(stage.database).find(token) is None
    with pytest.raises(Invalid, match="reset_token_invalid"):
        await do(stage, accounts.confirm_reset, reset, "again")


async def test_an_old_reset_is_worth_nothing(stage: Stage) -> None:
    email = address()
    await sign_up(stage, email)
    reset = await reset_token(stage, email)
    async with stage.database.engine.begin() as connection:
        aged = sa.update(PasswordReset).where(PasswordReset.token_hash == token_hash(reset))
        await connection.execute(aged.values(expires_at=sa.func.now()))
    with pytest.raises(Invalid, match="reset_token_invalid"):
        await do(stage, accounts.confirm_reset, reset, "fresh")


async def test_a_reset_tells_nobody_who_has_an_account(stage: Stage) -> None:
    email, letters = address(), Letters()
    await sign_up(stage, email)
    known = await do(stage, accounts.request_reset, email, letters, "")
    unknown = await do(stage, accounts.request_reset, address(), letters, "")
    assert known == unknown
    assert [letter.to for letter in letters.written] == [email]


async def test_sessions_are_listed_and_ended(stage: Stage, cast: Cast) -> None:
    caller, token = await sign_up(stage)
    api = await do(stage, sessions.issue_api_token, caller, "script", 90)
    page = await sessions.list_sessions(stage.database, caller)
    assert [(s.name, s.current) for s in page.items] == [("script", False), (None, True)]
    with pytest.raises(NotFound, match="session_not_found"):
        await do(stage, sessions.end_session, cast.owner, UUID(api["id"]))
    await do(stage, sessions.end_session, caller, UUID(api["id"]))
    assert await Callers(stage.database).find(api["token"]) is None
    await do(stage, sessions.log_out, caller)
    assert await Callers(stage.database).find(token) is None
    assert {UUID(api["id"]), caller.session_id} <= set(stage.told.ended)


async def test_questions_of_one_moment_share_a_query(stage: Stage) -> None:
    tokens = [(await sign_up(stage))[1] for _ in range(3)]
    callers = Callers(stage.database)
    asked = [*tokens, *tokens, "nobody"]
    with recorded(stage.database.engine) as statements:
        found = await asyncio.gather(*(callers.find(token) for token in asked))
    assert len(statements) == 1
    assert found[:3] == found[3:6]
    assert len({one.id for one in found[:3] if one}) == 3
    assert found[6] is None


async def test_a_failure_is_told_and_forgotten(stage: Stage) -> None:
    _, token = await sign_up(stage)
    callers = Callers(stage.database)
    real, callers._database = callers._database, None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        await callers.find(token)
    callers._database = real
    assert await callers.find(token) is not None


async def test_a_session_that_expired_speaks_for_nobody(stage: Stage) -> None:
    caller, token = await sign_up(stage)
    async with stage.database.engine.begin() as connection:
        ended = sa.update(Session).where(Session.id == caller.session_id)
        await connection.execute(ended.values(expires_at=sa.func.now()))
    assert await Callers(stage.database).find(token) is None
    assert (await sessions.list_sessions(stage.database, caller)).items == []


async def test_housekeeping_removes_what_expired_and_notes_who_was_here(
    stage: Stage, tmp_path: Path
) -> None:
    (gone, _), (here, token) = [await sign_up(stage) for _ in range(2)]
    callers = Callers(stage.database)
    await callers.find(token)
    async with stage.database.engine.begin() as connection:
        ended = sa.update(Session).where(Session.id == gone.session_id)
        await connection.execute(ended.values(expires_at=sa.func.now()))
    await Housekeeping(stage.database, stage.told, callers, DiskStore(tmp_path), 0).round()
    async with stage.database.read() as session:
        assert await session.get(Session, gone.session_id) is None
        seen = await session.get_one(Session, here.session_id)
    assert seen.last_used_at is not None
    assert callers.take_seen() == []


async def test_staff_are_made_from_a_terminal(stage: Stage, database_url: str) -> None:
    settings, email = Settings(DATABASE_URL=database_url), address()
    new = {"email": email, "name": "Root", "password": "long enough"}
    made = [await create_admin_account(settings, **new) for _ in range(2)]
    assert {one.is_staff for one in made} == {True}
    who = await accounts.check_credentials(stage.database, email, "long enough")
    assert {one.id for one in made} == {who}
