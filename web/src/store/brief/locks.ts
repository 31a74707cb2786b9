// Who writes where, as far as it was told: every lock ends by itself when its time is over.
import { signal } from '@preact/signals';
import type { Lock } from '../../api/types';

type Holder = NonNullable<Lock['holder']>;

export interface Held {
  holder: Holder;
  /** By this device's clock, in milliseconds. */
  until: number;
}

export class Locks {
  readonly held = signal<Record<string, Held>>({});
  /** Whether the server itself knows who writes where. */
  readonly known = signal(true);
  /** The last lock that an admin broke. */
  readonly broken = signal<Lock | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** All there are now. */
  begin(locks: Lock[] | null): void {
    this.known.value = locks !== null;
    this.set(Object.fromEntries((locks ?? []).flatMap(asHeld)));
  }

  hear(lock: Lock): void {
    if (lock.broken_by) this.broken.value = lock;
    const { [lock.block_id]: _, ...others } = this.held.value;
    this.set({ ...others, ...Object.fromEntries(asHeld(lock)) });
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private set(held: Record<string, Held>): void {
    clearTimeout(this.timer);
    this.held.value = held;
    const ends = Object.values(held).map(({ until }) => until);
    if (ends.length > 0) this.timer = setTimeout(() => this.expire(), Math.min(...ends) - Date.now());
  }

  private expire(): void {
    const now = Date.now();
    const live = Object.entries(this.held.value).filter(([, { until }]) => until > now);
    this.set(Object.fromEntries(live));
  }
}

const asHeld = ({ block_id, holder, expires_in_ms }: Lock): [string, Held][] =>
  holder ? [[block_id, { holder, until: Date.now() + expires_in_ms }]] : [];
