// A list that re-orders waits until the pointer is up: nobody taps what was not there a moment ago.
import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';

export const pointerDown = signal(false);

addEventListener(
  'pointerdown',
  () => {
    pointerDown.value = true;
  },
  { capture: true, passive: true },
);
for (const end of ['pointerup', 'pointercancel', 'blur'])
  addEventListener(
    end,
    () =>
      setTimeout(() => {
        pointerDown.value = false;
      }, 0),
    { capture: true, passive: true },
  );

/** While the pointer is down the old rows keep their places, with their newest state. */
export function useSettled<T extends { id: string }>(rows: T[]): T[] {
  const shown = useRef(rows);
  if (!pointerDown.value) {
    shown.current = rows;
    return rows;
  }
  const fresh = new Map(rows.map((row) => [row.id, row]));
  return shown.current.map((row) => fresh.get(row.id) ?? row);
}
