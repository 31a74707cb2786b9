"""Web Push: what only one browser can read (RFC 8291), from a server it knows (RFC 8292)."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.models.base import now

CURVE: Final = ec.SECP256R1()
# Bytes that a push service must take, without what the encryption adds.
LONGEST: Final = 3_000
RECORD: Final = 4_096
# Seconds that a claim to be this server is good for.
CLAIMED: Final = 12 * 3_600


class PushKeys:
    """The pair of keys by which push services know this server."""

    def __init__(self, secret: bytes, contact: str) -> None:
        """Derive the keys from 32 secret bytes; `contact` is whom a push service writes to."""
        number = int.from_bytes(hashlib.sha512(secret).digest(), "big")
        order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
        self._private = ec.derive_private_key(number % (order - 1) + 1, CURVE)
        self._contact = contact

    @property
    def public(self) -> str:
        """The key that a browser subscribes with."""
        return b64url(point_of(self._private.public_key()))

    def headers(self, endpoint: str) -> dict[str, str]:
        """Return what says who sends to an endpoint."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(now().timestamp()) + CLAIMED,
            "sub": self._contact,
        }
        head = b64url(orjson.dumps({"typ": "JWT", "alg": "ES256"}))
        signed = f"{head}.{b64url(orjson.dumps(claims))}"
        mark = self._private.sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(mark)
        token = f"{signed}.{b64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
        return {"Authorization": f"vapid t={token}, k={self.public}"}


def encrypt(message: bytes, p256dh: bytes, auth: bytes) -> bytes:
    """Return a message that only the browser with these keys can read."""
    return seal(message, p256dh, auth, ec.generate_private_key(CURVE), secrets.token_bytes(16))


def seal(
    message: bytes, p256dh: bytes, auth: bytes, own: ec.EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """Encrypt with keys of one use: RFC 8291's exchange, in one record of RFC 8188."""
    browser = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, p256dh)
    public = point_of(own.public_key())
    shared = own.exchange(ec.ECDH(), browser)
    secret = _derive(auth, shared, b"WebPush: info\x00" + p256dh + public, 32)
    key = _derive(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(salt, secret, b"Content-Encoding: nonce\x00", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(public)]) + public
    return head + AESGCM(key).encrypt(nonce, message + b"\x02", None)


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def is_browser_key(p256dh: bytes, auth: bytes) -> bool:
    """Tell whether a browser's keys can be encrypted for."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, p256dh)
    except ValueError:
        return False
    return len(auth) == 16  # noqa: PLR2004 - RFC 8291, section 3.2


def b64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_b64url(text: str) -> bytes:
    """Return the bytes; raises ValueError where it is no base64."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF with SHA-256, for at most 32 bytes."""
    extracted = hmac.digest(salt, secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")[:length]
