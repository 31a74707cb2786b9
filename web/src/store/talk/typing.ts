// Who is writing. It is told now or never, and stops by itself.
import { signal } from '@preact/signals';
import type { Person } from '../../api/types';

export const SHOWN_MS = 6_000;
export const TELL_EVERY_MS = 3_000;

export class Typists {
  readonly people = signal<Person[]>([]);
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private toldAt = Number.NEGATIVE_INFINITY;

  types(person: Person): void {
    this.stops(person.id);
    this.people.value = [...this.people.value, person];
    this.timers.set(
      person.id,
      setTimeout(() => this.stops(person.id), SHOWN_MS),
    );
  }

  stops(id: string): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    if (this.people.value.some((one) => one.id === id))
      this.people.value = this.people.value.filter((one) => one.id !== id);
  }

  /** Whether it is time to tell the others that one writes oneself. */
  isDue(now = performance.now()): boolean {
    if (now - this.toldAt < TELL_EVERY_MS) return false;
    this.toldAt = now;
    return true;
  }

  /** What was written is sent: the next word is news again. */
  sent(): void {
    this.toldAt = Number.NEGATIVE_INFINITY;
  }
}
