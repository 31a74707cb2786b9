// One announcement, whole.
import type { Announcement } from '../../api/me-types';
import { t } from '../../i18n';
import { ago, dateTime } from '../../i18n/format';

export function NewsBody({ news }: { news: Announcement }) {
  return (
    <>
      <p class="news-text">{news.text}</p>
      {isOurs(news.image) && <img class="news-image" src={news.image} alt="" loading="lazy" />}
      {news.link && (
        <a href={news.link} {...(isOurs(news.link) ? {} : { target: '_blank', rel: 'noopener noreferrer' })}>
          {t('news.more')}
        </a>
      )}
    </>
  );
}

export function NewsFacts({ news }: { news: Announcement }) {
  return (
    <p class="facts">
      <span class={`pill level-${news.level}`}>{t(`news.level.${news.level}`)}</span>
      <time dateTime={news.created_at}>{ago(news.created_at)}</time>
      {news.author && <span>{news.author.name}</span>}
      {news.ends_at && <span>{t('news.until', dateTime(news.ends_at))}</span>}
    </p>
  );
}

/** No other host is ever asked for a picture. */
const isOurs = (address: string | null): address is string => address?.startsWith('/') ?? false;
