// Start, pause, resume, finish: each asks first and says what it does.
import { useSignal } from '@preact/signals';
import { events as api } from '../../api/endpoints';
import type { Event, EventStatus } from '../../api/types';
import { t } from '../../i18n';
import { Confirm, type Question } from '../../parts/Confirm';
import { useEvent } from '../room/context';

const NEXT: Record<EventStatus, EventStatus[]> = {
  NOT_STARTED: ['IN_PROGRESS'],
  IN_PROGRESS: ['PAUSED', 'FINISHED'],
  PAUSED: ['IN_PROGRESS'],
  FINISHED: [],
};

export function StatusButtons() {
  const event = useEvent();
  const question = useSignal<Question | null>(null);
  return (
    <div class="actions">
      {NEXT[event.status].map((status) => (
        <button
          key={status}
          type="button"
          class={`button ${status === 'IN_PROGRESS' ? 'primary' : ''}`}
          onClick={() => {
            question.value = about(event, status);
          }}
        >
          {verb(event, status)}
        </button>
      ))}
      {question.value && (
        <Confirm
          question={question.value}
          onClose={() => {
            question.value = null;
          }}
        />
      )}
    </div>
  );
}

function verb(event: Event, status: EventStatus): string {
  if (status === 'IN_PROGRESS') return t(event.status === 'PAUSED' ? 'status.resume' : 'status.start');
  return t(status === 'PAUSED' ? 'status.pause' : 'status.finish');
}

function about(event: Event, status: EventStatus): Question {
  const pending = event.proposals.filter((one) => one.status === 'PENDING').length;
  const missing = event.counts.members - event.counts.voters;
  const words: Record<EventStatus, string> = {
    NOT_STARTED: '',
    IN_PROGRESS: t(event.status === 'PAUSED' ? 'status.resumeWhat' : 'status.startWhat'),
    PAUSED: t('status.pauseWhat'),
    FINISHED: t('status.finishWhat', missing, pending),
  };
  return {
    title: `${verb(event, status)}?`,
    consequence: words[status],
    verb: verb(event, status),
    danger: status === 'FINISHED',
    act: () => api.move(event.id, status),
  };
}
