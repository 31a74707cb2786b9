// The events this person belongs to, freshest first, refreshed while somebody looks.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EventSummary } from '../api/answers';
import { events } from '../api/endpoints';
import { t } from '../i18n';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { StatusPill } from '../parts/StatusPill';

const REFRESH_MS = 10_000;

export function MyEvents() {
  const list = useSignal<EventSummary[] | null>(null);
  const next = useSignal<string | null>(null);
  const error = useSignal<unknown>(null);
  const load = async (cursor?: string) => {
    try {
      const page = await events.list(cursor);
      list.value = cursor ? [...(list.value ?? []), ...page.items] : page.items;
      next.value = page.next_cursor;
      error.value = null;
    } catch (caught) {
      error.value = caught;
    }
  };
  useEffect(() => {
    void load();
    const refresh = () => document.visibilityState === 'visible' && !next.value && void load();
    const timer = setInterval(refresh, REFRESH_MS);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, []);
  return (
    <section class="mine" aria-labelledby="mine">
      <h2 id="mine">{t('home.mine')}</h2>
      {!list.value && !error.value && <Loading />}
      <Failure error={error.value} />
      {list.value?.length === 0 && <p class="empty">{t('home.none')}</p>}
      <ul class="event-list">
        {list.value?.map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
      </ul>
      {next.value && (
        <button type="button" class="button" onClick={() => void load(next.value ?? undefined)}>
          {t('action.more')}
        </button>
      )}
    </section>
  );
}

function EventRow({ event }: { event: EventSummary }) {
  return (
    <li>
      <a class="event-row" href={`/events/${event.id}`}>
        <span class="event-subject">{event.subject}</span>
        <span class="event-facts">
          <StatusPill status={event.status} />
          <span>{t('count.members', event.counts.members, event.capacity)}</span>
          {note(event) && <strong class="event-note">{note(event)}</strong>}
        </span>
      </a>
    </li>
  );
}

function note({ me, status, counts }: EventSummary): string | null {
  const membership = me.membership;
  if (!membership) return null;
  if (membership.status !== 'ACCEPTED') return t(`membership.${membership.status}`);
  if (counts.pending > 0 && (membership.role === 'OWNER' || membership.role === 'ADMIN'))
    return t('home.waiting', counts.pending);
  if (status === 'IN_PROGRESS' && !me.has_ballot && membership.role !== 'OBSERVER') return t('home.noBallot');
  return me.has_ballot ? t('home.ballotIn') : null;
}
