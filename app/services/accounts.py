"""Accounts: signing up and in, guests and their claim, profiles, and the way back in by mail."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import PasswordReset, Session, User
from app.models.base import now
from app.models.bodies import Claim, ProfileEdit, SignUp
from app.models.callers import Caller
from app.models.errors import Conflict, Invalid, NotSignedIn, invalid_field
from app.models.payloads import Payload, SignedIn, UserPayload
from app.models.presenting import present_user
from app.models.statuses import Locale
from app.services.names import take_name
from app.services.sessions import end_sessions, find_user, issue
from app.utils.db import Database
from app.utils.mail import Mail, Mailer
from app.utils.security import hash_password, new_token, password_matches, token_hash
from app.utils.transaction import UnitOfWork

RESET_LIFETIME = timedelta(minutes=30)


class Accepted(Payload):
    """The same answer whatever was found, so that it tells nothing."""

    detail: str


async def sign_up(
    uow: UnitOfWork,
    body: SignUp,
    password_hash: str,
    days: int,
    user_agent: str,
    before: str | None = None,
) -> SignedIn:
    """Make an account and open its first session, in place of the one with token `before`."""
    await uow.claim()
    await _require_free(uow.session, body.email)
    user = User(email=body.email, name=body.name, locale=body.locale, password_hash=password_hash)
    uow.session.add(user)
    await _end_before(uow, before)
    return await _sign_in(uow, user, days, user_agent)


async def check_credentials(database: Database, email: str, password: str) -> UUID:
    """Return whose email and password these are; as slow, and as silent, for nobody's."""
    async with database.read() as session:
        user = await _by_email(session, email)
    if not await password_matches(password, user.password_hash if user else None) or user is None:
        raise NotSignedIn(
            "wrong_credentials", "Email or password is wrong. Try again, or reset the password."
        )
    return user.id


async def log_in(
    uow: UnitOfWork, user_id: UUID, days: int, user_agent: str, before: str | None = None
) -> SignedIn:
    """Open a session for somebody whose credentials were checked.

    `before` is the token that the browser held until now: it speaks for nobody any more.
    """
    await uow.claim()
    user = await uow.session.get_one(User, user_id)
    await _end_before(uow, before)
    return await _sign_in(uow, user, days, user_agent)


async def create_guest(uow: UnitOfWork, name: str, locale: Locale) -> User:
    """Make a person who has only a name. The caller holds the event they come for."""
    user = User(name=name, locale=locale, email=None, password_hash=None)
    uow.session.add(user)
    await uow.session.flush()
    return user


async def claim(
    uow: UnitOfWork, caller: Caller, body: Claim, password_hash: str, days: int, user_agent: str
) -> SignedIn:
    """Make a guest's account their own: they keep their votes and get a fresh session."""
    await uow.claim()
    user = await uow.session.get_one(User, caller.id)
    if not user.is_guest:
        raise Conflict("not_a_guest", "This account has an email and a password already.")
    await _require_free(uow.session, body.email)
    user.email, user.password_hash = body.email, password_hash
    await end_sessions(uow, Session.user_id == user.id)
    return await _sign_in(uow, user, days, user_agent)


async def edit_profile(
    uow: UnitOfWork, caller: Caller, body: ProfileEdit, password_hash: str | None
) -> UserPayload:
    """Change name, language or password; a new password ends every other session."""
    await uow.claim()
    user = await uow.session.get_one(User, caller.id)
    if body.name is not None and body.name != user.name:
        await take_name(uow, user, body.name, caller)
    user.locale = body.locale or user.locale
    if password_hash is not None:
        user.password_hash = password_hash
        await _void_resets(uow, user)
        await end_sessions(uow, Session.user_id == user.id, Session.id != caller.session_id)
    await uow.session.flush()
    return present_user(user)


async def new_password_hash(database: Database, caller: Caller, body: ProfileEdit) -> str | None:
    """Check the present password and hash the new one, before any transaction begins."""
    if body.password is None:
        return None
    user = await find_user(database, caller)
    if user.is_guest:
        raise Conflict("guest", "Claim this account with an email and a password first.")
    if not await password_matches(body.current_password or "", user.password_hash):
        raise invalid_field("current_password", "The present password is wrong.", "wrong_password")
    return await hash_password(body.password)


async def request_reset(uow: UnitOfWork, email: str, mailer: Mailer, public_url: str) -> Accepted:
    """Mail a way back in, if there is an account; the answer is the same if there is none."""
    await uow.claim()
    user = await _by_email(uow.session, email)
    if user is not None and user.email is not None:
        token = new_token()
        uow.session.add(
            PasswordReset(
                token_hash=token_hash(token),
                user_id=user.id,
                expires_at=sa.func.now() + RESET_LIFETIME,
            )
        )
        mail = Mail.password_reset(user.email, user.name, user.locale, public_url, token)
        uow.after_commit.append(lambda: mailer.send(mail))
    return Accepted(detail="If there is an account with this email, a mail is on its way.")


async def confirm_reset(uow: UnitOfWork, token: str, password_hash: str) -> Accepted:
    """Set a new password by a mailed token, once; every session ends."""
    await uow.claim()
    used = await uow.session.scalar(
        sa.update(PasswordReset)
        .where(
            PasswordReset.token_hash == token_hash(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > sa.func.now(),
        )
        .values(used_at=now())
        .returning(PasswordReset.user_id)
    )
    if used is None:
        raise Invalid(
            "reset_token_invalid", "This link was used or is too old. Ask for a new mail."
        )
    user = await uow.session.get_one(User, used)
    user.password_hash = password_hash
    await _void_resets(uow, user)
    await end_sessions(uow, Session.user_id == user.id)
    return Accepted(detail="The password is changed. Sign in with it.")


async def create_admin(uow: UnitOfWork, email: str, name: str, password_hash: str) -> UserPayload:
    """Make a platform administrator, or make an existing account one."""
    await uow.claim()
    user = await _by_email(uow.session, email)
    if user is None:
        user = User(email=email, name=name, password_hash=password_hash)
        uow.session.add(user)
    user.is_staff = True
    await uow.session.flush()
    return present_user(user)


async def _void_resets(uow: UnitOfWork, user: User) -> None:
    """Let no mail of before change the password that was just chosen."""
    unused = PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)
    await uow.session.execute(sa.update(PasswordReset).where(*unused).values(used_at=now()))


async def _end_before(uow: UnitOfWork, token: str | None) -> None:
    if token is not None:
        await end_sessions(uow, Session.token_hash == token_hash(token))


async def _sign_in(uow: UnitOfWork, user: User, days: int, user_agent: str) -> SignedIn:
    user.last_seen_at = now()
    await uow.session.flush()
    _, token = await issue(uow, user.id, days, user_agent=user_agent)
    return SignedIn(user=present_user(user), token=token)


async def _by_email(session: AsyncSession, email: str) -> User | None:
    return await session.scalar(
        sa.select(User).where(sa.func.lower(User.email) == sa.func.lower(email.strip()))
    )


async def _require_free(session: AsyncSession, email: str) -> None:
    # The database lowers it here as in its index: the two must not differ by a letter.
    number = sa.func.hashtextextended(sa.func.lower(email), 0)
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
    if await _by_email(session, email) is not None:
        raise Conflict("email_taken", "There is an account with this email. Sign in instead.")
