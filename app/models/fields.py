"""Single values as people give them: an email, a password, an entrance code, a capacity."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt

from app.models.text import Name


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _plausible_email(text: str) -> str:
    local, _, domain = text.strip().rpartition("@")
    if not local or "." not in domain.strip(".") or any(c.isspace() for c in text.strip()):
        raise ValueError("must be an email address")
    return text.strip()


Email = Annotated[Name, Field(max_length=254), AfterValidator(_plausible_email)]
Password = Annotated[str, Field(strict=True, min_length=8, max_length=128)]
EventPassword = Annotated[str, Field(strict=True, min_length=1, max_length=128)]
Code = Annotated[str, BeforeValidator(_upper), Field(strict=True, pattern=r"^[A-Z0-9]{6}$")]
Capacity = Annotated[StrictInt, Field(ge=1, le=100_000)]
