"""Enough rows that a plan without an index would show, made inside the database."""

import psycopg

# One event in a thousand is large, as in life; ids are drawn so that each row can be referred to.
FILL = """
SELECT setseed(0.5);
CREATE FUNCTION id(kind text, n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
  AS $$ SELECT md5(kind || n)::uuid $$;
INSERT INTO users (id, name, email, password_hash, locale, is_staff, created_at)
  SELECT id('user', n), 'Somebody', n || '@example.org', 'none', 'en', false, now()
  FROM generate_series(1, 30000) n;
INSERT INTO sessions (id, user_id, token_hash, user_agent, created_at, expires_at)
  SELECT id('session', n), id('user', n), sha256(n::text::bytea), '', now(), now() + '1 day'
  FROM generate_series(1, 20000) n;
INSERT INTO password_resets (token_hash, user_id, created_at, expires_at)
  SELECT sha256(n::text::bytea), id('user', n), now(), now() + '1 day'
  FROM generate_series(1, 10000) n;
INSERT INTO events (id, epoch, seq, subject, description, status, entrance_code, capacity, policies,
                    owner_id, members, observers, pending, ballots, comment_count, created_at)
  SELECT id('event', n), id('epoch', n), 10, 'Where to?', '', 'IN_PROGRESS',
         upper(lpad(to_hex(n), 6, '0')), 100, '{}', id('user', n), 10, 0, 0, 0, 0, now()
  FROM generate_series(1, 3000) n;
INSERT INTO conversations (id, event_id, last_seq, last_at, created_at)
  SELECT id('event', n), id('event', n), 20, now(), now() FROM generate_series(1, 3000) n;
INSERT INTO conversations (id, low_user_id, high_user_id, last_seq, last_at, created_at)
  SELECT id('pair', n), least(id('user', n), id('user', n + 1)),
         greatest(id('user', n), id('user', n + 1)), 5, now(), now()
  FROM generate_series(1, 10000) n;
INSERT INTO messages (conversation_id, seq, id, kind, author_id, content, created_at)
  SELECT id('event', e), n, id('message' || e, n), 'said', id('user', e), 'Hm', now()
  FROM generate_series(1, 3000) e, generate_series(1, 20) n;
INSERT INTO mentions (conversation_id, user_id, seq)
  SELECT id('event', e), id('user', e + n), n
  FROM generate_series(1, 3000) e, generate_series(1, 5) n;
INSERT INTO read_marks (conversation_id, user_id, seq, delivered_seq)
  SELECT id('event', e), id('user', e + u), 5, 5
  FROM generate_series(1, 3000) e, generate_series(0, 9) u;
INSERT INTO attachments (conversation_id, id, message_seq, position, uploader_id, name, media_type,
                         kind, status, size, created_at)
  SELECT id('event', e), id('file' || e, n), n, 1, id('user', e), 'a.txt', 'text/plain', 'file',
         'APPROVED', 5, now()
  FROM generate_series(1, 3000) e, generate_series(1, 5) n;
INSERT INTO memberships (event_id, id, user_id, status, role, created_at, requested_at, joined_at)
  SELECT id('event', e), id('seat' || e, u), id('user', e + u), 'ACCEPTED',
         CASE WHEN u = 0 THEN 'OWNER' ELSE 'MEMBER' END, now(), now(), now()
  FROM generate_series(1, 3000) e, generate_series(0, 9) u;
INSERT INTO items (event_id, id, kind, content, position, comment_count, created_at)
  SELECT id('event', e), id('item' || e, n), 'criterion', 'Cost', n, 0, now()
  FROM generate_series(1, 3000) e, generate_series(1, 5) n;
INSERT INTO proposals (event_id, id, kind, category, content, author_id, status, agree, disagree,
                       abstain, comment_count, created_at)
  SELECT id('event', e), id('proposal' || e, n), 'assumption', 'CREATION', 'So', id('user', e),
         'PENDING', 3, 0, 0, 0, now()
  FROM generate_series(1, 3000) e, generate_series(1, 5) n;
INSERT INTO proposal_votes (event_id, proposal_id, user_id, choice, created_at)
  SELECT id('event', e), id('proposal' || e, n), id('user', e + u), 'AGREE', now()
  FROM generate_series(1, 3000) e, generate_series(1, 5) n, generate_series(0, 2) u;
INSERT INTO ballots (event_id, user_id, option_id, criterion_ids, created_at, updated_at)
  SELECT id('event', e), id('user', e + u), id('item' || e, 1), '{}', now(), now()
  FROM generate_series(1, 3000) e, generate_series(0, 4) u;
INSERT INTO comments (event_id, id, subject_type, subject_id, author_id, content, created_at)
  SELECT id('event', e), id('comment' || e, n), 'event', id('event', e), id('user', e), 'Hm', now()
  FROM generate_series(1, 3000) e, generate_series(1, 5) n;
INSERT INTO changes (event_id, seq, type, payload, created_at)
  SELECT id('event', e), n, 'turnout.changed', '{}', now()
  FROM generate_series(1, 3000) e, generate_series(1, 10) n;
INSERT INTO blocks (event_id, id, kind, text, position, version, author_id, token, created_at,
                    updated_at)
  SELECT id('event', e), id('block' || e, n), 'text', 'So', n, 3, id('user', e), 0, now(), now()
  FROM generate_series(1, 3000) e, generate_series(1, 5) n;
INSERT INTO block_versions (event_id, block_id, version, text, removed, author_id, created_at)
  SELECT id('event', e), id('block' || e, n), v, 'So', false, id('user', e), now()
  FROM generate_series(1, 3000) e, generate_series(1, 5) n, generate_series(1, 3) v;
INSERT INTO sketches (event_id, image_id, seq, cleared_seq, strokes, points)
  SELECT id('event', e), id('image', e), 5, 0, 5, 5 FROM generate_series(1, 3000) e;
INSERT INTO strokes (event_id, image_id, id, seq, author_id, points, colour, width, created_at)
  SELECT id('event', e), id('image', e), id('stroke' || e, n), n, id('user', e), '{0,0}',
         '#000000', 0.01, now()
  FROM generate_series(1, 3000) e, generate_series(1, 5) n;
INSERT INTO idempotency_keys (key_hash, fingerprint, response_status, response_body, created_at)
  SELECT sha256(n::text::bytea), '', 200, '', now() FROM generate_series(1, 20000) n;
ANALYZE;
"""


def fill(url: str) -> None:
    """Fill an empty migrated database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILL)
