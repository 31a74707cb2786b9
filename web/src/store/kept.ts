// A value made of signals that stays the same object until it says something else: what follows it draws that seldom.
import { computed, type ReadonlySignal } from '@preact/signals';

export function kept<T>(make: () => T, same: (a: T, b: T) => boolean): ReadonlySignal<T> {
  let last: { value: T } | null = null;
  return computed(() => {
    const next = make();
    if (!last || !same(last.value, next)) last = { value: next };
    return last.value;
  });
}
