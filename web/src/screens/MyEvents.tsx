// The events this person belongs to, as they stand now: their own line brings every change.
import type { MyEvent } from '../api/me-types';
import { t } from '../i18n';
import { Freshness } from '../parts/Freshness';
import { Loading } from '../parts/Loading';
import { Notice } from '../parts/Notice';
import { StatusPill } from '../parts/StatusPill';
import { Unread } from '../parts/Unread';
import type { Gone } from '../store/lobby';
import { lobby, myLine, understood } from '../store/me';
import { runs } from '../store/rights';

export function MyEvents() {
  const mine = lobby.value;
  return (
    <section class="mine" aria-labelledby="mine">
      <header class="split-row">
        <h2 id="mine">{t('home.mine')}</h2>
        <Freshness line={myLine.value} catchingUp={false} />
      </header>
      {!mine && <Loading />}
      {mine?.gone.map((one) => (
        <Farewell key={one.id} gone={one} />
      ))}
      {mine?.events.length === 0 && <p class="empty">{t('home.none')}</p>}
      <ul class="event-list">
        {mine?.events.map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
      </ul>
    </section>
  );
}

function EventRow({ event }: { event: MyEvent }) {
  return (
    <li>
      <a class="event-row" href={`/events/${event.id}`}>
        <span class="event-subject">{event.subject}</span>
        <span class="event-facts">
          <StatusPill status={event.status} />
          <span>{t('count.members', event.counts.members, event.capacity)}</span>
          {notes(event).map((note) => (
            <strong key={note} class="event-note">
              {note}
            </strong>
          ))}
          <Unread count={event.unread} mentions={event.mentions} />
        </span>
      </a>
    </li>
  );
}

/** An event that was here a moment ago does not just disappear. */
function Farewell({ gone }: { gone: Gone }) {
  return (
    <Notice kind="warn" role="status">
      <p>{t(`home.gone.${gone.why}`, gone.subject)}</p>
      <button type="button" class="button small" onClick={() => understood(gone.id)}>
        {t('vote.understood')}
      </button>
    </Notice>
  );
}

/** What waits for this person, the most pressing first. */
function notes(event: MyEvent): string[] {
  const { membership } = event.me;
  if (!membership) return [];
  if (membership.status === 'PENDING' && event.queue_position) return [t('home.queue', event.queue_position)];
  if (membership.status !== 'ACCEPTED') return [t(`membership.${membership.status}`)];
  const waiting = event.counts.pending > 0 && runs(membership) && t('home.waiting', event.counts.pending);
  return [waiting, undecided(event), ballot(event)].filter((note) => typeof note === 'string');
}

const undecided = ({ undecided: count, status }: MyEvent) =>
  status === 'IN_PROGRESS' && count > 0 && t('home.undecided', count);

function ballot({ me, status }: MyEvent): string | false {
  if (me.has_ballot) return t('home.ballotIn');
  return status === 'IN_PROGRESS' && me.membership?.role !== 'OBSERVER' && t('home.noBallot');
}
