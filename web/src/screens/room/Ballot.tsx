// The final say: one option, and the criteria in order of importance. Half-made ballots survive everything.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Ballot } from '../../api/answers';
import { events } from '../../api/endpoints';
import { Problem } from '../../api/problem';
import type { Event } from '../../api/types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Loading } from '../../parts/Loading';
import { Notice } from '../../parts/Notice';
import { isOpen, waits } from '../../queue/intention';
import { latestFor } from '../../queue/queue';
import { dropDraft, keepDraft, readDraft } from '../../store/drafts';
import { type BallotDraft, reconciled, sameDraft, sameMembers } from '../../store/ranking';
import { mayVote, watches } from '../../store/rights';
import { castBallot } from '../../store/voting';
import { useEvent } from './context';
import { RankList } from './RankList';
import { State } from './State';
import { Turnout } from './Turnout';

export function BallotView() {
  return watches(useEvent()) ? <Watched /> : <OwnBallot />;
}

/** Who does not vote sees what the ballot asks and how many have answered. */
function Watched() {
  const event = useEvent();
  return (
    <>
      <State />
      <header class="block-head">
        <h2>{t('ballot.watched')}</h2>
        <p>{t('ballot.watchedLead')}</p>
      </header>
      <Turnout />
      <ol class="plain-list">
        {event.options.map(({ id, content }) => (
          <li key={id}>{content}</li>
        ))}
      </ol>
    </>
  );
}

function OwnBallot() {
  const event = useEvent();
  const cast = useCast(event);
  return (
    <>
      <State />
      <header class="block-head">
        <h2>{t(event.me.has_ballot ? 'ballot.titleAgain' : 'ballot.title')}</h2>
        <p>{t('ballot.lead')}</p>
      </header>
      <Turnout />
      {cast === undefined ? <Loading /> : <Form key={event.id} event={event} cast={cast} />}
    </>
  );
}

/** The ballot as it was cast, null where there is none, undefined while asking. */
function useCast(event: Event): Ballot | null | undefined {
  const cast = useSignal<Ballot | null | undefined>(event.me.has_ballot ? undefined : null);
  useEffect(() => {
    if (!event.me.has_ballot) return;
    events.ballot(event.id).then(
      (found) => {
        cast.value = found;
      },
      (error: unknown) => {
        if (error instanceof Problem) cast.value = null;
      },
    );
  }, [event.id]);
  return cast.value;
}

function Form({ event, cast }: { event: Event; cast: Ballot | null }) {
  const key = `ballot:${event.id}`;
  const live = event.criteria.map(({ id }) => id);
  const sent = useSignal<BallotDraft | null>(cast && { option: cast.option_id, order: cast.criterion_ids });
  const draft = useSignal<BallotDraft>(
    readDraft<BallotDraft>(key) ?? sent.value ?? { option: null, order: [] },
  );
  const { option } = draft.value;
  const order = reconciled(draft.value.order, live);
  const write = (part: Partial<BallotDraft>) => {
    draft.value = { option, order, ...part };
    keepDraft(key, draft.value);
  };
  const send = useAction(async () => {
    const cast = { option, order };
    draft.value = cast;
    await castBallot(event, { option_id: option ?? '', criterion_ids: order });
    sent.value = cast;
    if (sameDraft(draft.value, cast)) dropDraft(key);
  });
  const changed = draft.value.order.length > 0 && !sameMembers(draft.value.order, live);
  const dirty = sent.value !== null && !sameDraft(sent.value, draft.value);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void send.run();
  };
  return (
    <form class="ballot" onSubmit={submit}>
      <OptionCards event={event} chosen={option} onChoose={(id) => write({ option: id })} />
      {changed && (
        <Notice kind="warn" role="status">
          {t('ballot.criteriaChanged')}
        </Notice>
      )}
      {order.length > 0 && (
        <RankList
          items={event.criteria}
          order={order}
          onOrder={(next) => write({ order: next })}
          disabled={!mayVote(event)}
        />
      )}
      <Failure error={send.error} />
      {mayVote(event) && (
        <div class="ballot-send">
          <button
            type="submit"
            class={`button big ${event.me.has_ballot && !dirty ? '' : 'primary'}`}
            disabled={send.busy || !option}
          >
            {t(event.me.has_ballot ? 'ballot.castAgain' : 'ballot.cast')}
          </button>
          <BallotState event={event} dirty={dirty} />
        </div>
      )}
    </form>
  );
}

interface CardsProps {
  event: Event;
  chosen: string | null;
  onChoose(id: string): void;
}

function OptionCards({ event, chosen, onChoose }: CardsProps) {
  return (
    <fieldset class="option-cards" disabled={!mayVote(event)}>
      <legend>{t('ballot.option')}</legend>
      {event.options.map(({ id, content }) => (
        <label key={id} class="option-card">
          <input type="radio" name="option" required checked={chosen === id} onChange={() => onChoose(id)} />
          <span>{content}</span>
        </label>
      ))}
    </fieldset>
  );
}

function BallotState({ event, dirty }: { event: Event; dirty: boolean }) {
  const intention = latestFor(event.id, `ballot:${event.id}`);
  const words = () => {
    if (intention && waits(intention)) return t('vote.queued');
    if (intention && isOpen(intention)) return t('vote.sending');
    if (dirty && event.me.has_ballot) return t('ballot.dirty');
    return event.me.has_ballot ? t('ballot.counted') : t('ballot.none');
  };
  return (
    <p class="vote-state" role="status">
      {words()}
    </p>
  );
}
