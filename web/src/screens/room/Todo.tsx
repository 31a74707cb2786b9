// What is still waiting for this person, and one tap to get there.
import { t } from '../../i18n';
import { unvoted } from '../../store/voting';
import { useEvent } from './context';

export function Todo() {
  const waiting = unvoted(useEvent());
  const first = waiting[0];
  if (!first) return null;
  return (
    <p class="todo">
      <strong>{t('todo.waits', waiting.length)}</strong>
      <button type="button" class="button small" onClick={() => show(first.id)}>
        {t('todo.next')}
      </button>
    </p>
  );
}

function show(id: string): void {
  const card = document.getElementById(`proposal-${id}`);
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  card?.scrollIntoView({ block: 'center', behavior: calm ? 'instant' : 'smooth' });
  card?.focus({ preventScroll: true });
}
