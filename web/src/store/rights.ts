// What the viewer may do now. The server decides; this only keeps buttons honest.
import type { Membership, Person, Proposal, Event as WholeEvent } from '../api/types';
import { votes } from './fold';

type Event = Pick<WholeEvent, 'me' | 'status'>;

export const isAdmin = ({ me }: Event): boolean => runs(me.membership);

export const runs = (membership: Membership | null): boolean =>
  membership?.status === 'ACCEPTED' && (membership.role === 'OWNER' || membership.role === 'ADMIN');

export const isOwner = ({ me }: Event): boolean => me.membership?.role === 'OWNER';

export const isMe = ({ me }: Event, person: Person): boolean => me.membership?.user.id === person.id;

export const mayVote = ({ status, me }: Event): boolean =>
  status === 'IN_PROGRESS' && me.membership !== null && votes(me.membership);

/** Came to watch: sees everything, and is never asked to vote. */
export const watches = ({ me }: Event): boolean => me.membership?.role === 'OBSERVER';

export const mayComment = ({ status, me }: Event): boolean => status !== 'FINISHED' && me.membership !== null;

export const mayWithdraw = (event: Event, proposal: Proposal): boolean =>
  proposal.status === 'PENDING' && (isAdmin(event) || isMe(event, proposal.author));
