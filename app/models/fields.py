"""Single values as people give them: a password, an entrance code, a capacity."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StrictInt


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


Password = Annotated[str, Field(strict=True, min_length=8, max_length=128)]
EventPassword = Annotated[str, Field(strict=True, min_length=1, max_length=128)]
Code = Annotated[str, BeforeValidator(_upper), Field(strict=True, pattern=r"^[A-Z0-9]{6}$")]
Capacity = Annotated[StrictInt, Field(ge=1, le=100_000)]
