"""Errors as RFC 9457 problem documents: the only place where an error becomes an answer."""

import http
from collections.abc import Mapping
from typing import Any, Final

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from app.models.errors import (
    Conflict,
    DomainError,
    FieldError,
    Forbidden,
    Gone,
    Invalid,
    Locked,
    Malformed,
    NotFound,
    NotSignedIn,
    TooLarge,
    TooMany,
    Unavailable,
    Unsupported,
)
from app.utils import metrics
from app.utils.failures import as_unavailable
from app.utils.tracing import request_id

log = structlog.get_logger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
STATUS: Final[Mapping[type[DomainError], int]] = {
    Malformed: 400,
    NotSignedIn: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    Unsupported: 415,
    Invalid: 422,
    Locked: 423,
    TooMany: 429,
    Unavailable: 503,
}
SAFE_METHODS: Final = {"GET", "HEAD", "OPTIONS"}
# Answers that say: it did not happen, and repeating it will not make it happen.
FINAL: Final = {400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 423}
# What a browser is to hold us to, on every answer.
SECURITY_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# What the framework itself refuses, without a word of ours.
ROUTING: Final = {
    400: ("json_malformed", "The body is not JSON. Mend it and send it again."),
    404: ("not_found", "There is nothing at this address. Check it."),
    405: ("method_not_allowed", "This address does not take this method. See the Allow header."),
}


class FieldProblem(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """A problem document. `detail` tells a person what to do next; `code` is stable."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:assent:problem:already_voted",
                    "code": "already_voted",
                    "title": "Already voted",
                    "status": 409,
                    "detail": "You have already voted on this proposal. Use PUT to change it.",
                    "current": "AGREE",
                    "action": "ROLLBACK",
                }
            ]
        }
    )

    type: str
    code: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    current: str | dict[str, Any] | None = None
    action: str | None = None
    retry_after: int | None = None
    request_id: str | None = None


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route answers with, for the OpenAPI document."""
    return {
        status: {
            "description": http.HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def problem(request: Request, error: DomainError) -> Response:
    """Render an error."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return render(
        status,
        error.code,
        error.detail,
        safe=request.method in SAFE_METHODS,
        current=error.current,
        errors=error.errors,
        retry_after=error.retry_after,
    )


def render(
    status: int,
    code: str,
    detail: str,
    *,
    safe: bool,
    current: str | Mapping[str, object] | None = None,
    errors: tuple[FieldError, ...] = (),
    retry_after: int | None = None,
) -> Response:
    """Build a problem document; what is unknown is left out."""
    document = {
        "type": f"urn:assent:problem:{code}",
        "code": code,
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "errors": [{"field": e.field, "message": e.message} for e in errors] or None,
        "current": current,
        "action": "ROLLBACK" if not safe and status in FINAL else None,
        "retry_after": retry_after,
        "request_id": request_id.get() or None,
    }
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    if status == http.HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = orjson.dumps({name: value for name, value in document.items() if value is not None})
    return Response(body, status, headers | {"Cache-Control": "no-store"}, MEDIA_TYPE)


def add_problem_handlers(app: FastAPI) -> None:
    """Let every error of the app leave as a problem document."""
    app.add_exception_handler(DomainError, _domain)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _validation)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]
    app.add_exception_handler(SQLAlchemyError, _database)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _last_resort)


async def _domain(request: Request, error: DomainError) -> Response:
    return problem(request, error)


async def _validation(request: Request, error: RequestValidationError) -> Response:
    details = error.errors()
    if any(detail["type"] == "json_invalid" for detail in details):
        return problem(request, Malformed(*ROUTING[400]))
    if any(detail["loc"][0] == "path" for detail in details):
        return problem(request, NotFound(*ROUTING[404]))
    fields = tuple(_field_error(detail) for detail in details[:20])
    named = ", ".join(sorted({field.field for field in fields}))
    return problem(
        request,
        Invalid("invalid_fields", f"Mend these and send it again: {named}.", errors=fields),
    )


def _field_error(detail: Mapping[str, Any]) -> FieldError:
    place = ".".join(str(part) for part in detail["loc"][1:]) or str(detail["loc"][0])
    return FieldError(place[:200], str(detail["msg"]).removeprefix("Value error, "))


async def _http(request: Request, error: HTTPException) -> Response:
    code, detail = ROUTING.get(error.status_code, ("request_refused", str(error.detail)))
    answer = render(error.status_code, code, detail, safe=request.method in SAFE_METHODS)
    answer.headers.update(error.headers or {})
    return answer


async def _database(request: Request, error: SQLAlchemyError) -> Response:
    unavailable = as_unavailable(error)
    if unavailable is not None:
        log.warning("database_unavailable", error=str(error))
        return problem(request, unavailable)
    return await _unexpected(request, error)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected", path=request.url.path, exc_info=error)
    return render(
        500,
        "internal_error",
        "Something broke on our side and was written down. Nothing of your request was kept; "
        "try it again with the same key.",
        safe=request.method in SAFE_METHODS,
    )


async def _last_resort(request: Request, error: Exception) -> Response:
    """Answer outside of every layer of ours: what they would add is added here."""
    answer = await _unexpected(request, error)
    answer.headers.update({**SECURITY_HEADERS, "X-Request-ID": request_id.get()})
    metrics.BROKEN.inc()
    return answer
