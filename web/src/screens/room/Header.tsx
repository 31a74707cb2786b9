// What this is about, where it stands, and how fresh it is.
import { t } from '../../i18n';
import { Freshness } from '../../parts/Freshness';
import { Seal } from '../../parts/Icon';
import { StatusPill } from '../../parts/StatusPill';
import { useEvent, useRoom } from './context';
import { Here } from './Here';

export function Header() {
  const room = useRoom();
  const event = useEvent();
  return (
    <header class="room-head">
      <div class="room-bar">
        <a class="brand" href="/" aria-label={t('action.home')}>
          <Seal />
        </a>
        <p class="bar-subject" aria-hidden="true">
          {event.subject}
        </p>
        <Freshness line={room.line.value} catchingUp={room.catchingUp.value} />
      </div>
      <div class="room-title">
        <h1 class="subject">{event.subject}</h1>
        {event.description && <p class="description">{event.description}</p>}
        <div class="facts">
          <StatusPill status={event.status} />
          <span>{t('count.members', event.counts.members, event.capacity)}</span>
          {event.status !== 'NOT_STARTED' && (
            <span>{t('count.voters', event.counts.voters, event.counts.members)}</span>
          )}
          <a class="code-chip" href={`/join/${event.entrance_code}`} title={t('home.code')}>
            {event.entrance_code}
          </a>
          <Here />
        </div>
      </div>
    </header>
  );
}
