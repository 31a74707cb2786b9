// The frames of an event's stream, as docs/wire.md lists them.
import type { Change, Event } from '../api/types';
import type { SseFrame } from './sse';

export type RevokedReason = 'kicked' | 'banned' | 'left' | 'signed_out' | 'event_closed' | 'event_deleted';

/** Why what is known is forgotten. */
export type ResetReason = 'unknown_epoch' | 'ahead_of_log' | 'too_far_behind' | 'not_kept';

export type Frame =
  | { type: 'change'; epoch: string; change: Change }
  | { type: 'hidden'; epoch: string; seq: number }
  | { type: 'snapshot'; event: Event }
  | { type: 'reset'; reason: ResetReason }
  | { type: 'heartbeat'; epoch: string; head: number; at: string }
  | { type: 'revoked'; reason: RevokedReason };

export interface Cursor {
  epoch: string;
  seq: number;
}

export function cursorOf(text: string): Cursor {
  const dot = text.lastIndexOf('.');
  return { epoch: text.slice(0, dot), seq: Number(text.slice(dot + 1)) };
}

/** The frame's meaning, or null where this client knows none. */
export function frameOf({ id, event, data }: SseFrame): Frame | null {
  if (data === null) return id ? { type: 'hidden', ...cursorOf(id) } : null;
  if (event === 'message')
    return { type: 'change', epoch: id ? cursorOf(id).epoch : '', change: JSON.parse(data) };
  if (event === 'snapshot') return { type: 'snapshot', event: JSON.parse(data) };
  if (event === 'reset') return { type: 'reset', reason: JSON.parse(data).reason };
  if (event === 'revoked') return { type: 'revoked', reason: JSON.parse(data).reason };
  if (event === 'heartbeat') return heartbeatOf(JSON.parse(data));
  return null;
}

function heartbeatOf({ head, at }: { head: string; at: string }): Frame {
  const cursor = cursorOf(head);
  return { type: 'heartbeat', epoch: cursor.epoch, head: cursor.seq, at };
}
