// Who is here with me. Null: the server does not know at the moment, and says so.
import type { PresenceFrame, Present } from '../live/presence-frames';

export type Presence = Present[] | null;

export function foldPresence(now: Presence | undefined, frame: PresenceFrame): Presence {
  if (frame.type === 'presence') return frame.here && [...frame.here].sort(byName);
  if (!now) return null;
  if (frame.type === 'presence.left') return now.filter(({ id }) => !frame.ids.includes(id));
  const fresh = new Map(frame.people.map((one) => [one.id, one]));
  return [...now.filter(({ id }) => !fresh.has(id)), ...fresh.values()].sort(byName);
}

const byName = (a: Present, b: Present) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);

/** Up to two letters that stand for somebody; one syllable block where the script is Korean. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? '')][0] ?? '?';
  if (/\p{Script=Hangul}/u.test(first)) return [...(words[0] ?? '')].slice(-2).join('');
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}
