// What a person's own line says, folded: their events in short, their conversations, what is announced. Pure.
import type {
  Announcement,
  AnnouncementNews,
  Lobby,
  MyEvent,
  Notice,
  Summary,
  Waiting,
} from '../api/me-types';
import type { Conversation, Message } from '../api/talk-types';
import type { Membership } from '../api/types';
import { votes } from './fold';

export type Talk = Waiting & Pick<Conversation, 'last_message'>;

/** An event that was mine a moment ago. */
export interface Gone {
  id: string;
  subject: string;
  why: 'deleted' | 'out' | 'banned';
}

export interface Mine {
  /** The number of the newest notice that is folded in. */
  seq: number;
  events: MyEvent[];
  /** Between two; the last words are known once they were heard or asked for. */
  conversations: Talk[];
  /** Not seen yet, oldest first. */
  announcements: Announcement[];
  gone: Gone[];
}

/** Everything anew; what was said to be gone stays said until it is back. */
export function fromSummary(summary: Summary, before: Mine | null): Mine {
  const { notice_seq: seq, events, conversations, announcements } = summary;
  const here = new Set(events.map(({ id }) => id));
  const gone = (before?.gone ?? []).filter(({ id }) => !here.has(id));
  const talks = known(before?.conversations ?? [], conversations);
  return { seq, events, conversations: talks, announcements, gone };
}

/** The summary names only what waits: in all others everything is read. */
function known(before: Talk[], waiting: Waiting[]): Talk[] {
  const fresh = new Map(waiting.map((one) => [one.id, one]));
  const kept = before.filter(({ id }) => !fresh.has(id)).map((one) => ({ ...one, unread: 0 }));
  const old = new Map(before.map((one) => [one.id, one]));
  return [...waiting.map((one) => ({ last_message: null, ...old.get(one.id), ...one })), ...kept];
}

/** The same notice comes on every line of the browser: its number says whether it is folded in. */
export function withNotice(mine: Mine, notice: Notice, myId: string): Mine {
  if (notice.seq <= mine.seq) return mine;
  return { ...told(mine, notice, myId), seq: notice.seq };
}

function told(mine: Mine, notice: Notice, myId: string): Mine {
  switch (notice.type) {
    case 'message.changed':
      return withMessage(mine, notice.data, myId);
    case 'mention.made':
      return inEvent(mine, notice.data.conversation_id, (one) => ({ ...one, mentions: one.mentions + 1 }));
    case 'read.changed':
      return withRead(mine, notice.data.conversation_id, notice.data.seq);
    case 'announcement.seen':
      return withoutAnnouncement(mine, notice.data.announcement_id);
    case 'membership.changed':
      return withMembership(mine, notice.data);
    default:
      return mine;
  }
}

/** The shared part of an event's summary. What is unread grows with its messages, and falls with one's own mark. */
export function withLobby(mine: Mine, lobby: Lobby): Mine {
  if (lobby.deleted) return withoutEvent(mine, lobby.id, 'deleted');
  return inEvent(mine, lobby.id, (one) => {
    const said = Math.max(0, (lobby.message_seq ?? one.message_seq) - one.message_seq);
    const more = (lobby.open_proposals ?? one.open_proposals) - one.open_proposals;
    const undecided = mayVote(one.me.membership) ? Math.max(0, one.undecided + more) : 0;
    return { ...one, ...lobby, me: one.me, undecided, unread: one.unread + said };
  });
}

export function withRead(mine: Mine, conversationId: string, seq: number): Mine {
  const marked = inEvent(mine, conversationId, (one) => {
    const unread = Math.min(one.unread, Math.max(0, one.message_seq - seq));
    return { ...one, unread, mentions: unread === 0 ? 0 : Math.min(one.mentions, unread) };
  });
  return inTalk(marked, conversationId, (one) => ({
    ...one,
    read_seq: Math.max(one.read_seq, seq),
    unread: Math.min(one.unread, Math.max(0, one.last_seq - seq)),
  }));
}

/** New words for what was told before are news to whoever has not put it away yet. */
export function withAnnouncement(mine: Mine, news: AnnouncementNews): Mine {
  const others = mine.announcements.filter(({ id }) => id !== news.id);
  const known = others.length < mine.announcements.length;
  if ('deleted' in news || news.seen || (news.edited_at && !known)) return { ...mine, announcements: others };
  return { ...mine, announcements: [...others, news].sort(byTime) };
}

export const withoutAnnouncement = (mine: Mine, id: string): Mine => ({
  ...mine,
  announcements: mine.announcements.filter((one) => one.id !== id),
});

const byTime = (a: Announcement, b: Announcement) => (a.created_at < b.created_at ? -1 : 1);

function withMessage(mine: Mine, message: Message, myId: string): Mine {
  return inTalk(mine, message.conversation_id, (one) => {
    if (message.seq < one.last_seq) return one;
    const fresh = message.seq - one.last_seq;
    const read_seq = message.author?.id === myId ? message.seq : one.read_seq;
    const unread = message.author?.id === myId ? 0 : one.unread + fresh;
    return { ...one, last_message: message, last_seq: message.seq, read_seq, unread };
  });
}

/** Out of it, an event is none of mine any more; a request that waits or was declined stays to be seen. */
function withMembership(mine: Mine, membership: Membership): Mine {
  if (membership.status === 'LEFT') return withoutEvent(mine, membership.event_id, 'out');
  if (membership.status === 'BANNED') return withoutEvent(mine, membership.event_id, 'banned');
  return inEvent(mine, membership.event_id, (one) => ({
    ...one,
    me: { ...one.me, membership },
    queue_position: membership.status === 'PENDING' ? one.queue_position : null,
  }));
}

function withoutEvent(mine: Mine, id: string, why: Gone['why']): Mine {
  const event = mine.events.find((one) => one.id === id);
  if (!event) return mine;
  const gone = [...mine.gone, { id, subject: event.subject, why }];
  return { ...mine, events: mine.events.filter((one) => one !== event), gone };
}

/** Something that came to be mine after the summary. */
export const withEvent = (mine: Mine, event: MyEvent): Mine => ({
  ...mine,
  events: [event, ...mine.events.filter(({ id }) => id !== event.id)],
  gone: mine.gone.filter(({ id }) => id !== event.id),
});

export const withConversation = (mine: Mine, talk: Talk): Mine => ({
  ...mine,
  conversations: [talk, ...mine.conversations.filter(({ id }) => id !== talk.id)],
});

const inEvent = (mine: Mine, id: string, change: (event: MyEvent) => MyEvent): Mine => ({
  ...mine,
  events: mine.events.map((one) => (one.id === id ? change(one) : one)),
});

const inTalk = (mine: Mine, id: string, change: (talk: Talk) => Talk): Mine => ({
  ...mine,
  conversations: mine.conversations.map((one) => (one.id === id ? change(one) : one)),
});

export const unreadOf = ({ events, conversations }: Mine): number =>
  [...events, ...conversations].reduce((sum, { unread }) => sum + unread, 0);

const mayVote = (membership: Membership | null): boolean => membership !== null && votes(membership);
