// The result of a finished event, asked for once it is finished.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Result } from '../../api/answers';
import { events } from '../../api/endpoints';
import type { Event } from '../../api/types';

export function useResult(event: Event): { value: Result | null; error: unknown } {
  const result = useSignal<Result | null>(null);
  const error = useSignal<unknown>(null);
  useEffect(() => {
    if (event.status !== 'FINISHED') return;
    events.result(event.id).then(
      (found) => {
        result.value = found;
      },
      (caught) => {
        error.value = caught;
      },
    );
  }, [event.id, event.status]);
  return { value: result.value, error: error.value };
}
