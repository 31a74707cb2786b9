// Who is here with me, by name, or how many where they are a crowd.
import type { Presence, PresenceFrame, Present } from '../live/presence-frames';

const UNKNOWN: Presence = { here: null, count: null };

export function foldPresence(now: Presence | undefined, frame: PresenceFrame): Presence {
  if (frame.type === 'presence')
    return { count: frame.count, here: frame.here && [...frame.here].sort(byName) };
  if (!now?.here) return now ?? UNKNOWN;
  if (frame.type === 'presence.left') return among(now.here.filter(({ id }) => !frame.ids.includes(id)));
  const fresh = new Map(frame.people.map((one) => [one.id, one]));
  return among([...now.here.filter(({ id }) => !fresh.has(id)), ...fresh.values()].sort(byName));
}

const among = (here: Present[]): Presence => ({ here, count: here.length });

const byName = (a: Present, b: Present) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);

/** Up to two letters that stand for somebody; the given name's syllables where the script is Korean. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? '')][0] ?? '?';
  if (/\p{Script=Hangul}/u.test(first)) return [...(words[0] ?? '')].slice(-2).join('');
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}
