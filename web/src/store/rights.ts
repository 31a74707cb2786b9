// What the viewer may do now. The server decides; this only keeps buttons honest.
import type { Event, Membership, Person, Proposal } from '../api/types';
import { votes } from './fold';

/** As much of an event as says what its viewer may do. */
export interface Viewed extends Pick<Event, 'status'> {
  me: Pick<Event['me'], 'membership'>;
}

export const isAdmin = ({ me }: Viewed): boolean => runs(me.membership);

export const runs = (membership: Membership | null): boolean =>
  membership?.status === 'ACCEPTED' && (membership.role === 'OWNER' || membership.role === 'ADMIN');

export const isOwner = ({ me }: Viewed): boolean => me.membership?.role === 'OWNER';

export const isMe = ({ me }: Viewed, person: Person): boolean => me.membership?.user.id === person.id;

export const mayVote = ({ status, me }: Viewed): boolean =>
  status === 'IN_PROGRESS' && me.membership !== null && votes(me.membership);

/** Came to watch: sees everything, and is never asked to vote. */
export const watches = ({ me }: Viewed): boolean => me.membership?.role === 'OBSERVER';

/** The brief is open before the vote is, and as long as the event is. */
export const mayWrite = ({ status, me }: Viewed): boolean =>
  status !== 'FINISHED' && me.membership !== null && votes(me.membership);

export const mayComment = ({ status, me }: Viewed): boolean =>
  status !== 'FINISHED' && me.membership !== null;

export const mayWithdraw = (event: Viewed, proposal: Proposal): boolean =>
  proposal.status === 'PENDING' && (isAdmin(event) || isMe(event, proposal.author));
