// The frames of a line, as docs/wire.md lists them: those of the event in focus, and those of the person.
import type { AnnouncementNews, Lobby, Notice, Summary } from '../api/me-types';
import type { Typing } from '../api/talk-types';
import type { Change, Event } from '../api/types';
import type { BriefFrame } from './brief-frames';
import type { PresenceFrame } from './presence-frames';
import { presenceOf } from './presence-frames';
import type { SseFrame } from './sse';

export type RevokedReason = 'kicked' | 'banned' | 'left' | 'signed_out' | 'event_closed' | 'event_deleted';
const REASONS = new Set(['kicked', 'banned', 'left', 'signed_out', 'event_closed', 'event_deleted']);

/** Why what is known is forgotten. */
export type ResetReason = 'unknown_epoch' | 'ahead_of_log' | 'too_far_behind' | 'not_kept';

export type EventFrame =
  | { type: 'change'; epoch: string; change: Change }
  | { type: 'hidden'; epoch: string; seq: number }
  | { type: 'snapshot'; event: Event }
  | { type: 'reset'; reason: ResetReason }
  | { type: 'heartbeat'; epoch: string; head: number; at: string }
  | { type: 'revoked'; reason: RevokedReason | 'refused' }
  | { type: 'typing'; typing: Typing }
  | BriefFrame
  | PresenceFrame;

export type PersonalFrame =
  | { type: 'summary'; summary: Summary }
  | { type: 'notice'; notice: Notice }
  | { type: 'lobby'; lobby: Lobby }
  | { type: 'announcement'; announcement: AnnouncementNews }
  | { type: 'typing'; typing: Typing };

export type Frame = EventFrame | PersonalFrame;

export interface Cursor {
  epoch: string;
  seq: number;
}

export function cursorOf(text: string): Cursor {
  const dot = text.lastIndexOf('.');
  return { epoch: text.slice(0, dot), seq: Number(text.slice(dot + 1)) };
}

const PERSONAL = new Set<Frame['type']>(['summary', 'notice', 'lobby', 'announcement']);

/** Whom it is for: everybody who looks at that event, or this person wherever they look. */
export const isPersonal = (frame: Frame, eventId: string | null): frame is PersonalFrame =>
  PERSONAL.has(frame.type) || (frame.type === 'typing' && frame.typing.conversation_id !== eventId);

/** The frame's meaning, or null where this client knows none. */
export function frameOf({ id, event, data }: SseFrame): Frame | null {
  if (data === null) return id ? { type: 'hidden', ...cursorOf(id) } : null;
  if (event === 'message')
    return { type: 'change', epoch: id ? cursorOf(id).epoch : '', change: JSON.parse(data) };
  return NAMED[event]?.(JSON.parse(data)) ?? presenceOf(event, data);
}

// biome-ignore lint/suspicious/noExplicitAny: what the server sends is what the wire promises
const NAMED: Record<string, (data: any) => Frame> = {
  snapshot: (event) => ({ type: 'snapshot', event }),
  reset: ({ reason }) => ({ type: 'reset', reason }),
  revoked: ({ reason }) => ({ type: 'revoked', reason: REASONS.has(reason) ? reason : 'refused' }),
  heartbeat: ({ head, at }) => heartbeatOf(head, at),
  summary: (summary) => ({ type: 'summary', summary }),
  notice: (notice) => ({ type: 'notice', notice }),
  lobby: (lobby) => ({ type: 'lobby', lobby }),
  announcement: (announcement) => ({ type: 'announcement', announcement }),
  typing: (typing) => ({ type: 'typing', typing }),
  lock: (lock) => ({ type: 'lock', lock }),
  strokes: (strokes) => ({ type: 'strokes', strokes }),
};

/** A line without an event in focus has no head. */
function heartbeatOf(head: string | null | undefined, at: string): Frame {
  const cursor = head ? cursorOf(head) : { epoch: '', seq: 0 };
  return { type: 'heartbeat', epoch: cursor.epoch, head: cursor.seq, at };
}
