// What is announced, one at a time and without haste; maintenance stays above the page until it is over or put away.
import type { Announcement } from '../../api/me-types';
import { t } from '../../i18n';
import { serverNow, tick } from '../../live/clock';
import { Icon } from '../../parts/Icon';
import { mine, seen } from '../../store/me';
import { NewsBody } from './NewsItem';

export function Toasts() {
  void tick.value;
  const news = (mine.value?.announcements ?? []).filter(isOn);
  const maintenance = news.find(({ level }) => level === 'maintenance');
  const next = news.find(({ level }) => level !== 'maintenance');
  return (
    <>
      {maintenance && <Banner news={maintenance} />}
      {next && <Toast key={next.id} news={next} />}
    </>
  );
}

const isOn = ({ ends_at }: Announcement) => !ends_at || Date.parse(ends_at) > serverNow();

function Banner({ news }: { news: Announcement }) {
  return (
    <section class="banner" aria-label={t('news.level.maintenance')}>
      <p role="status">
        <strong>{news.title}</strong> <span>{news.text}</span>
      </p>
      <a class="icon-button" href="/news" aria-label={t('news.title')}>
        <Icon name="bell" />
      </a>
      <Close news={news} />
    </section>
  );
}

function Toast({ news }: { news: Announcement }) {
  return (
    <section class={`toast level-${news.level}`} aria-label={t('news.one')}>
      <header>
        <h2>{news.title}</h2>
        <Close news={news} />
      </header>
      <div role="status">
        <NewsBody news={news} />
      </div>
      <p class="actions">
        <a class="button small" href="/news" onClick={() => void seen(news)}>
          {t('news.title')}
        </a>
        <button type="button" class="button small" onClick={() => void seen(news)}>
          {t('news.later')}
        </button>
      </p>
    </section>
  );
}

function Close({ news }: { news: Announcement }) {
  return (
    <button type="button" class="icon-button" aria-label={t('action.close')} onClick={() => void seen(news)}>
      <Icon name="close" />
    </button>
  );
}
