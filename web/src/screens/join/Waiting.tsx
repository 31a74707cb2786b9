// The waiting room: says how many are before you, and opens by itself. The person's own line tells both.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Overview } from '../../api/answers';
import { events } from '../../api/endpoints';
import { t } from '../../i18n';
import { Loading } from '../../parts/Loading';
import { lobby } from '../../store/me';

export function Waiting({ overview, onAnswer }: { overview: Overview; onAnswer(overview: Overview): void }) {
  const mine = lobby.value;
  const event = mine?.events.find(({ id }) => id === overview.id);
  const gone = mine?.gone.some(({ id }) => id === overview.id);
  const asked = useSignal(0);
  const place = event?.queue_position ?? overview.me?.queue_position;
  const status = gone ? 'GONE' : (event?.me.membership?.status ?? 'PENDING');
  useEffect(() => {
    if (status === 'PENDING' && asked.value === 0) return;
    asked.value++;
    events.overview(overview.id).then(
      (now) => now.me?.membership.status !== 'PENDING' && onAnswer(now),
      () => {},
    );
  }, [overview.id, status]);
  return (
    <section class="waiting">
      <p class="eyebrow">{t('waiting.title')}</p>
      <h1 class="subject">{overview.subject}</h1>
      {place ? (
        <p class="waiting-place" role="status">
          <strong>{place}</strong> {t('waiting.place')}
        </p>
      ) : null}
      <p class="lead">{t('waiting.body', overview.owner.name)}</p>
      <Loading label={t('waiting.opens')} />
    </section>
  );
}
