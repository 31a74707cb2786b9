// What a proposal's card must know of its event. It changes seldom, so a vote draws one card again and not two hundred.
import type { ReadonlySignal } from '@preact/signals';
import type { Event } from '../api/types';
import { kept } from './kept';
import type { Viewed } from './rights';

export interface Ground extends Viewed, Pick<Event, 'id'> {
  members: number;
}

export const groundOf = (event: ReadonlySignal<Event | null>): ReadonlySignal<Ground | null> =>
  kept(() => event.value && cut(event.value), same);

const cut = ({ id, status, me, counts }: Event): Ground => ({
  id,
  status,
  me: { membership: me.membership },
  members: counts.members,
});

const same = (a: Ground | null, b: Ground | null) =>
  a?.id === b?.id &&
  a?.status === b?.status &&
  a?.members === b?.members &&
  a?.me.membership === b?.me.membership;
