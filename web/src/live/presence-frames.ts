// Who is here: told when a line opens, and after that only what changes. Never in the log.
import type { Person } from '../api/types';

export interface Present extends Person {
  status: 'active' | 'idle';
}

export interface Presence {
  /** Null where they are a crowd, or where it is not known. */
  here: Present[] | null;
  /** Null where it is not known. */
  count: number | null;
}

export type PresenceFrame =
  | ({ type: 'presence' } & Presence)
  | { type: 'presence.joined' | 'presence.changed'; people: Present[] }
  | { type: 'presence.left'; ids: string[] };

export function presenceOf(event: string, data: string): PresenceFrame | null {
  if (event === 'presence') return { type: event, ...(JSON.parse(data) as Presence) };
  if (event === 'presence.joined' || event === 'presence.changed')
    return { type: event, people: JSON.parse(data).people };
  if (event === 'presence.left') return { type: event, ids: JSON.parse(data).ids };
  return null;
}
