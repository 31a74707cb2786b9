"""Where requests to the outside go, and what is taken for an answer."""

import asyncio
from typing import Any

import pytest

from app.models.errors import Invalid
from app.utils import addresses
from app.utils.addresses import find_target, is_public, parse_target
from app.utils.outbound import NotTaken, Outbound
from tests.support.receivers import Receiver

PRIVATE = (
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254"),
    *("0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.0.8", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1"),
    *("64:ff9b::7f00:1", "2002:7f00:1::", "::ffff:169.254.169.254", "2001:db8::1"),
)
PUBLIC = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822")


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_outside_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.org/", "ftp://example.org/", "https://", "https://a:b@example.org/"),
        *("https://example.org/#x", "https://exa mple.org/", "https://example.org:99999/"),
        *("https://example.org/\r\nX: y", "https://[::1", "//example.org", "https://exämple.org/"),
    ],
)
def test_what_is_no_target_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_target(url, private=False)
    assert refused.value.code == "target_invalid"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "localhost", "169.254.169.254", "2130706433"]
)
async def test_a_name_that_leads_inside_is_refused(host: str) -> None:
    with pytest.raises(Invalid) as refused:
        await find_target(f"https://{host}/", private=False)
    assert refused.value.code in {"target_refused", "target_unknown"}


async def test_one_private_address_among_others_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def look_up(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    monkeypatch.setattr(addresses, "_look_up", look_up)
    with pytest.raises(Invalid):
        await find_target("https://example.org/", private=False)


async def test_the_checked_address_is_the_one_that_is_spoken_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere when it is looked up again is not looked up again."""
    asked: list[str] = []

    async def look_up(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr(addresses, "_look_up", look_up)
    url = f"http://rebinding.example:{receiver.port}/x"
    async with Outbound(private=True).connect(url) as wire:
        assert await wire.post(b"{}", {}) == 200
    assert asked == ["rebinding.example"]
    assert receiver.taken[0].headers["host"] == f"rebinding.example:{receiver.port}"


async def test_requests_share_a_connection(receiver: Receiver) -> None:
    async with Outbound(private=True).connect(receiver.url) as wire:
        for n in range(3):
            assert wire.is_open
            assert await wire.post(b"%d" % n, {"X-N": str(n)}) == 200
    assert [(r.path, r.body) for r in receiver.taken] == [
        ("/hook?a=b", b"%d" % n) for n in range(3)
    ]


async def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, f"Location: {receiver.url}\r\n"
    async with Outbound(private=True).connect(receiver.url) as wire:
        assert await wire.post(b"{}", {}) == 302
    assert len(receiver.refused) == 1


async def test_a_long_answer_is_not_read_to_its_end(receiver: Receiver) -> None:
    receiver.answer = b"x" * 10_000_000
    async with Outbound(private=True).connect(receiver.url) as wire:
        assert await wire.post(b"{}", {}) == 200
        assert not wire.is_open


async def test_a_slow_answer_is_none(receiver: Receiver) -> None:
    receiver.open.clear()
    async with Outbound(private=True, patience=0.1).connect(receiver.url) as wire:
        with pytest.raises(NotTaken, match="in time"):
            await wire.post(b"{}", {})


@pytest.mark.parametrize("said", [b"", b"what?\r\n\r\n", b"HTTP/1.1"])
async def test_what_is_no_http_is_no_answer(said: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port: Any = server.sockets[0].getsockname()[1]
    async with server, Outbound(private=True).connect(f"http://127.0.0.1:{port}/") as wire:
        with pytest.raises(NotTaken):
            await wire.post(b"{}", {})


async def test_nobody_there_takes_nothing(receiver: Receiver) -> None:
    await receiver.switch_off()
    with pytest.raises(NotTaken):
        async with Outbound(private=True).connect(receiver.url):
            pass
    with pytest.raises(NotTaken, match="private"):
        async with Outbound(private=False).connect("https://127.0.0.1/"):
            pass
