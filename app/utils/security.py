"""Passwords and tokens: Argon2id in a bounded pool of threads, tokens kept only as hashes."""

import asyncio
import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import Type

# OWASP's second recommended setting for Argon2id: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
# Each running hash holds 19 MiB and a core: the pool is the bound on both.
_THREADS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
# Checked where there is no account, so that both answers take the same time.
_NOBODY: Final = _HASHER.hash(secrets.token_urlsafe(16))

TOKEN_BYTES: Final = 32


async def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, password)


async def password_matches(password: str, hashed: str | None) -> bool:
    """Tell whether the password is the one hashed; as slow where there is nothing to match."""
    matches = await asyncio.get_running_loop().run_in_executor(
        _THREADS, _verify, hashed or _NOBODY, password
    )
    return matches and hashed is not None


def _verify(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def new_token(seed: bytes | None = None) -> str:
    """Return a token of 256 bits: random, or the same again for the same seed of 32 bytes."""
    raw = seed if seed is not None else secrets.token_bytes(TOKEN_BYTES)
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def derive(secret: bytes, purpose: str) -> bytes:
    """Return a key of 32 bytes for one purpose."""
    return hmac.digest(secret, purpose.encode(), hashlib.sha256)
