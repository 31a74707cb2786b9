from app.utils.security import (
    TOKEN_BYTES,
    derive,
    hash_password,
    new_token,
    password_matches,
    token_hash,
)


async def test_a_password_matches_its_own_hash_only() -> None:
    hashed = await hash_password("correct horse")
    assert hashed.startswith("$argon2id$")
    assert await password_matches("correct horse", hashed)
    assert not await password_matches("correct mule", hashed)


async def test_equal_passwords_have_different_hashes() -> None:
    assert await hash_password("same") != await hash_password("same")


async def test_nobody_and_nonsense_match_nothing() -> None:
    assert not await password_matches("x", None)
    assert not await password_matches("x", "none")


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}


def test_a_seed_gives_its_token_again() -> None:
    seed = bytes(range(TOKEN_BYTES))
    assert new_token(seed) == new_token(seed)
    assert new_token(seed) != new_token(bytes(TOKEN_BYTES))


def test_what_is_stored_of_a_token_is_its_hash() -> None:
    token = new_token()
    assert len(token_hash(token)) == 32
    assert token.encode() not in token_hash(token)


def test_a_secret_has_a_key_for_each_purpose() -> None:
    assert derive(b"s", "a") == derive(b"s", "a")
    assert len({derive(b"s", "a"), derive(b"s", "b"), derive(b"t", "a")}) == 3
