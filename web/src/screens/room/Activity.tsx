// What happened lately, newest first.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { events } from '../../api/endpoints';
import { Problem } from '../../api/problem';
import type { Change } from '../../api/types';
import { t } from '../../i18n';
import { clockTime } from '../../i18n/format';
import { Icon, type IconName, Seal } from '../../parts/Icon';
import type { Room } from '../../store/room';
import { useRoom } from './context';
import { sentence } from './sentences';

const LOOK_BACK = 60;
const SHOWN = 60;

export function Activity() {
  const room = useRoom();
  const { earlier, notKept } = useEarlier(room);
  const changes = [...earlier, ...room.activity.value.filter(({ seq }) => seq > (earlier.at(-1)?.seq ?? 0))];
  const rows = changes
    .filter((change) => sentence(change) !== null)
    .slice(-SHOWN)
    .reverse();
  return (
    <section class="activity" aria-labelledby="activity">
      <h2 id="activity">{t('nav.activity')}</h2>
      {rows.length === 0 && !notKept && <p class="empty">{t('activity.none')}</p>}
      <ol>
        {rows.map((change) => (
          <li key={change.seq} class={tone(change)}>
            <Mark change={change} />
            <p>
              {sentence(change)} <time dateTime={change.at}>{clockTime(change.at)}</time>
            </p>
          </li>
        ))}
      </ol>
      {notKept && <p class="empty">{t('activity.notKept')}</p>}
    </section>
  );
}

function Mark({ change }: { change: Change }) {
  if (tone(change) === 'accepted') return <Seal />;
  const icons: Partial<Record<Change['type'], IconName>> = {
    'membership.changed': 'person',
    'proposal.changed': 'pencil',
    'comment.changed': 'talk',
    'event.changed': 'flag',
  };
  return <Icon name={icons[change.type] ?? 'activity'} />;
}

const tone = (change: Change) =>
  change.type === 'proposal.changed' && change.data.status === 'ACCEPTED' ? 'accepted' : '';

interface Earlier {
  earlier: Change[];
  /** The log does not reach back so far any more. */
  notKept: boolean;
}

const NOTHING: Earlier = { earlier: [], notKept: false };

/** What went before: asked for once, again when everything was read anew, and missed by nobody if it fails. */
function useEarlier(room: Room): Earlier {
  const known = useSignal(NOTHING);
  useEffect(() => {
    const seq = room.event.value?.seq ?? 0;
    known.value = NOTHING;
    events.changes(room.id, Math.max(0, seq - LOOK_BACK)).then(
      ({ items }) => {
        known.value = { earlier: items.filter((change) => change.seq <= seq), notKept: false };
      },
      (error: unknown) => {
        known.value = { earlier: [], notKept: error instanceof Problem && error.status === 410 };
      },
    );
  }, [room, room.startOvers.value]);
  return known.value;
}
