"""Many rows quickly: copies of an event, and more of everything, straight into the tables."""

import uuid
from collections.abc import Sequence

import psycopg

from app.config import with_scheme
from app.launch.postgres import Postgres

PARTS = ("memberships", "items", "proposals", "proposal_votes")


class Crowd:
    """Fills the database of a stage. Nothing here is told to anybody: it is background."""

    def __init__(self, postgres: Postgres) -> None:
        self._url = with_scheme(postgres.url(), "postgresql")

    def copies(self, event_id: str, number: int) -> list[str]:
        """Copy an event with all that is in it; return the copies' ids."""
        ids = [str(uuid.uuid4()) for _ in range(number)]
        with psycopg.connect(self._url) as connection:
            connection.execute(_NEW_IDS, (_FIRST_CODE + self._events(connection), ids))
            connection.execute(_COPY_EVENT, (event_id,))
            connection.execute(_COPY_CONVERSATION, (event_id,))
            for table in PARTS:
                connection.execute(_COPY_PART.format(table=table), (event_id,))
        self.settle()
        return ids

    def people(self, event_id: str, number: int) -> None:
        """Let more people into an event, and keep its count right."""
        with psycopg.connect(self._url) as connection:
            connection.execute(_PEOPLE, (number, event_id))
            connection.execute(_COUNT, (number, event_id))
        self.settle()

    def votes(self, event_id: str, number: int) -> None:
        """Add votes: of the members, a thousand at most, on as many proposals as it takes."""
        with psycopg.connect(self._url) as connection:
            connection.execute(_VOTES, (event_id, number, number))
        self.settle()

    def comments(self, event_id: str, number: int) -> None:
        """Add comments on an event."""
        with psycopg.connect(self._url) as connection:
            connection.execute(_COMMENTS, (number, event_id))
        self.settle()

    def settle(self) -> None:
        """Let PostgreSQL look at what it holds now, as its own daemon would before long."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    @staticmethod
    def _events(connection: "psycopg.Connection[Sequence[int]]") -> int:
        row = connection.execute("SELECT count(*) FROM events").fetchone()
        return int(row[0]) if row else 0


_FIRST_CODE = 0x100000
# Codes are six characters of 0-9 and A-Z; hexadecimal ones of numbers from here on have six.
_NEW_IDS = """
CREATE TEMP TABLE new ON COMMIT DROP AS
SELECT id::uuid AS event_id, upper(to_hex(%s::int + n::int)) AS code
FROM unnest(%s::text[]) WITH ORDINALITY AS one(id, n)
"""
_COPY_EVENT = """
INSERT INTO events
SELECT (jsonb_populate_record(e, jsonb_build_object('id', n.event_id, 'entrance_code',
        n.code))).* FROM events e, new n WHERE e.id = %s
"""
# An event's conversation has the id of its event.
_COPY_CONVERSATION = """
INSERT INTO conversations
SELECT (jsonb_populate_record(c, jsonb_build_object('id', n.event_id, 'event_id', n.event_id))).*
FROM conversations c, new n WHERE c.event_id = %s
"""
_COPY_PART = """
INSERT INTO {table}
SELECT (jsonb_populate_record(t, jsonb_build_object('event_id', n.event_id))).*
FROM {table} t, new n WHERE t.event_id = %s
"""
_PEOPLE = """
WITH came AS (
  INSERT INTO users (id, name, locale, is_staff, created_at)
  SELECT gen_random_uuid(), 'Guest', 'en', false, now() FROM generate_series(1, %s)
  RETURNING id)
INSERT INTO memberships (event_id, id, user_id, status, role, created_at, requested_at, joined_at)
SELECT %s, gen_random_uuid(), id, 'ACCEPTED', 'MEMBER', now(), now(), now() FROM came
"""
_COUNT = "UPDATE events SET members = members + %s WHERE id = %s"
_VOTES = """
WITH voters AS (
  SELECT event_id, user_id FROM memberships WHERE event_id = %s ORDER BY id LIMIT least(1000, %s)),
made AS (
  INSERT INTO proposals (event_id, id, kind, category, content, author_id, status, agree, disagree,
                         abstain, comment_count, created_at)
  SELECT v.event_id, gen_random_uuid(), 'assumption', 'CREATION', 'Background', v.user_id,
         'PENDING', 0, 0, 0, 0, now()
  FROM (SELECT * FROM voters LIMIT 1) v,
       generate_series(1, (%s / (SELECT count(*) FROM voters))::int)
  RETURNING event_id, id)
INSERT INTO proposal_votes (event_id, proposal_id, user_id, choice, created_at)
SELECT made.event_id, made.id, voters.user_id, 'AGREE', now() FROM made, voters
"""
_COMMENTS = """
INSERT INTO comments (event_id, id, subject_type, subject_id, author_id, content, created_at)
SELECT e.id, gen_random_uuid(), 'event', e.id, e.owner_id, 'I see it the same way.', now()
FROM generate_series(1, %s), events e WHERE e.id = %s
"""
