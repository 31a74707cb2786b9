"""What every table shares: naming of constraints, types of columns, and how ids are made."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, mapped_column
from uuid_utils.compat import uuid7

from app.models.clock import CLOCK

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The registry of tables."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - the name and shape are SQLAlchemy's
        datetime: sa.DateTime(timezone=True),
        str: sa.Text(),
    }


# Seconds by which a machine's clock may be off before its ids are put right: within them an id
# keeps the order in which this process made it.
SLACK = 1.0
# A version 7 id begins with its milliseconds.
MILLISECOND = 1 << 80


def new_id() -> UUID:
    """Return a version 7 id: ids made later sort later, to the millisecond.

    Also where this machine's clock is wrong, but then to the second.
    """
    made, off = uuid7(), CLOCK.off()
    if abs(off) < SLACK:
        return made
    return UUID(int=made.int + round(off * 1_000) * MILLISECOND)


def now() -> datetime:
    """Return the time of day, as the database has it."""
    return CLOCK.now()


def one_of(column: str, values: type[StrEnum]) -> sa.CheckConstraint:
    """Hold a text column to the members of an enum."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def text_between(column: str, low: int, high: int) -> sa.CheckConstraint:
    """Hold a text column to a number of characters."""
    return sa.CheckConstraint(
        f"char_length({column}) BETWEEN {low} AND {high}", name=f"{column}_length"
    )


def enum_column(values: type[StrEnum]) -> sa.Enum:
    """Return a text column type that reads back as members of the enum."""
    return sa.Enum(
        values,
        native_enum=False,
        create_constraint=False,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


Id = Annotated[UUID, mapped_column(sa.Uuid, default=new_id)]
CreatedAt = Annotated[datetime, mapped_column(sa.DateTime(timezone=True), default=now)]
