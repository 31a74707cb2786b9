from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.base import new_id
from app.models.errors import Invalid, Malformed
from app.utils.idempotency import LIMIT, Answer, Ledger, RequestKey, request_key, seal, unseal
from app.utils.security import new_token

SECRET = b"of this server"
ANNA, BERT = UUID(int=1), UUID(int=2)
printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1)


def make(
    header: str = "k",
    user: UUID | None = ANNA,
    method: str = "POST",
    path: str = "/a",
    body: bytes = b"{}",
    secret: bytes = SECRET,
) -> RequestKey:
    return request_key(secret, header, user, method, path, body)


@given(header=printable.filter(lambda text: len(text) <= LIMIT))
def test_printable_ascii_is_a_key(header: str) -> None:
    assert make(header).key_hash == make(header).key_hash


@pytest.mark.parametrize("header", ["", "x" * 256, "tab\t", "é", "line\n", "\x7f", "한"])
def test_anything_else_is_malformed(header: str) -> None:
    with pytest.raises(Malformed, match="idempotency_key_malformed"):
        make(header)


def test_a_key_is_no_longer_than_its_limit() -> None:
    assert make("x" * LIMIT).key_hash


OTHERS = [
    make(user=BERT),
    make(user=None),
    make(method="PUT"),
    make(path="/b"),
    make(body=b"{} "),
]


@pytest.mark.parametrize("other", OTHERS)
def test_a_fingerprint_tells_requests_apart(other: RequestKey) -> None:
    assert other.key_hash == make().key_hash
    assert other.fingerprint != make().fingerprint
    assert other.token_seed != make().token_seed


def test_hashes_are_keyed_with_the_secret() -> None:
    mine, theirs = make(), make(secret=b"of another")
    assert mine.key_hash != theirs.key_hash
    assert mine.fingerprint != theirs.fingerprint


def test_the_lock_number_fits_a_bigint() -> None:
    numbers = [make(str(n)).lock_number for n in range(200)]
    assert len(set(numbers)) == 200
    assert all(-(2**63) <= number < 2**63 for number in numbers)
    assert min(numbers) < 0 < max(numbers)


def test_a_stored_answer_holds_no_token() -> None:
    key = make()
    token = new_token(key.token_seed)
    body = b'{"token": "%s"}' % token.encode()
    sealed = seal(body, key)
    assert token.encode() not in sealed
    assert unseal(sealed, key) == body
    assert token.encode() not in unseal(sealed, make("another"))


def test_a_body_without_a_token_is_left_alone() -> None:
    assert seal(b'{"a": 1}', make()) == unseal(b'{"a": 1}', make()) == b'{"a": 1}'


def test_a_ledger_answers_the_same_request_only() -> None:
    ledger = Ledger()
    assert ledger.find(make()) is None
    ledger.keep(make(), Answer(201, b"{}", "e.1"))
    assert ledger.find(make()) == Answer(201, b"{}", "e.1", replayed=True)
    assert ledger.find(make("other")) is None
    for other in OTHERS:
        with pytest.raises(Invalid, match="idempotency_key_reused"):
            ledger.find(other)


def test_a_ledger_keeps_nothing_without_a_key() -> None:
    ledger = Ledger()
    ledger.keep(None, Answer(200, b"{}"))
    assert (ledger.known, ledger.new) == ({}, [])
    assert ledger.find(None) is None


def test_a_ledger_stores_sealed_answers() -> None:
    ledger, key = Ledger(), make(str(new_id()))
    token = new_token(key.token_seed)
    ledger.keep(key, Answer(200, token.encode()))
    ((_, stored),) = ledger.new
    assert token.encode() not in stored.body
    found = ledger.find(key)
    assert found is not None
    assert found.body == token.encode()
