// Who is here: told when a line opens, and after that only what changes. Never in the log.
import type { Person } from '../api/types';

export interface Present extends Person {
  status: 'active' | 'idle';
}

export type PresenceFrame =
  | { type: 'presence'; here: Present[] | null }
  | { type: 'presence.joined' | 'presence.changed'; people: Present[] }
  | { type: 'presence.left'; ids: string[] };

export function presenceOf(event: string, data: string): PresenceFrame | null {
  if (event === 'presence') return { type: event, here: JSON.parse(data).here };
  if (event === 'presence.joined' || event === 'presence.changed')
    return { type: event, people: JSON.parse(data).people };
  if (event === 'presence.left') return { type: event, ids: JSON.parse(data).ids };
  return null;
}
