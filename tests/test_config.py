import pytest
from pydantic import ValidationError

from app.config import DEVELOPMENT_SECRET, Settings

GOOD = {"ASSENT_ENVIRONMENT": "production", "ASSENT_SECRET_KEY": "s" * 40}
MAIL = {"ASSENT_SMTP_URL": "smtp://mail.example.org"}


@pytest.mark.parametrize(
    ("wrong", "setting"),
    [
        ({"ASSENT_SECRET_KEY": DEVELOPMENT_SECRET}, "ASSENT_SECRET_KEY"),
        ({"ASSENT_SECRET_KEY": "short"}, "ASSENT_SECRET_KEY"),
        (MAIL, "ASSENT_PUBLIC_URL"),
    ],
)
def test_production_refuses_what_is_not_safe(wrong: dict[str, str], setting: str) -> None:
    with pytest.raises(ValidationError, match=setting):
        Settings(**(GOOD | wrong))


def test_production_takes_what_is_safe() -> None:
    settings = Settings(**(GOOD | MAIL | {"ASSENT_PUBLIC_URL": "https://assent.example.org"}))
    assert settings.public_url == "https://assent.example.org"


def test_a_developer_needs_to_set_nothing() -> None:
    assert Settings().environment == "development"
