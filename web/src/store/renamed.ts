// A person under the name they have now, wherever they are mentioned.
import type { Person } from '../api/types';

export function renamed<T>(value: T, person: Person): T {
  if (Array.isArray(value)) return value.map((one) => renamed(one, person)) as T;
  if (value === null || typeof value !== 'object') return value;
  const within = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, renamed(part, person)]));
  return (within.id === person.id && 'name' in within ? { ...within, name: person.name } : within) as T;
}
