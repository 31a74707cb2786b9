"""Web Push against the example of RFC 8291, and the claim of RFC 8292 as a service verifies it."""

import orjson
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from app.utils.webpush import CURVE, PushKeys, b64url, encrypt, from_b64url, is_browser_key, seal

# RFC 8291, section 5 and appendix A.
MESSAGE = b"When I grow up, I want to be a watermelon"
SERVER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard_comes_out() -> None:
    own = ec.derive_private_key(int.from_bytes(from_b64url(SERVER), "big"), CURVE)
    sealed = seal(MESSAGE, from_b64url(P256DH), from_b64url(AUTH), own, from_b64url(SALT))
    assert b64url(sealed) == SEALED


def test_every_message_is_sealed_anew() -> None:
    keys = from_b64url(P256DH), from_b64url(AUTH)
    assert encrypt(MESSAGE, *keys)[:86] != encrypt(MESSAGE, *keys)[:86]


def test_a_service_can_tell_who_sends() -> None:
    keys = PushKeys(b"s" * 32, "mailto:house@example.org")
    said = keys.headers("https://push.example.org:8443/abc")["Authorization"]
    token, _, key = said.removeprefix("vapid t=").partition(", k=")
    head, claims, mark = token.split(".")
    raw = from_b64url(mark)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_b64url(key))
    public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(der, f"{head}.{claims}x".encode(), ec.ECDSA(hashes.SHA256()))
    claimed = orjson.loads(from_b64url(claims))
    assert claimed["aud"] == "https://push.example.org:8443"
    assert claimed["sub"] == "mailto:house@example.org"
    assert key == keys.public == PushKeys(b"s" * 32, "").public


def test_keys_that_are_none_are_known() -> None:
    assert is_browser_key(from_b64url(P256DH), from_b64url(AUTH))
    assert not is_browser_key(from_b64url(P256DH), b"short")
    assert not is_browser_key(b"\x04" + b"\x01" * 64, from_b64url(AUTH))
