// Many at the door at once: those who are picked, or else everybody.
import { useSignal } from '@preact/signals';
import type { BulkAnswer } from '../../api/answers';
import { members as api } from '../../api/endpoints';
import type { Membership } from '../../api/types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Confirm, type Question } from '../../parts/Confirm';
import { Failure } from '../../parts/Failure';

interface Props {
  eventId: string;
  waiting: Membership[];
  picked: Membership[];
  free: number;
}

export function QueueBar({ eventId, waiting, picked, free }: Props) {
  const answer = useSignal<BulkAnswer | null>(null);
  const question = useSignal<Question | null>(null);
  const some = picked.length > 0;
  const approve = useAction(async () => {
    answer.value = await api.bulk(eventId, 'approve', some ? idsOf(picked) : undefined);
  });
  const fitting = Math.min(waiting.length, Math.max(0, free));
  return (
    <>
      {(waiting.length > 1 || some) && (
        <div class="actions">
          <button
            type="button"
            class="button primary"
            disabled={approve.busy || free <= 0}
            onClick={() => void approve.run()}
          >
            {some ? t('queue.approvePicked', picked.length) : t('queue.approveAll', fitting)}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              question.value = declining(eventId, some ? picked : waiting, some);
            }}
          >
            {some ? t('queue.rejectPicked', picked.length) : t('queue.rejectAll')}
          </button>
        </div>
      )}
      {answer.value && (
        <p role="status">{t('queue.bulkDone', answer.value.approved, answer.value.no_place)}</p>
      )}
      <Failure error={approve.error} />
      {question.value && (
        <Confirm
          question={question.value}
          onClose={() => {
            question.value = null;
          }}
        />
      )}
    </>
  );
}

/** By their ids: whoever arrives while the question is open is not declined unseen. */
const declining = (eventId: string, whom: Membership[], some: boolean): Question => ({
  title: t('queue.rejectAllTitle', whom.length),
  consequence: t('queue.rejectAllWhat'),
  verb: some ? t('queue.rejectPicked', whom.length) : t('queue.rejectAll'),
  danger: true,
  act: () => api.bulk(eventId, 'reject', idsOf(whom)),
});

const idsOf = (memberships: Membership[]) => memberships.map(({ id }) => id);
