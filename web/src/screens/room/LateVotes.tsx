// Votes that did not make it, said out loud until the person has seen them. Also those of proposals no longer open.

import type { Event } from '../../api/types';
import { t } from '../../i18n';
import { problemWords } from '../../i18n/problem';
import { Notice } from '../../parts/Notice';
import type { Intention } from '../../queue/intention';
import { isVote, waits } from '../../queue/intention';
import { dismiss, intentions } from '../../queue/queue';
import { useEvent } from './context';

export function LateVotes() {
  const event = useEvent();
  const mine = intentions.value.filter((one) => one.eventId === event.id && isVote(one));
  const waiting = mine.filter(waits).length;
  const lost = mine.filter(({ state }) => state === 'late' || state === 'refused');
  if (lost.length === 0 && waiting === 0) return null;
  return (
    <>
      {waiting > 0 && (
        <Notice kind="warn" role="status">
          {t('vote.waiting', waiting)}
        </Notice>
      )}
      {lost.map((one) => (
        <Lost key={one.key} intention={one} event={event} />
      ))}
    </>
  );
}

function Lost({ intention, event }: { intention: Intention; event: Event }) {
  const late = intention.state === 'late';
  const reason = intention.problem ? problemWords(intention.problem.code, intention.problem.detail) : '';
  return (
    <Notice kind="bad" title={t(late ? 'vote.lateTitle' : 'vote.refusedTitle')}>
      <p>
        {subjectOf(intention, event)} {reason}
      </p>
      <button type="button" class="button small" onClick={() => dismiss(intention.key)}>
        {t('vote.understood')}
      </button>
    </Notice>
  );
}

function subjectOf(intention: Intention, event: Event): string {
  if (intention.subject.startsWith('ballot:'))
    return t(intention.state === 'late' ? 'vote.lateBallot' : 'vote.refusedBallot');
  const id = intention.subject.slice('proposal:'.length);
  const proposal = event.proposals.find((one) => one.id === id);
  const words = proposal?.content ?? proposal?.reason ?? '';
  return intention.choice
    ? t('vote.lateVote', t(`choice.${intention.choice}`), words)
    : t('vote.lateBack', words);
}
