// The waiting room: says how many are before you, and opens by itself.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Overview } from '../../api/answers';
import { events } from '../../api/endpoints';
import { t } from '../../i18n';
import { Loading } from '../../parts/Loading';

const EVERY_MS = 3_000;

export function Waiting({ overview, onAnswer }: { overview: Overview; onAnswer(overview: Overview): void }) {
  const place = useSignal(overview.me?.queue_position ?? null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      if (document.visibilityState === 'visible') {
        const now = await events.overview(overview.id).catch(() => null);
        place.value = now?.me?.queue_position ?? place.value;
        if (now && now.me?.membership.status !== 'PENDING') return onAnswer(now);
      }
      timer = setTimeout(() => void look(), EVERY_MS * (0.8 + Math.random() * 0.4));
    };
    const seen = () => {
      clearTimeout(timer);
      void look();
    };
    timer = setTimeout(() => void look(), EVERY_MS * Math.random());
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [overview.id]);
  return (
    <section class="waiting">
      <p class="eyebrow">{t('waiting.title')}</p>
      <h1 class="subject">{overview.subject}</h1>
      {place.value ? (
        <p class="waiting-place" role="status">
          <strong>{place.value}</strong> {t('waiting.place')}
        </p>
      ) : null}
      <p class="lead">{t('waiting.body', overview.owner.name)}</p>
      <Loading label={t('waiting.opens')} />
    </section>
  );
}
