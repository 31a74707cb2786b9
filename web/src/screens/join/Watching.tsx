// Coming in to watch: what that means, and the way from one kind of coming in to the other.
import type { CodeCheck } from '../../api/answers';
import { t } from '../../i18n';
import { Notice } from '../../parts/Notice';

export function Watching({ code }: { code: string }) {
  return (
    <Notice title={t('watch.title')}>
      <p>{t('watch.what')}</p>
      <a href={`/join/${code}`}>{t('watch.voteInstead')}</a>
    </Notice>
  );
}

/** Watching takes no place, so it is still possible where every place is taken. */
export function FullHouse({ code, event }: { code: string; event: CodeCheck }) {
  if (event.members < event.capacity) return null;
  return (
    <Notice kind="warn">
      <p>{t('join.full')}</p>
      {event.observers_allowed && <a href={`/join/${code}?observe`}>{t('watch.instead')}</a>}
    </Notice>
  );
}
