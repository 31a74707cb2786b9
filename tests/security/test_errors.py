import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.config import with_scheme
from app.utils.db import Database

SECRET = "what somebody wrote"


async def test_an_error_of_the_database_does_not_say_what_was_written(database_url: str) -> None:
    database = Database(with_scheme(database_url, "postgresql+psycopg"), 2)
    with pytest.raises(DBAPIError) as caught:
        async with database.read() as session:
            await session.execute(sa.text("SELECT CAST(:word AS text) FROM none"), {"word": SECRET})
    await database.close()
    assert "none" in str(caught.value)
    assert SECRET not in str(caught.value)
