"""What PostgreSQL itself does with the same durable transaction: pgbench, a vote each."""

import re
import shutil
import subprocess
import tempfile

import psycopg

from app.config import with_scheme
from app.launch import binaries
from app.launch.postgres import Postgres

CLIENTS = 32
PEOPLE = 100
PROPOSALS = 20

TABLES = """
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
CREATE TABLE bench.events (id int PRIMARY KEY, seq bigint NOT NULL) WITH (fillfactor = 50);
CREATE TABLE bench.proposals (id int PRIMARY KEY, agree int NOT NULL) WITH (fillfactor = 70);
CREATE TABLE bench.memberships (user_id int PRIMARY KEY, status text NOT NULL);
CREATE TABLE bench.votes (proposal_id int, user_id int, choice text NOT NULL,
                          PRIMARY KEY (proposal_id, user_id));
CREATE TABLE bench.changes (event_id int, seq bigint, payload json NOT NULL,
                            PRIMARY KEY (event_id, seq));
CREATE TABLE bench.sessions (token text PRIMARY KEY, user_id int NOT NULL);
CREATE TABLE bench.keys (key_hash bytea PRIMARY KEY, body bytea NOT NULL,
                         created_at timestamptz NOT NULL DEFAULT now());
INSERT INTO bench.events VALUES (1, 0);
INSERT INTO bench.proposals SELECT n, 0 FROM generate_series(1, 20) n;
INSERT INTO bench.memberships SELECT n, 'ACCEPTED' FROM generate_series(1, 100) n;
INSERT INTO bench.sessions SELECT 'token-' || n, n FROM generate_series(1, 100) n;
"""
# The same steps as a vote: lock, look for the key, read, write vote and tally, log and answer.
VOTE = r"""
\set person random(1, 100)
\set proposal random(1, 20)
\set key random(1, 9000000000000000000)
BEGIN;
SELECT seq FROM bench.events WHERE id = 1 FOR NO KEY UPDATE;
SELECT body FROM bench.keys WHERE key_hash = int8send(:key);
SELECT status FROM bench.memberships WHERE user_id = :person;
INSERT INTO bench.votes VALUES (:proposal, :person, 'AGREE')
  ON CONFLICT (proposal_id, user_id) DO UPDATE SET choice = excluded.choice;
UPDATE bench.proposals SET agree = agree + 1 WHERE id = :proposal;
UPDATE bench.events SET seq = seq + 1 WHERE id = 1;
INSERT INTO bench.changes SELECT id, seq, '{"tally": {"agree": 1, "disagree": 0, "abstain": 0}}'
  FROM bench.events WHERE id = 1;
INSERT INTO bench.keys (key_hash, body) VALUES (int8send(:key), '\x7b7d');
COMMIT;
"""


def votes_of_postgres(postgres: Postgres, seconds: float) -> float:
    """Return pgbench's transactions a second."""
    make_tables(postgres)
    return run_pgbench(with_scheme(postgres.url(), "postgresql"), seconds)


def run_pgbench(url: str, seconds: float) -> float:
    """Return transactions a second; a run that fails ends with what pgbench said."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(VOTE)
        script.flush()
        done = subprocess.run(
            [
                _pgbench(),
                *("-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2"),
                *("-T", str(max(1, round(seconds))), "-f", script.name, url),
            ],
            check=False,
            capture_output=True,
            text=True,
        )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or found is None:
        raise SystemExit(f"pgbench ended with {done.returncode}: {done.stdout}{done.stderr}")
    return float(found[1])


def make_tables(postgres: Postgres) -> None:
    """Make the references' tables, empty."""
    url = with_scheme(postgres.url(), "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES)


def _pgbench() -> str:
    """The one beside our `postgres`; where that has none, the one on the PATH."""
    beside = binaries.postgres(None).with_name("pgbench")
    found = str(beside) if beside.exists() else shutil.which("pgbench")
    if found is None:
        raise SystemExit("There is no pgbench on this machine.")
    return found
