// People at the door: one by one, those who are picked, or all that fit, by mouse, touch or keyboard.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { members as api } from '../../api/endpoints';
import type { Membership } from '../../api/types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { useSettled } from '../../parts/settled';
import { useEvent, useRoom } from '../room/context';
import { JoinRow } from './JoinRow';
import { useQueueKeys } from './keys';
import { allMembers } from './load';
import { QueueBar } from './QueueBar';

export function JoinQueue() {
  const event = useEvent();
  const { waiting, load } = useWaiting();
  const picks = usePicks();
  const { error, answer } = useAnswers(event.id);
  const free = event.capacity - event.counts.members;
  const keys = useQueueKeys(waiting, (one, verb) => {
    if (verb === 'select') picks.toggle(one);
    else void answer(one, verb === 'accept' ? 'approve' : 'reject');
  });
  return (
    <section class="card" aria-labelledby="door" ref={keys.box}>
      <header class="split-row">
        <h2 id="door" tabIndex={-1}>
          {t('queue.title', waiting.length)}
        </h2>
        <QueueBar eventId={event.id} waiting={waiting} picked={waiting.filter(picks.has)} free={free} />
      </header>
      {waiting.length === 0 && <p class="empty">{t('queue.none')}</p>}
      {waiting.length > 0 && free <= 0 && <p class="field-error">{t('queue.full')}</p>}
      <Failure error={load.error ?? error} />
      <ul class="plain-list">
        {waiting.map((one) => (
          <JoinRow
            key={one.id}
            one={one}
            full={free <= 0}
            picked={picks.has(one)}
            onPick={() => picks.toggle(one)}
            onAnswer={(verb) => {
              void answer(one, verb);
              keys.leave(one);
            }}
          />
        ))}
      </ul>
      {waiting.length > 0 && <p class="field-hint keys-hint">{t('queue.keys')}</p>}
    </section>
  );
}

/** Who waits, in the order they came. */
function useWaiting() {
  const room = useRoom();
  const load = useAction(async () => {
    room.members.value = await allMembers(room.id);
  });
  useEffect(() => void load.run(), [room, room.startOvers.value]);
  const pending = (room.members.value ?? []).filter(({ status }) => status === 'PENDING');
  return { waiting: useSettled(pending.sort(byArrival)), load };
}

const byArrival = (a: Membership, b: Membership) => (a.created_at < b.created_at ? -1 : 1);

/** Who is picked. Whoever is answered meanwhile falls out by not waiting any more. */
function usePicks() {
  const picked = useSignal<ReadonlySet<string>>(new Set());
  return {
    has: ({ id }: Membership) => picked.value.has(id),
    toggle: ({ id }: Membership) => {
      const others = [...picked.value].filter((one) => one !== id);
      picked.value = new Set(picked.value.has(id) ? others : [...others, id]);
    },
  };
}

/** As fast as the keys are pressed: one answer does not wait for the last, and nobody is answered twice. */
function useAnswers(eventId: string) {
  const error = useSignal<unknown>(null);
  const sent = useRef(new Set<string>());
  const answer = async ({ id }: Membership, verb: 'approve' | 'reject') => {
    if (sent.current.has(id)) return;
    sent.current.add(id);
    try {
      await api.act(eventId, id, verb);
      error.value = null;
    } catch (caught) {
      error.value = caught;
      sent.current.delete(id);
    }
  };
  return { error: error.value, answer };
}
