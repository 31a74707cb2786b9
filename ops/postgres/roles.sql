-- Two roles instead of one: `assent` owns the tables and runs the migrations, `assent_server` serves.
-- Run it once as `assent` itself, after `assent migrate`; it has to have CREATEROLE for that moment:
--   psql "$DATABASE_URL" --file=ops/postgres/roles.sql
--   psql "$DATABASE_URL" --command="ALTER ROLE assent_server PASSWORD '…'"
-- Then the servers get assent_server in DATABASE_URL, and only `assent migrate` gets `assent`.

CREATE ROLE assent_server LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO assent_server;

-- Rows, and nothing of the tables themselves; what the schema is at, it reads to be ready.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO assent_server;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM assent_server;

-- The same for tables that later migrations make.
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO assent_server;
