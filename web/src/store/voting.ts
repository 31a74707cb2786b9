// What a person's vote looks like from here: the truth, unless an intention of theirs is still on its way.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Ballot } from '../api/answers';
import { ballotPath, votesPath } from '../api/endpoints';
import { newKey } from '../api/key';
import type { Choice, Event, Proposal } from '../api/types';
import { type Intention, isOpen } from '../queue/intention';
import { cancel, enqueue, latestFor } from '../queue/queue';
import { isPending } from './fold';
import { kept } from './kept';
import { mayVote } from './rights';

type Mine = Pick<Event, 'id' | 'me'>;

export const UNDO_MS = 5_000;

interface Undo {
  proposalId: string;
  before: Choice | null;
  key: string;
}

/** The last vote, while it can still be undone with one tap. */
export const undoable = signal<Undo | null>(null);

export interface ShownVote {
  choice: Choice | null;
  intention: Intention | undefined;
}

export function shownVote(event: Mine, proposalId: string): ShownVote {
  const intention = latestFor(event.id, `proposal:${proposalId}`);
  const truth = event.me.votes[proposalId] ?? null;
  const pending = intention && (isOpen(intention) || intention.state === 'counted');
  return { choice: pending ? intention.choice : truth, intention };
}

/** The same, to follow: it moves when this very vote does, whatever else is voted on. */
export const followVote = (event: ReadonlySignal<Event | null>, proposalId: string) =>
  kept(
    () => ({ ...seen(event.value, proposalId), canUndo: undoable.value?.proposalId === proposalId }),
    (a, b) => a.choice === b.choice && a.intention === b.intention && a.canUndo === b.canUndo,
  );

const seen = (event: Event | null, proposalId: string): ShownVote =>
  event ? shownVote(event, proposalId) : { choice: null, intention: undefined };

/** Open proposals that this person may vote on and has not, in the order of the page. */
export function unvoted(event: Event): Proposal[] {
  if (!mayVote(event)) return [];
  return event.proposals
    .filter((proposal) => isPending(proposal) && shownVote(event, proposal.id).choice === null)
    .sort((a, b) => place(event, a) - place(event, b));
}

function place({ assumptions, criteria }: Event, { kind, target_id }: Proposal): number {
  const list = kind === 'assumption' ? assumptions : criteria;
  const at = list.findIndex(({ id }) => id === target_id);
  return (kind === 'assumption' ? 0 : 1_000) + (at < 0 ? 999 : at);
}

/** A tap on the choice that already stands does nothing: a double tap is one vote. */
export async function vote(event: Mine, proposal: Proposal, choice: Choice | null): Promise<void> {
  const before = shownVote(event, proposal.id).choice;
  if (before === choice) return;
  const mark: Undo = { proposalId: proposal.id, before, key: newKey() };
  undoable.value = mark;
  setTimeout(() => {
    if (undoable.value === mark) undoable.value = null;
  }, UNDO_MS);
  await send(event, proposal, choice, mark.key);
}

/** Before it was sent: nothing was ever sent. After: one more intention that restores what was. */
export async function undo(event: Mine, proposal: Proposal): Promise<void> {
  const mark = undoable.value;
  if (mark?.proposalId !== proposal.id) return;
  undoable.value = null;
  if (!cancel(mark.key)) await send(event, proposal, mark.before, newKey());
}

export function castBallot(event: Mine, ballot: Ballot): Promise<Intention> {
  return enqueue({
    key: newKey(),
    userId: event.me.membership?.user.id ?? '',
    eventId: event.id,
    subject: `ballot:${event.id}`,
    method: 'PUT',
    path: ballotPath(event.id),
    body: ballot,
    choice: null,
  });
}

function send(event: Mine, proposal: Proposal, choice: Choice | null, key: string): Promise<Intention> {
  return enqueue({
    key,
    userId: event.me.membership?.user.id ?? '',
    eventId: event.id,
    subject: `proposal:${proposal.id}`,
    method: choice ? 'PUT' : 'DELETE',
    path: votesPath(proposal),
    ...(choice ? { body: { choice } } : {}),
    choice,
  });
}
