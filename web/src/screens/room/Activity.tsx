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
/** The log does not reach back so far any more. */
const GONE = 410;

export function Activity() {
  const room = useRoom();
  const { notKept } = useEarlier(room);
  const earlier = room.earlier.value;
  const changes = [...earlier, ...room.activity.value.filter(({ seq }) => seq > (earlier.at(-1)?.seq ?? 0))];
  const rows = changes
    .filter((change) => sentence(change) !== null)
    .slice(-SHOWN)
    .reverse();
  return (
    <section class="activity" aria-labelledby="activity">
      <h2 id="activity" class="visually-hidden">
        {t('nav.activity')}
      </h2>
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

/** What went before: asked for once, again when everything was read anew, and missed by nobody if it fails. */
function useEarlier(room: Room): { notKept: boolean } {
  const notKept = useSignal(false);
  useEffect(() => {
    const seq = room.event.value?.seq ?? 0;
    notKept.value = false;
    events.changes(room.id, Math.max(0, seq - LOOK_BACK)).then(
      ({ items }) => {
        room.earlier.value = items.filter((change) => change.seq <= seq);
      },
      (error: unknown) => {
        notKept.value = error instanceof Problem && error.status === GONE;
      },
    );
  }, [room, room.startOvers.value]);
  return { notKept: notKept.value };
}
