// One person at the door: since when, picked or not, and the admin's two answers.
import type { Membership } from '../../api/types';
import { t } from '../../i18n';
import { ago } from '../../i18n/format';

interface Props {
  one: Membership;
  full: boolean;
  picked: boolean;
  onPick(): void;
  onAnswer(verb: 'approve' | 'reject'): void;
}

export function JoinRow({ one, full, picked, onPick, onAnswer }: Props) {
  return (
    <li class="split-row joiner" data-key={one.id} tabIndex={-1}>
      <label class="pick">
        <input
          type="checkbox"
          checked={picked}
          aria-label={t('queue.select', one.user.name)}
          onChange={onPick}
        />
        <span>
          <strong>{one.user.name}</strong> <small>{ago(one.created_at)}</small>
        </span>
      </label>
      <span class="actions">
        <button type="button" class="button small" disabled={full} onClick={() => onAnswer('approve')}>
          {t('queue.approve')}
        </button>
        <button type="button" class="button small" onClick={() => onAnswer('reject')}>
          {t('queue.reject')}
        </button>
      </span>
    </li>
  );
}
