// Something a person started: one at a time, busy until it is done, its failure kept for showing.
import { useSignal } from '@preact/signals';

export interface Action<A extends unknown[]> {
  run(...args: A): Promise<boolean>;
  readonly busy: boolean;
  readonly error: unknown;
  clear(): void;
}

export function useAction<A extends unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const busy = useSignal(false);
  const error = useSignal<unknown>(null);
  const run = async (...args: A) => {
    if (busy.value) return false;
    busy.value = true;
    error.value = null;
    try {
      await work(...args);
      return true;
    } catch (caught) {
      error.value = caught;
      return false;
    } finally {
      busy.value = false;
    }
  };
  const clear = () => {
    error.value = null;
  };
  return { run, busy: busy.value, error: error.value, clear };
}
