from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from app.models.base import new_id
from app.models.callers import Caller
from app.models.errors import DomainError, Malformed, NotFound
from app.models.statuses import Category, EventStatus, ProposalKind, ProposalStatus, SubjectType
from app.services import comments, proposals
from app.services.comments import Subject
from tests.support.fold import Json
from tests.support.stage import Cast, Meeting

EVENT = Subject(SubjectType.EVENT)
Find = Callable[[Meeting, Cast], Awaitable[Subject]]


async def _criterion(meeting: Meeting, cast: Cast) -> Subject:
    criterion = (await meeting.see(cast.owner))["criteria"][0]
    return Subject(SubjectType.CRITERION, UUID(criterion["id"]))


async def _proposal(meeting: Meeting, cast: Cast) -> Subject:
    return Subject(SubjectType.PROPOSAL, UUID((await meeting.propose(cast.owner))["id"]))


async def _event(_meeting: Meeting, _cast: Cast) -> Subject:
    return EVENT


SUBJECTS: dict[str, Find] = {"event": _event, "criterion": _criterion, "proposal": _proposal}


async def count(meeting: Meeting, subject: Subject) -> int:
    """How many comments the event says that a subject has."""
    event = await meeting.see(meeting.owner)
    found: list[Json] = [event, *event["criteria"], *event["proposals"]]
    place = str(subject.place(meeting.id))
    return int(next(one["comment_count"] for one in found if one["id"] == place))


async def read(meeting: Meeting, who: Caller, *args: object) -> list[str]:
    page = await comments.list_comments(meeting.stage.database, who, meeting.id, *args)  # type: ignore[arg-type]
    return [comment.content for comment in page.items]


@pytest.mark.parametrize("name", SUBJECTS)
async def test_a_comment_is_said_mended_and_taken_back(
    meeting: Meeting, cast: Cast, name: str
) -> None:
    subject = await SUBJECTS[name](meeting, cast)
    said = await meeting.do(comments.say, cast.observer, subject, "Hm")
    assert (said["subject"]["type"], said["comment_count"]) == (name, 1)
    assert await count(meeting, subject) == 1
    mended = await meeting.do(comments.edit, cast.observer, UUID(said["id"]), "Ah")
    assert (mended["content"], mended["edited_at"] is not None) == ("Ah", True)
    gone = await meeting.do(comments.remove, cast.observer, UUID(said["id"]))
    assert (gone["content"], gone["deleted"], gone["comment_count"]) == ("", True, 0)
    assert await count(meeting, subject) == 0


async def test_a_deleted_comment_keeps_its_place_without_its_words(
    meeting: Meeting, cast: Cast
) -> None:
    said = await meeting.do(comments.say, cast.member, EVENT, "Secret")
    await meeting.do(comments.remove, cast.member, UUID(said["id"]))
    assert await read(meeting, cast.member, None, None, 10) == [""]
    kept = "SELECT content FROM comments WHERE event_id = :e"
    assert await meeting.row(kept) == "Secret"


@pytest.mark.parametrize("work", [comments.edit, comments.remove])
async def test_a_deleted_comment_is_gone(
    meeting: Meeting, cast: Cast, work: Callable[..., Awaitable[object]]
) -> None:
    said = await meeting.do(comments.say, cast.member, EVENT, "Hm")
    await meeting.do(comments.remove, cast.member, UUID(said["id"]))
    words = ("Ah",) if work is comments.edit else ()
    for place in (UUID(said["id"]), new_id()):
        await meeting.refused("comment_not_found", work, cast.member, place, *words)


async def test_only_its_author_mends_a_comment(meeting: Meeting, cast: Cast) -> None:
    said = await meeting.do(comments.say, cast.member, EVENT, "Hm")
    for who in (cast.second, cast.admin, cast.owner, cast.staff):
        await meeting.refused("not_the_author", comments.edit, who, UUID(said["id"]), "Ah")
    await meeting.refused("not_the_author", comments.remove, cast.second, UUID(said["id"]))


@pytest.mark.parametrize("name", ["owner", "admin", "staff"])
async def test_admins_take_a_comment_away(meeting: Meeting, cast: Cast, name: str) -> None:
    said = await meeting.do(comments.say, cast.member, EVENT, "Hm")
    gone = await meeting.do(comments.remove, getattr(cast, name), UUID(said["id"]))
    assert gone["deleted"] is True


async def test_strangers_say_nothing(meeting: Meeting, cast: Cast) -> None:
    await meeting.refused("not_a_member", comments.say, cast.outsider, EVENT, "Hm")
    with pytest.raises(DomainError, match="not_a_member"):
        await read(meeting, cast.outsider, None, None, 10)


