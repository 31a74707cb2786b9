"""A browser that is subscribed to pushes, and the push service behind it."""

from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.utils.webpush import b64url
from tests.support.receivers import Received, Receiver

PUSHING = {"ASSENT_PRIVATE_TARGETS": "1", "ASSENT_PUSH_CONTACT": "mailto:house@example.org"}
AUTH = b"0123456789abcdef"


@dataclass
class Browser:
    """A browser that subscribed, and the service that its messages go through."""

    receiver: Receiver
    key: ec.EllipticCurvePrivateKey

    @property
    def point(self) -> bytes:
        public = self.key.public_key()
        return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, Any]:
        keys = {"p256dh": b64url(self.point), "auth": b64url(AUTH)}
        return {"endpoint": self.receiver.url, "expirationTime": None, "keys": keys}

    def read(self, received: Received) -> dict[str, Any]:
        """Decrypt as RFC 8291 has it."""
        assert received.headers["content-encoding"] == "aes128gcm"
        assert received.headers["authorization"].startswith("vapid t=")
        assert received.headers["ttl"] == "86400"
        salt, body = received.body[:16], received.body[21:]
        server, sealed = body[:65], body[65:]
        other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), server)
        shared = self.key.exchange(ec.ECDH(), other)
        secret = _hkdf(AUTH, shared, b"WebPush: info\x00" + self.point + server, 32)
        key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\x00", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        assert plain.endswith(b"\x02")
        return dict(orjson.loads(plain[:-1]))


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@pytest.fixture
def browser(receiver: Receiver) -> Browser:
    receiver.status = 201
    return Browser(receiver, ec.generate_private_key(ec.SECP256R1()))
