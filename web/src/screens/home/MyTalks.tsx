// The conversations between two, the newest first, and the way to all of them.
import { t } from '../../i18n';
import { lobby } from '../../store/me';
import { newestFirst } from '../messages/order';
import { TalkRow } from '../messages/TalkRow';

const SHOWN = 3;

export function MyTalks() {
  const mine = lobby.value;
  if (!mine) return null;
  const talks = newestFirst(mine.conversations);
  return (
    <>
      {talks.length > 0 && (
        <section class="mine" aria-labelledby="my-talks">
          <h2 id="my-talks">{t('nav.messages')}</h2>
          <ul class="event-list">
            {talks.slice(0, SHOWN).map((talk) => (
              <TalkRow key={talk.id} talk={talk} />
            ))}
          </ul>
        </section>
      )}
      <p class="mine actions">
        {talks.length > SHOWN && (
          <a class="quiet-button" href="/messages">
            {t('messages.all')}
          </a>
        )}
        <a class="quiet-button" href="/news">
          {t('news.title')}
        </a>
      </p>
    </>
  );
}
