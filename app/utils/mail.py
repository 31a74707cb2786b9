"""Mail: through SMTP where it is configured, else into a folder and the log of a developer."""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from app.models.base import new_id
from app.models.statuses import Locale

log = structlog.get_logger(__name__)

_RESET = {
    Locale.ENGLISH: (
        "Your new password for Assent",
        (
            "Hello {name},\n\nopen this link within 30 minutes to choose a new password:\n\n"
            "{link}\n\nIf you did not ask for it, nothing happens when you do nothing.\n"
        ),
    ),
    Locale.KOREAN: (
        "Assent 비밀번호 재설정",
        (
            "{name}님, 안녕하세요.\n\n30분 안에 아래 링크를 열어 새 비밀번호를 정해 주세요.\n\n"
            "{link}\n\n요청하지 않으셨다면 그대로 두셔도 아무 일도 일어나지 않습니다.\n"
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter to one person."""

    to: str
    subject: str
    text: str
    # The address that ends such letters by a POST, for the button of a mail program.
    unsubscribe: str | None = None

    @classmethod
    def password_reset(
        cls, to: str, name: str, locale: Locale, public_url: str, token: str
    ) -> Self:
        """Write the letter that brings somebody back in. The token rides in the fragment."""
        subject, text = _RESET[locale]
        return cls(to, subject, text.format(name=name, link=f"{public_url}/reset#{token}"))


class Mailer:
    """Sends letters without making anybody wait."""

    def __init__(self, smtp_url: str, sender: str, folder: Path | None) -> None:
        """`folder` takes the letters where there is no `smtp_url`; None drops them, and warns."""
        self._smtp = urlsplit(smtp_url) if smtp_url else None
        self._sender = sender
        self._folder = folder
        self._sending: set[asyncio.Task[None]] = set()

    def send(self, mail: Mail) -> None:
        """Send a letter soon. A failure is logged: the person asks for another."""
        task = asyncio.create_task(self._deliver(mail), name="mail")
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """Wait for the letters under way."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=5)

    async def _deliver(self, mail: Mail) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
        if mail.unsubscribe is not None:
            message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(mail.text)
        try:
            if self._smtp is not None:
                await self._post(message)
            elif self._folder is not None:
                await asyncio.to_thread(self._file, message)
                log.info("mail", to=mail.to, text=mail.text)
            else:
                log.warning("mail_not_configured", setting="ASSENT_SMTP_URL")
        except (OSError, aiosmtplib.SMTPException) as error:
            log.error("mail_failed", error=str(error))  # noqa: TRY400 - the trace says no more

    async def _post(self, message: EmailMessage) -> None:
        assert self._smtp is not None
        await aiosmtplib.send(
            message,
            hostname=self._smtp.hostname,
            port=self._smtp.port,
            username=unquote(self._smtp.username) if self._smtp.username else None,
            password=unquote(self._smtp.password) if self._smtp.password else None,
            use_tls=self._smtp.scheme == "smtps",
            timeout=30,
        )

    def _file(self, message: EmailMessage) -> None:
        assert self._folder is not None
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._folder / f"{new_id()}.eml").write_bytes(message.as_bytes())