async def test_comments_are_possible_until_the_end(gathering: Meeting, cast: Cast) -> None:
    said = await gathering.do(comments.say, cast.member, EVENT, "Early")
    for status in (EventStatus.IN_PROGRESS, EventStatus.PAUSED):
        await gathering.move(status)
        await gathering.do(comments.say, cast.member, EVENT, status)
    await gathering.move(EventStatus.FINISHED)
    place = UUID(said["id"])
    await gathering.refused("event_closed", comments.say, cast.member, EVENT, "Late")
    await gathering.refused("event_closed", comments.edit, cast.member, place, "Late")
    await gathering.refused("event_closed", comments.remove, cast.member, place)


async def test_what_is_deleted_takes_no_comments(meeting: Meeting, cast: Cast) -> None:
    criterion = (await meeting.see(cast.owner))["criteria"][0]
    about = Subject(SubjectType.CRITERION, UUID(criterion["id"]))
    gone = await meeting.propose(cast.owner, ProposalKind.CRITERION, Category.DELETION, criterion)
    await meeting.decide(cast.owner, gone, ProposalStatus.ACCEPTED)
    await meeting.refused("subject_deleted", comments.say, cast.member, about, "Hm")
    proposal = await meeting.propose(cast.member)
    place = (ProposalKind.ASSUMPTION, UUID(proposal["id"]))
    await meeting.do(proposals.withdraw, cast.member, *place)
    about = Subject(SubjectType.PROPOSAL, place[1])
    await meeting.refused("subject_deleted", comments.say, cast.member, about, "Hm")


async def test_a_comment_on_a_criterion_that_goes_can_still_be_taken_back(
    meeting: Meeting, cast: Cast
) -> None:
    criterion = (await meeting.see(cast.owner))["criteria"][0]
    about = Subject(SubjectType.CRITERION, UUID(criterion["id"]))
    said = await meeting.do(comments.say, cast.member, about, "Hm")
    gone = await meeting.propose(cast.owner, ProposalKind.CRITERION, Category.DELETION, criterion)
    await meeting.decide(cast.owner, gone, ProposalStatus.ACCEPTED)
    assert (await meeting.do(comments.remove, cast.member, UUID(said["id"])))["deleted"]


async def test_a_subject_is_one_of_this_event(meeting: Meeting, cast: Cast) -> None:
    event = await meeting.see(cast.owner)
    for kind, place in (
        (SubjectType.CRITERION, new_id()),
        (SubjectType.CRITERION, UUID(event["assumptions"][0]["id"])),
        (SubjectType.PROPOSAL, new_id()),
    ):
        about = Subject(kind, place)
        await meeting.refused(f"{kind}_not_found", comments.say, cast.member, about, "Hm")


async def test_comments_come_youngest_first_in_pages(meeting: Meeting, cast: Cast) -> None:
    about = await _criterion(meeting, cast)
    for subject, words in ((EVENT, "one"), (about, "two"), (EVENT, "three")):
        await meeting.do(comments.say, cast.member, subject, words)
    assert await read(meeting, cast.second, None, None, 10) == ["three", "two", "one"]
    assert await read(meeting, cast.second, EVENT, None, 10) == ["three", "one"]
    assert await read(meeting, cast.second, about, None, 10) == ["two"]
    database = meeting.stage.database
    page = await comments.list_comments(database, cast.owner, meeting.id, None, None, 2)
    assert await read(meeting, cast.owner, None, page.next_cursor, 2) == ["one"]


async def test_a_criterion_tells_its_count(meeting: Meeting, cast: Cast) -> None:
    about = await _criterion(meeting, cast)
    await meeting.do(comments.say, cast.member, about, "Hm")
    database = meeting.stage.database
    place = about.place(meeting.id)
    assert (await comments.count_comments(database, cast.second, meeting.id, place)).count == 1
    with pytest.raises(NotFound, match="criterion_not_found"):
        await comments.count_comments(database, cast.second, meeting.id, new_id())


def test_a_subject_is_read_as_it_is_written() -> None:
    id_ = new_id()
    assert Subject.parse("event") == EVENT
    assert Subject.parse(f"criterion:{id_}") == Subject(SubjectType.CRITERION, id_)
    assert Subject.parse(f"event:{id_}").place(new_id()) != id_


@pytest.mark.parametrize("text", ["", "criterion", "proposal:", "proposal:7", "option:1", "x"])
def test_what_is_no_subject_is_malformed(text: str) -> None:
    with pytest.raises(Malformed, match="subject_malformed"):
        Subject.parse(text)
