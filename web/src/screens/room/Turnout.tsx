// How many have cast their ballot, live.
import { t } from '../../i18n';
import { number, percent } from '../../i18n/format';
import { useEvent } from './context';

export function Turnout() {
  const { counts } = useEvent();
  const share = counts.members > 0 ? (counts.voters / counts.members) * 100 : 0;
  return (
    <div class="turnout">
      <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-track" width="100" height="10" />
        <rect class="bar-agree" width={Math.min(100, share)} height="10" />
      </svg>
      <p>
        <strong>{t('turnout.words', number(counts.voters), number(counts.members))}</strong>{' '}
        <span>{percent(counts.voters, counts.members)}</span>
      </p>
    </div>
  );
}
