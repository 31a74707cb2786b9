// The webhooks of an event. Nobody tells how deliveries go, so it is asked for: while something is on its
// way often, while a receiver takes nothing seldom, and otherwise when somebody looks again.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { webhooks as api, type Webhook } from '../../api/webhooks';
import { useEvent, useRoom } from '../room/context';
import { type Standing, standingOf } from './standing';

const LOOK_MS: Partial<Record<Standing, number>> = { arriving: 1_000, waiting: 5_000 };

export interface Webhooks {
  /** Null until they are here. */
  hooks: Webhook[] | null;
  error: unknown;
  /** A webhook as it is since something was done with it; a new one goes last. */
  keep(hook: Webhook): void;
  drop(hook: Webhook): void;
}

export function useWebhooks(): Webhooks {
  const { id } = useRoom();
  const hooks = useSignal<Webhook[] | null>(null);
  const error = useSignal<unknown>(null);
  const deeds = useRef(0);
  const look = async () => {
    const before = deeds.current;
    try {
      const { items } = await api.list(id);
      // What was asked for before a deed knows nothing of it.
      if (before === deeds.current) hooks.value = items;
      error.value = null;
    } catch (caught) {
      error.value = caught;
    }
  };
  useLooking(hooks.value, look);
  const set = (change: (known: Webhook[]) => Webhook[]) => {
    deeds.current++;
    hooks.value = change(hooks.value ?? []);
  };
  return {
    hooks: hooks.value,
    error: error.value,
    keep: (hook) =>
      set((known) =>
        known.some(({ id }) => id === hook.id)
          ? known.map((one) => (one.id === hook.id ? hook : one))
          : [...known, hook],
      ),
    drop: (hook) => set((known) => known.filter((one) => one.id !== hook.id)),
  };
}

/** Looks at once, when the page is seen again, and while a delivery is awaited. */
function useLooking(hooks: Webhook[] | null, look: () => Promise<void>): void {
  const room = useRoom();
  const head = useEvent().seq;
  const paces = (hooks ?? []).map((hook) => LOOK_MS[standingOf(hook, head)] ?? Number.POSITIVE_INFINITY);
  const pace = Math.min(Number.POSITIVE_INFINITY, ...paces);
  useEffect(() => {
    const seen = () => document.visibilityState === 'visible' && void look();
    seen();
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [room, room.startOvers.value]);
  useEffect(() => {
    if (pace === Number.POSITIVE_INFINITY) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && void look(), pace);
    return () => clearInterval(timer);
  }, [room, pace]);
}
