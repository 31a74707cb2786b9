"""Digests: who gets one, what of, once, and how it ends."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.models.base import now
from app.models.errors import Invalid
from app.models.statuses import EventStatus, Locale, ProposalStatus, Wanted
from app.services import notifications
from app.services.digests import Digests
from app.utils.digest_mail import DigestEvent, digest_mail
from app.utils.mail import Mail, Mailer
from app.utils.transaction import unit_of_work
from tests.support.stage import Cast, Meeting, Stage


class Postman(Mailer):
    """Keeps the letters."""

    def __init__(self) -> None:
        super().__init__("", "Assent <a@example.org>", None)
        self.sent: list[Mail] = []

    def send(self, mail: Mail) -> None:
        self.sent.append(mail)


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def digests(stage: Stage, postman: Postman) -> Digests:
    return Digests(stage.database, stage.told, postman, b"k" * 32, "https://a.example", 24)


async def leave_for(stage: Stage, user_id: UUID, hours: int) -> None:
    async with stage.database.engine.begin() as connection:
        statement = sa.text("UPDATE users SET last_seen_at = :at, created_at = :at WHERE id = :id")
        await connection.execute(statement, {"at": now() - timedelta(hours=hours), "id": user_id})


async def mails_to(digests: Digests, postman: Postman, cast_member: UUID) -> list[Mail]:
    while await digests.round():
        pass
    return [mail for mail in postman.sent if mail.to == f"{cast_member}@example.org"]


async def test_who_is_away_is_written_to_once(
    stage: Stage, meeting: Meeting, cast: Cast, digests: Digests, postman: Postman
) -> None:
    proposal = await meeting.propose(cast.second)
    await leave_for(stage, cast.member.id, 30)
    assert await mails_to(digests, postman, cast.member.id) == []
    await meeting.decide(cast.owner, proposal, ProposalStatus.REJECTED)
    (mail,) = await mails_to(digests, postman, cast.member.id)
    assert "proposals decided: 1" in mail.text
    assert f"https://a.example/events/{meeting.id}" in mail.text
    assert mail.unsubscribe in mail.text
    assert [m.to for m in postman.sent].count(mail.to) == 1
    await meeting.move(EventStatus.FINISHED)
    assert await mails_to(digests, postman, cast.member.id) == [mail]


async def test_who_is_here_or_wants_none_gets_none(
    stage: Stage, meeting: Meeting, cast: Cast, digests: Digests, postman: Postman
) -> None:
    proposal = await meeting.propose(cast.second)
    await leave_for(stage, cast.member.id, 30)
    await leave_for(stage, cast.third.id, 2)
    choose = partial(notifications.choose_level, level=Wanted.NONE)
    await stage.write(None, choose, cast.member, meeting.id)
    await meeting.decide(cast.owner, proposal, ProposalStatus.REJECTED)
    assert await mails_to(digests, postman, cast.member.id) == []
    assert await mails_to(digests, postman, cast.third.id) == []


async def test_two_processes_write_one_letter(
    stage: Stage, meeting: Meeting, cast: Cast, digests: Digests, postman: Postman
) -> None:
    proposal = await meeting.propose(cast.second)
    await leave_for(stage, cast.member.id, 30)
    await meeting.decide(cast.owner, proposal, ProposalStatus.REJECTED)
    other = Digests(stage.database, stage.told, postman, b"k" * 32, "https://a.example", 24)
    await mails_to(other, postman, cast.member.id)
    assert len(await mails_to(digests, postman, cast.member.id)) == 1


async def test_a_link_ends_it_and_only_ours_does(
    stage: Stage, meeting: Meeting, cast: Cast, digests: Digests
) -> None:
    token = digests.unsubscribe_token(cast.member.id, meeting.id)
    async with unit_of_work(stage.database, stage.told) as uow:
        await digests.unsubscribe(uow, token)
    level = await notifications.read_level(stage.database, cast.member, meeting.id)
    assert level.level is Wanted.NONE
    for wrong in ("", "x", token[:-2] + "AA", "ä", token[:10]):
        with pytest.raises(Invalid):
            async with unit_of_work(stage.database, stage.told) as uow:
                await digests.unsubscribe(uow, wrong)


def test_a_letter_speaks_the_language_of_its_reader() -> None:
    event = DigestEvent("점심", "https://a.example/events/1", 2, 1, 3, True, "https://a.example/u")
    mail = digest_mail("a@example.org", "하나", Locale.KOREAN, [event])
    assert "결정된 제안: 2건" in mail.text
    assert mail.unsubscribe == "https://a.example/u"
    two = digest_mail("a@example.org", "Ana", Locale.ENGLISH, [event, replace(event, decided=0)])
    assert two.unsubscribe is None
    assert two.text.count("No more mails") == 2
