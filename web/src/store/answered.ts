// What the answers to one's own votes say about oneself, folded into the event.
import type { VoteAnswer } from '../api/answers';
import type { Event } from '../api/types';

export function withVote(event: Event, { proposal_id, choice, tally, seq }: VoteAnswer): Event {
  const { [proposal_id]: _, ...others } = event.me.votes;
  const votes = choice ? { ...others, [proposal_id]: choice } : others;
  const proposals =
    seq > event.seq
      ? event.proposals.map((one) => (one.id === proposal_id ? { ...one, tally } : one))
      : event.proposals;
  return { ...event, proposals, me: { ...event.me, votes } };
}

export const withBallot = (event: Event): Event => ({ ...event, me: { ...event.me, has_ballot: true } });
