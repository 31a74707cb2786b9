"""Whatever the server refuses, a person reads why in their own language.

English is the language of the server's own sentences; every other catalogue words each code.
"""

import re

from tests.laws.refusals import refusal_codes
from tests.laws.scanning import ROOT

KOREAN = ROOT / "web" / "src" / "i18n" / "ko"
# Which refusals no person can meet in our own client, and why.
NEVER_MET = {
    "already_cast": "the client casts with PUT",
    "already_voted": "the client votes with PUT",
    "ballot_not_found": "the client asks for a ballot only where there is one",
    "cross_site": "the client is of the same site",
    "cursor_malformed": "the client hands cursors back as it got them",
    "head_too_large": "the client's heads are small",
    "idempotency_key_malformed": "the client makes its keys",
    "idempotency_key_reused": "the client makes a key for each deed",
    "json_malformed": "the client writes JSON",
    "link_invalid": "the page behind a link in a mail is the server's own",
    "method_not_allowed": "the client knows the methods",
    "not_http": "browsers speak HTTP",
    "not_json": "the client writes JSON",
    "subject_malformed": "the client makes the subjects of comments",
    "too_many_typing_signals": "a lost signal is not told to who writes",
}
OF_THE_CLIENT = {"offline", "screen", "unexpected", "unreachable"}


def worded() -> set[str]:
    texts = (file.read_text("utf-8") for file in KOREAN.glob("*.ts"))
    return {code for text in texts for code in re.findall(r"'error\.(\w+)'", text)}


def test_the_codes_are_found() -> None:
    assert {
        "event_full",  # in a call
        "membership_banned",  # in a table
        "illegal_transition",  # of a class of its own
        "webhook_not_found",  # by a noun
        "wrong_password",  # of a field
        "image_too_long",  # from another process
        "too_many_sign_ins",  # of a limit
        "members_only",  # of a right
        "too_large",  # of a guard
        "storage_unavailable",  # with a sentence from elsewhere
    } <= refusal_codes()


def test_every_refusal_has_korean_words() -> None:
    assert refusal_codes() - worded() - NEVER_MET.keys() == set()


def test_no_words_are_kept_for_what_is_never_said() -> None:
    assert worded() - refusal_codes() == OF_THE_CLIENT
    assert NEVER_MET.keys() - refusal_codes() == set()
    assert NEVER_MET.keys() & worded() == set()
