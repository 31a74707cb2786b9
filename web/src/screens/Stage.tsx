// For the projector: how to get in, what is asked, how it goes. No controls; read from the last row.
import { useEffect } from 'preact/hooks';
import type { Event } from '../api/types';
import { t } from '../i18n';
import { number } from '../i18n/format';
import { BarChart } from '../parts/BarChart';
import { Freshness } from '../parts/Freshness';
import { Loading } from '../parts/Loading';
import { QrCode } from '../parts/QrCode';
import { StatusPill } from '../parts/StatusPill';
import { Tally } from '../parts/Tally';
import { useTitle } from '../parts/title';
import type { Params } from '../router';
import { isPending, targetOf } from '../store/fold';
import type { Room } from '../store/room';
import { user } from '../store/session';
import { GateScreen } from './room/Gate';
import { Outcome } from './room/Outcome';
import { Tag, Wording } from './room/ProposalCard';
import { useOpenRoom } from './room/Room';
import { useResult } from './room/useResult';

const SHOWN = 3;

export function Stage({ params }: { params: Params }) {
  const room = useOpenRoom(params.id ?? '', user.value?.id);
  useAwake();
  useTitle(room.event.value?.subject);
  if (room.gate.value) return <GateScreen room={room} gate={room.gate.value} />;
  return room.event.value ? <Picture room={room} event={room.event.value} /> : <Loading />;
}

function Picture({ room, event }: { room: Room; event: Event }) {
  return (
    <main id="main" tabIndex={-1} class="stage">
      <section class="stage-main">
        <p class="facts">
          <StatusPill status={event.status} />
          <Freshness line={room.line.value} catchingUp={room.catchingUp.value} />
        </p>
        <h1>{event.subject}</h1>
        {event.status === 'FINISHED' ? <Final event={event} /> : <Going event={event} />}
      </section>
      <Door event={event} here={room.present.value?.count ?? undefined} />
    </main>
  );
}

function Door({ event, here }: { event: Event; here: number | undefined }) {
  const link = `${location.origin}/join/${event.entrance_code}`;
  return (
    <aside class="stage-door">
      {event.status !== 'FINISHED' && (
        <>
          <QrCode text={link} label={t('stage.qr', event.entrance_code)} />
          <p class="stage-code">{event.entrance_code}</p>
          <p>{location.host}</p>
        </>
      )}
      <dl class="figures">
        <div>
          <dt>{t('stage.members')}</dt>
          <dd>{number(event.counts.members)}</dd>
        </div>
        {here !== undefined && (
          <div>
            <dt>{t('stage.here')}</dt>
            <dd>{number(here)}</dd>
          </div>
        )}
        <div>
          <dt>{t('stage.ballots')}</dt>
          <dd>{number(event.counts.voters)}</dd>
        </div>
      </dl>
    </aside>
  );
}

function Going({ event }: { event: Event }) {
  const open = event.proposals.filter(isPending).toReversed().slice(0, SHOWN);
  if (open.length === 0)
    return (
      <ol class="stage-options">
        {event.options.map((option) => (
          <li key={option.id}>{option.content}</li>
        ))}
      </ol>
    );
  return (
    <ul class="stage-proposals">
      {open.map((proposal) => (
        <li key={proposal.id}>
          <div class="stage-wording">
            <Tag proposal={proposal} />
            <Wording proposal={proposal} target={targetOf(event, proposal)} />
          </div>
          <Tally tally={proposal.tally} needed={proposal.needed} voters={event.counts.members} mine={null} />
        </li>
      ))}
    </ul>
  );
}

function Final({ event }: { event: Event }) {
  const result = useResult(event).value;
  if (!result) return <Loading />;
  const rows = result.options.map((one) => ({ id: one.option_id, label: one.content, value: one.votes }));
  return (
    <>
      <Outcome result={result} />
      <BarChart title={t('result.options')} unit={t('result.votes')} rows={rows} whole={result.voters} />
    </>
  );
}

/** A projector's screen must not fall asleep in the middle of a vote. */
function useAwake(): void {
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === 'visible') navigator.wakeLock?.request('screen').catch(() => {});
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => document.removeEventListener('visibilitychange', ask);
  }, []);
}
