"""What every payload is made of: strict shapes, moments in one form, people."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainSerializer


def rfc3339(moment: datetime) -> str:
    """Return the moment in UTC with microseconds and a `Z`: one shape for bodies and frames."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


Moment = Annotated[datetime, PlainSerializer(rfc3339, return_type=str, when_used="json")]


class Payload(BaseModel):
    """A shape on the wire: nothing undeclared goes out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def encode(self) -> bytes:
        """Return the JSON that is sent, stored and streamed."""
        return self.__pydantic_serializer__.to_json(self)


class Identified(Payload):
    id: UUID


class Person(Payload):
    id: UUID
    name: str
