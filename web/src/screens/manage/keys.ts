// A queue by keyboard: J and K walk, A accepts, R rejects. Only while the queue itself has the focus,
// so that no letter typed elsewhere decides anything.
import { useEffect, useRef } from 'preact/hooks';

export type QueueVerb = 'accept' | 'reject';

const VERBS: Record<string, QueueVerb> = { a: 'accept', r: 'reject' };
const STEPS: Record<string, number> = { j: 1, k: -1 };

export function useQueueKeys<T extends { id: string }>(rows: T[], act: (row: T, verb: QueueVerb) => void) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = box.current;
    const pressed = (event: KeyboardEvent) => element && walk(element, rows, event, act);
    element?.addEventListener('keydown', pressed);
    return () => element?.removeEventListener('keydown', pressed);
  });
  return { box };
}

type Act<T> = (row: T, verb: QueueVerb) => void;

function walk<T extends { id: string }>(
  box: HTMLElement,
  rows: T[],
  event: KeyboardEvent,
  act: Act<T>,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  // Where one stands is asked of the page itself: the list may have moved on since it was handed over.
  const shown = [...box.querySelectorAll<HTMLElement>('[data-key]')];
  const here = rowOf(event.target);
  const at = here ? shown.indexOf(here) : -1;
  const step = STEPS[event.key];
  if (step) focus(shown, at < 0 ? 0 : at + step);
  const verb = VERBS[event.key];
  const row = rows.find(({ id }) => id === here?.dataset.key);
  if (!verb || !row) return;
  act(row, verb);
  focus(shown, at + 1 < shown.length ? at + 1 : at - 1);
}

const rowOf = (target: EventTarget | null) =>
  (target as HTMLElement | null)?.closest<HTMLElement>('[data-key]');

const isTyping = (target: EventTarget | null) =>
  Boolean((target as HTMLElement | null)?.closest('input, textarea, select, dialog'));

function focus(rows: HTMLElement[], index: number): void {
  rows[Math.max(0, Math.min(index, rows.length - 1))]?.focus();
}
