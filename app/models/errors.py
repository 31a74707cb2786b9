"""What can go wrong, in the domain's words. Rendered once, by `routers/problems.py`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that the caller has to mend."""

    field: str
    message: str


class DomainError(Exception):
    """A refusal with a stable code and a sentence that tells a person what to do next."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        current: str | Mapping[str, object] | None = None,
        errors: tuple[FieldError, ...] = (),
        retry_after: int | None = None,
    ) -> None:
        """`current` is the state found, as a word or as JSON; `retry_after` is in seconds."""
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.current = current
        self.errors = errors
        self.retry_after = retry_after

    @property
    def title(self) -> str:
        return self.code.replace("_", " ").capitalize()


class Malformed(DomainError):
    """The request cannot be read."""


class NotSignedIn(DomainError):
    """Nobody is known by this session or token."""


class Forbidden(DomainError):
    """The caller is known and may not."""


class NotFound(DomainError):
    """There is no such thing, or none that the caller may know of."""


class Conflict(DomainError):
    """The present state does not allow it."""


class Locked(DomainError):
    """Somebody else is at it right now."""


class Gone(DomainError):
    """It was there once, and is not kept any more."""


class Invalid(DomainError):
    """The request can be read, and says something impossible."""


class TooLarge(DomainError):
    """It is bigger than is taken."""


class Unsupported(DomainError):
    """It is of a kind that is not taken."""


class TooMany(DomainError):
    """The caller has to slow down."""


class Unavailable(DomainError):
    """Assent cannot answer now; the same request may succeed later."""


class IllegalTransition(Conflict):
    """A status was asked to move where its table has no way."""

    def __init__(self, noun: str, current: str, wanted: str) -> None:
        super().__init__(
            "illegal_transition",
            f"This {noun} is {current} and cannot become {wanted}. Reload to see it as it is.",
            current=current,
        )


def invalid_field(field: str, message: str, code: str = "invalid_fields") -> Invalid:
    """Return the refusal of one field."""
    return Invalid(code, message, errors=(FieldError(field, message),))
