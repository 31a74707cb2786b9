// What the present status means for the one who looks, and the next step.
import type { Event } from '../../api/types';
import { t } from '../../i18n';
import { Notice } from '../../parts/Notice';
import { isAdmin, mayVote } from '../../store/rights';
import { useEvent } from './context';
import { FirstSteps } from './FirstSteps';

export function State() {
  const event = useEvent();
  if (event.status === 'NOT_STARTED' && isAdmin(event)) return <FirstSteps />;
  const words = stateWords(event);
  if (!words) return null;
  return (
    <Notice kind={event.status === 'PAUSED' ? 'warn' : 'info'} role="status">
      {words}
    </Notice>
  );
}

function stateWords(event: Event): string | null {
  if (event.status === 'NOT_STARTED') return t('state.notStarted', event.owner.name);
  if (event.status === 'PAUSED') return t('state.paused');
  if (event.status === 'FINISHED') return t('state.finished');
  return mayVote(event) ? null : t('state.observer');
}
