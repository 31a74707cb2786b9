// What a proposal's card must know of its event. It changes seldom, so a vote draws one card again and not two hundred.
import { computed, type ReadonlySignal } from '@preact/signals';
import type { Event } from '../api/types';

export interface Ground extends Pick<Event, 'id' | 'status' | 'me'> {
  members: number;
}

export function groundOf(event: ReadonlySignal<Event | null>): ReadonlySignal<Ground | null> {
  let last: Ground | null = null;
  return computed(() => {
    const next = event.value && cut(event.value);
    if (!next || !last || !same(last, next)) last = next;
    return last;
  });
}

const cut = ({ id, status, me, counts }: Event): Ground => ({ id, status, me, members: counts.members });

const same = (a: Ground, b: Ground) =>
  a.id === b.id && a.status === b.status && a.me === b.me && a.members === b.members;
