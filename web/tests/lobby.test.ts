// One's own line, folded: summaries, notices by their numbers, events from afar, announcements.
import { describe, expect, it } from 'vitest';
import type { Announcement, Notice, Summary } from '../src/api/me-types';
import {
  fromSummary,
  type Mine,
  unreadOf,
  withAnnouncement,
  withLobby,
  withNotice,
  withoutAnnouncement,
  withRead,
} from '../src/store/lobby';
import { dana, membership, mina } from './a-room';
import { message, myEvent } from './a-talk';

const waiting = { id: 'c', with: dana, last_seq: 3, read_seq: 1, unread: 2 };
const summary = (part: Partial<Summary> = {}): Summary => ({
  notice_seq: 7,
  events: [myEvent()],
  conversations: [waiting],
  announcements: [],
  ...part,
});
const start = fromSummary(summary(), null);
const notice = (seq: number, type: Notice['type'], data: unknown) =>
  ({ seq, type, at: '2026-03-02T09:00:00Z', data }) as Notice;
const told = (mine: Mine, ...news: Notice[]) =>
  news.reduce((now, one) => withNotice(now, one, mina.id), mine);
const news = (part: Partial<Announcement> = {}): Announcement => ({
  id: 'a',
  title: 'Hello',
  text: 'Hello.',
  level: 'info',
  link: null,
  image: null,
  ends_at: null,
  author: dana,
  created_at: '2026-03-02T09:00:00Z',
  edited_at: null,
  seen: null,
  ...part,
});

describe('a person’s own line', () => {
  it('counts what is unread in events and in conversations', () => {
    expect(unreadOf(start)).toBe(3);
  });

  it('folds a notice once, however many lines bring it', () => {
    const said = notice(8, 'message.changed', message(4));
    const twice = told(start, said, said);
    expect(twice.conversations[0]).toMatchObject({ unread: 3, last_seq: 4 });
    expect(twice.seq).toBe(8);
    expect(told(start, notice(7, 'message.changed', message(4)))).toBe(start);
  });

  it('takes one’s own words, said elsewhere, for read', () => {
    const said = notice(8, 'message.changed', message(4, { author: mina }));
    expect(told(start, said).conversations[0]).toMatchObject({ unread: 0, read_seq: 4 });
  });

  it('does not count an edit', () => {
    const edit = notice(8, 'message.changed', message(2, { edited_at: '2026-03-02T10:00:00Z' }));
    expect(told(start, edit).conversations[0]?.unread).toBe(2);
  });

  it('forgets what was read on another device', () => {
    const read = told(start, notice(8, 'read.changed', { conversation_id: 'e', seq: 4 }));
    expect(read.events[0]).toMatchObject({ unread: 0, mentions: 0 });
    expect(withRead(start, 'c', 2).conversations[0]?.unread).toBe(1);
    expect(withRead(start, 'c', 1).conversations[0]?.unread).toBe(2);
  });

  it('sees its events change from afar, and leaves alone what is its own', () => {
    const counts = { members: 3, pending: 0, observers: 0, voters: 1 };
    const next = withLobby(start, { id: 'e', subject: 'When?', counts, message_seq: 6, open_proposals: 3 });
    expect(next.events[0]).toMatchObject({ subject: 'When?', counts, unread: 3, undecided: 3, mentions: 1 });
    expect(next.events[0]?.me).toBe(start.events[0]?.me);
  });

  it('says what is gone, and why, until it is back', () => {
    const deleted = withLobby(start, { id: 'e', deleted: true });
    expect(deleted.events).toEqual([]);
    expect(deleted.gone).toEqual([{ id: 'e', subject: 'Where do we meet?', why: 'deleted' }]);
    const out = told(start, notice(8, 'membership.changed', membership(mina, { status: 'LEFT' })));
    expect(out.gone[0]?.why).toBe('out');
    const anew = fromSummary(summary({ events: [] }), out);
    expect(anew.gone).toHaveLength(1);
    expect(fromSummary(summary(), anew).gone).toEqual([]);
  });

  it('lets in whoever waited', () => {
    const asks = membership(mina, { status: 'PENDING' });
    const queued = myEvent({ queue_position: 2, me: { membership: asks, has_ballot: false } });
    const before = fromSummary(summary({ events: [queued] }), null);
    const nearer = withLobby(before, { id: 'e', queue_position: 1 });
    expect(nearer.events[0]?.queue_position).toBe(1);
    const inside = told(nearer, notice(8, 'membership.changed', membership(mina)));
    expect(inside.events[0]).toMatchObject({
      queue_position: null,
      me: { membership: { status: 'ACCEPTED' } },
    });
  });

  it('keeps the last words it knows when the summary names only what waits', () => {
    const heard = told(start, notice(8, 'message.changed', message(4)));
    const again = fromSummary(summary({ notice_seq: 9, conversations: [] }), heard);
    expect(again.conversations[0]).toMatchObject({ unread: 0, last_message: { seq: 4 } });
  });
});

describe('announcements', () => {
  it('wait in their order until they are seen on any device', () => {
    const later = news({ id: 'b', created_at: '2026-03-02T10:00:00Z' });
    const both = withAnnouncement(withAnnouncement(start, later), news());
    expect(both.announcements.map(({ id }) => id)).toEqual(['a', 'b']);
    const seen = told(both, notice(8, 'announcement.seen', { announcement_id: 'a' }));
    expect(seen.announcements.map(({ id }) => id)).toEqual(['b']);
    expect(withoutAnnouncement(seen, 'b').announcements).toEqual([]);
  });

  it('are not told anew when only their words change', () => {
    const edited = news({ text: 'Better.', edited_at: '2026-03-02T10:00:00Z' });
    expect(withAnnouncement(start, edited).announcements).toEqual([]);
    const shown = withAnnouncement(withAnnouncement(start, news()), edited);
    expect(shown.announcements[0]?.text).toBe('Better.');
    expect(withAnnouncement(shown, { id: 'a', deleted: true }).announcements).toEqual([]);
  });
});
