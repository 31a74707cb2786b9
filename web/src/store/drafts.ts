// What a person has begun to write outlives a reload, a dropped phone and a closed dialog.

const PREFIX = 'assent:draft:';
const name = (key: string) => PREFIX + key;

export function readDraft<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(name(key));
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null;
  }
}

/** All drafts whose keys begin with `prefix`, by the rest of them. */
export function readDrafts<T>(prefix: string): Record<string, T> {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(name(prefix)));
  const found = keys.map((key) => [key.slice(name(prefix).length), readDraft<T>(key.slice(PREFIX.length))]);
  return Object.fromEntries(found.filter(([, draft]) => draft !== null));
}

export function keepDraft(key: string, draft: unknown): void {
  try {
    localStorage.setItem(name(key), JSON.stringify(draft));
  } catch {
    // A full or forbidden storage costs the memory of a draft, never the draft on screen.
  }
}

export const dropDraft = (key: string): void => localStorage.removeItem(name(key));

/** For somebody who goes for good: nothing of theirs stays on a shared device. */
export function forgetDrafts(): void {
  const drafts = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  for (const key of drafts) localStorage.removeItem(key);
}
