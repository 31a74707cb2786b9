import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.models.statuses import Locale
from app.utils.mail import Mail, Mailer

LETTER = Mail("anna@example.org", "Hello", "Come in.\n")


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


async def deliver(mailer: Mailer) -> None:
    mailer.send(LETTER)
    await mailer.close()


async def test_letters_go_into_the_folder(tmp_path: Path) -> None:
    await deliver(Mailer("", "Assent <assent@localhost>", tmp_path / "mail"))
    (letter,) = (tmp_path / "mail").glob("*.eml")
    message = read(letter.read_bytes())
    assert (message["To"], message["Subject"]) == (LETTER.to, LETTER.subject)
    assert message.get_content() == LETTER.text
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


async def test_a_letter_without_a_way_is_dropped_with_a_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await deliver(Mailer("", "assent@localhost", None))
    assert "mail_not_configured" in capsys.readouterr().out


async def test_a_way_that_fails_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    await deliver(Mailer("smtp://127.0.0.1:1", "assent@localhost", None))
    assert "mail_failed" in capsys.readouterr().out


async def test_letters_go_through_smtp() -> None:
    said: list[bytes] = []
    server = await asyncio.start_server(lambda r, w: post_office(r, w, said), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        await deliver(Mailer(f"smtp://127.0.0.1:{port}", "Assent <assent@localhost>", None))
    message = read(b"".join(said))
    assert (message["From"], message["To"]) == ("Assent <assent@localhost>", LETTER.to)
    assert message.get_content().strip() == LETTER.text.strip()


async def post_office(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: list[bytes]
) -> None:
    """As much of SMTP as one letter takes."""
    writer.write(b"220 ready\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        writer.write(b"354 go on\r\n" if word == b"DATA" else b"250 fine\r\n")
        if word == b"DATA":
            while (part := await reader.readline()) != b".\r\n":
                said.append(part)
            writer.write(b"250 taken\r\n")
        if word == b"QUIT":
            break
    writer.close()


@pytest.mark.parametrize("locale", Locale)
def test_a_reset_speaks_the_language_of_its_reader(locale: Locale) -> None:
    mail = Mail.password_reset("a@b.org", "Anna", locale, "https://room.example", "TOKEN")
    assert "https://room.example/reset#TOKEN" in mail.text
    assert "Anna" in mail.text
    assert ("비밀번호" in mail.subject) is (locale is Locale.KOREAN)
