// People at the door: one by one or all that fit, by mouse, touch or keyboard.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { BulkAnswer } from '../../api/answers';
import { members as api } from '../../api/endpoints';
import type { Membership } from '../../api/types';
import { t } from '../../i18n';
import { ago } from '../../i18n/format';
import { useAction } from '../../parts/action';
import { Confirm, type Question } from '../../parts/Confirm';
import { Failure } from '../../parts/Failure';
import { useSettled } from '../../parts/settled';
import { useEvent, useRoom } from '../room/context';
import { useQueueKeys } from './keys';
import { allMembers } from './load';

export function JoinQueue() {
  const room = useRoom();
  const event = useEvent();
  const bulk = useSignal<BulkAnswer | null>(null);
  const question = useSignal<Question | null>(null);
  const load = useAction(async () => {
    room.members.value = await allMembers(event.id);
  });
  const act = useAction((one: Membership, verb: 'approve' | 'reject') => api.act(event.id, one.id, verb));
  const all = useAction(async () => {
    bulk.value = await api.bulk(event.id, 'approve');
  });
  useEffect(() => void load.run(), [event.id, room.startOvers.value]);
  const waiting = useSettled(
    (room.members.value ?? []).filter(({ status }) => status === 'PENDING').sort(byArrival),
  );
  const free = event.capacity - event.counts.members;
  const keys = useQueueKeys(
    waiting,
    (one, verb) => void act.run(one, verb === 'accept' ? 'approve' : 'reject'),
  );
  return (
    <section class="card" aria-labelledby="door" ref={keys.box}>
      <header class="split-row">
        <h2 id="door">{t('queue.title', waiting.length)}</h2>
        {waiting.length > 1 && (
          <span class="actions">
            <button
              type="button"
              class="button primary"
              disabled={all.busy || free <= 0}
              onClick={() => void all.run()}
            >
              {t('queue.approveAll', Math.min(waiting.length, Math.max(0, free)))}
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                question.value = decliningAll(event.id, waiting);
              }}
            >
              {t('queue.rejectAll')}
            </button>
          </span>
        )}
      </header>
      {waiting.length === 0 && <p class="empty">{t('queue.none')}</p>}
      {waiting.length > 0 && free <= 0 && <p class="field-error">{t('queue.full')}</p>}
      {bulk.value && <p role="status">{t('queue.bulkDone', bulk.value.approved, bulk.value.no_place)}</p>}
      <Failure error={load.error ?? act.error ?? all.error} />
      <ul class="plain-list">
        {waiting.map((one) => (
          <li key={one.id} class="split-row" data-key={one.id} tabIndex={-1}>
            <span class="joiner">
              <strong>{one.user.name}</strong> <small>{ago(one.created_at)}</small>
            </span>
            <span class="actions">
              <button
                type="button"
                class="button small"
                disabled={free <= 0}
                onClick={() => void act.run(one, 'approve')}
              >
                {t('queue.approve')}
              </button>
              <button type="button" class="button small" onClick={() => void act.run(one, 'reject')}>
                {t('queue.reject')}
              </button>
            </span>
          </li>
        ))}
      </ul>
      {waiting.length > 0 && <p class="field-hint keys-hint">{t('queue.keys')}</p>}
      {question.value && (
        <Confirm
          question={question.value}
          onClose={() => {
            question.value = null;
          }}
        />
      )}
    </section>
  );
}

const byArrival = (a: Membership, b: Membership) => (a.created_at < b.created_at ? -1 : 1);

/** By their ids: whoever arrives while the question is open is not declined unseen. */
const decliningAll = (eventId: string, waiting: Membership[]): Question => ({
  title: t('queue.rejectAllTitle', waiting.length),
  consequence: t('queue.rejectAllWhat'),
  verb: t('queue.rejectAll'),
  danger: true,
  act: () =>
    api.bulk(
      eventId,
      'reject',
      waiting.map(({ id }) => id),
    ),
});
