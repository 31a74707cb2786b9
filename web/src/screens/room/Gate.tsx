// No room to show: why, and what to do now.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Overview } from '../../api/answers';
import { events } from '../../api/endpoints';
import type { MembershipStatus } from '../../api/types';
import { t } from '../../i18n';
import { Loading } from '../../parts/Loading';
import { TopBar } from '../../parts/TopBar';
import { go } from '../../router';
import type { Gate, Room } from '../../store/room';
import { Waiting } from '../join/Waiting';

export function GateScreen({ room, gate }: { room: Room; gate: Gate }) {
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page narrow">
        {gate.kind === 'revoked' ? (
          <Words reason={gate.reason} room={room} />
        ) : (
          <Refused room={room} status={gate.status} />
        )}
      </main>
    </>
  );
}

function Refused({ room, status }: { room: Room; status: number }) {
  const { id } = room;
  const overview = useSignal<Overview | null | 'none'>(null);
  useEffect(() => {
    if (status === 401) {
      go(`/sign-in?next=/events/${id}`, { replace: true });
      return;
    }
    events.overview(id).then(
      (found) => {
        overview.value = found;
      },
      () => {
        overview.value = 'none';
      },
    );
  }, [id, status]);
  if (overview.value === null) return <Loading />;
  if (overview.value === 'none') return <Words reason="unknown" />;
  return (
    <Outside
      room={room}
      overview={overview.value}
      onAnswer={(next) => {
        overview.value = next;
      }}
    />
  );
}

interface OutsideProps {
  room: Room;
  overview: Overview;
  onAnswer(overview: Overview): void;
}

function Outside({ room, overview, onAnswer }: OutsideProps) {
  const status: MembershipStatus | 'NONE' = overview.me?.membership.status ?? 'NONE';
  if (status === 'PENDING') return <Waiting overview={overview} onAnswer={onAnswer} />;
  if (status === 'ACCEPTED') return <Opened room={room} />;
  const reason = { REJECTED: 'rejected', BANNED: 'banned', LEFT: 'left', NONE: 'outside' } as const;
  return <Words reason={reason[status]} />;
}

/** The door has opened: the room is asked for anew. */
function Opened({ room }: { room: Room }) {
  useEffect(() => room.reopen(), [room]);
  return <Loading label={t('waiting.open')} />;
}

type Reason =
  | 'kicked'
  | 'banned'
  | 'left'
  | 'signed_out'
  | 'event_deleted'
  | 'rejected'
  | 'outside'
  | 'unknown';

const MAY_RETURN: Reason[] = ['kicked', 'left'];

function Words({ reason, room }: { reason: Reason; room?: Room }) {
  const way = room && wayBack(reason, room);
  return (
    <section class="gate" role="alert">
      <h1>{t(`gate.${reason}`)}</h1>
      <p class="lead">{t(`gate.${reason}.what`)}</p>
      <div class="actions">
        {way && (
          <a class="button primary" href={way.href}>
            {way.words}
          </a>
        )}
        <a class={way ? 'button' : 'button primary'} href="/">
          {t('action.home')}
        </a>
      </div>
    </section>
  );
}

function wayBack(reason: Reason, { id, event }: Room): { href: string; words: string } | null {
  const code = event.value?.entrance_code;
  if (reason === 'signed_out') return { href: `/sign-in?next=/events/${id}`, words: t('auth.signIn') };
  return code && MAY_RETURN.includes(reason) ? { href: `/join/${code}`, words: t('gate.joinAgain') } : null;
}
