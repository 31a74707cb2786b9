// A queue by keyboard: J and K walk, A accepts, R rejects, X selects. Only while the queue itself has the
// focus, so that no letter typed elsewhere decides anything. What has the focus and goes hands it on.
import { useEffect, useRef } from 'preact/hooks';

export type QueueVerb = 'accept' | 'reject' | 'select';

const VERBS: Record<string, QueueVerb> = { a: 'accept', r: 'reject', x: 'select' };
const STEPS: Record<string, number> = { j: 1, k: -1 };

type Act<T> = (row: T, verb: QueueVerb) => void;

export function useQueueKeys<T extends { id: string }>(rows: T[], act: Act<T>) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = box.current;
    const pressed = (event: KeyboardEvent) => element && walk(element, rows, event, act);
    element?.addEventListener('keydown', pressed);
    return () => element?.removeEventListener('keydown', pressed);
  });
  useFocusKept(box);
  return {
    box,
    /** A row that is being decided: the next one takes the focus. */
    leave: (row: T) => box.current && stepFrom(rowsOf(box.current), row.id),
  };
}

function walk<T extends { id: string }>(
  box: HTMLElement,
  rows: T[],
  event: KeyboardEvent,
  act: Act<T>,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  // Where one stands is asked of the page itself: the list may have moved on since it was handed over.
  const shown = rowsOf(box);
  const here = rowOf(event.target);
  const at = here ? shown.indexOf(here) : -1;
  const step = STEPS[event.key];
  if (step) focus(shown, at < 0 ? 0 : at + step);
  const verb = VERBS[event.key];
  const row = rows.find(({ id }) => id === here?.dataset.key);
  if (!verb || !row) return;
  act(row, verb);
  if (verb !== 'select') stepFrom(shown, row.id);
}

/** The last row that goes, and a button that goes with it, would leave the keyboard nowhere: to the heading. */
function useFocusKept(box: { current: HTMLElement | null }): void {
  const held = useRef(false);
  useEffect(() => {
    const element = box.current;
    const came = () => {
      held.current = true;
    };
    const left = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget && !element?.contains(relatedTarget as Node)) held.current = false;
    };
    element?.addEventListener('focusin', came);
    element?.addEventListener('focusout', left);
    return () => {
      element?.removeEventListener('focusin', came);
      element?.removeEventListener('focusout', left);
    };
  }, []);
  useEffect(() => {
    if (held.current && document.activeElement === document.body)
      box.current?.querySelector('h2')?.focus({ preventScroll: true });
  });
}

const rowsOf = (box: HTMLElement) => [...box.querySelectorAll<HTMLElement>('[data-key]')];

const rowOf = (target: EventTarget | null) =>
  (target as HTMLElement | null)?.closest<HTMLElement>('[data-key]');

const isTyping = (target: EventTarget | null) =>
  Boolean((target as HTMLElement | null)?.closest('input:not([type="checkbox"]), textarea, select, dialog'));

function stepFrom(rows: HTMLElement[], id: string): void {
  const at = rows.findIndex(({ dataset }) => dataset.key === id);
  focus(rows, at + 1 < rows.length ? at + 1 : at - 1);
}

function focus(rows: HTMLElement[], index: number): void {
  rows[Math.max(0, Math.min(index, rows.length - 1))]?.focus();
}
