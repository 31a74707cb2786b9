// No room to show: why, and what to do now.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { events } from '../../api/endpoints';
import type { MembershipStatus, Overview } from '../../api/types';
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
      <main class="page narrow">
        {gate.kind === 'revoked' ? (
          <Words reason={gate.reason} />
        ) : (
          <Refused id={room.id} status={gate.status} />
        )}
      </main>
    </>
  );
}

function Refused({ id, status }: { id: string; status: number }) {
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
      overview={overview.value}
      onAnswer={(next) => {
        overview.value = next;
      }}
    />
  );
}

function Outside({ overview, onAnswer }: { overview: Overview; onAnswer(overview: Overview): void }) {
  const status: MembershipStatus | 'NONE' = overview.me?.membership.status ?? 'NONE';
  if (status === 'PENDING') return <Waiting overview={overview} onAnswer={onAnswer} />;
  if (status === 'ACCEPTED') return <Opened />;
  const reason = { REJECTED: 'rejected', BANNED: 'banned', LEFT: 'left', NONE: 'outside' } as const;
  return <Words reason={reason[status]} />;
}

/** The door has opened: start the room anew. */
function Opened() {
  useEffect(() => location.reload(), []);
  return <Loading label={t('waiting.open')} />;
}

type Reason =
  | 'kicked'
  | 'banned'
  | 'left'
  | 'signed_out'
  | 'event_closed'
  | 'event_deleted'
  | 'rejected'
  | 'outside'
  | 'unknown';

function Words({ reason }: { reason: Reason }) {
  const again = reason === 'event_closed' || reason === 'signed_out';
  return (
    <section class="gate" role="alert">
      <h1>{t(`gate.${reason}`)}</h1>
      <p class="lead">{t(`gate.${reason}.what`)}</p>
      <div class="actions">
        {again && (
          <button type="button" class="button primary" onClick={() => location.reload()}>
            {t('action.reload')}
          </button>
        )}
        <a class={`button ${again ? '' : 'primary'}`} href="/">
          {t('action.home')}
        </a>
      </div>
    </section>
  );
}
