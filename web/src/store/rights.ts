// What the viewer may do now. The server decides; this only keeps buttons honest.
import type { Event, Membership, Proposal } from '../api/types';
import { votes } from './fold';

export const isAdmin = ({ me }: Event): boolean => runs(me.membership);

export const runs = ({ status, role }: Membership): boolean =>
  status === 'ACCEPTED' && (role === 'OWNER' || role === 'ADMIN');

export const isOwner = ({ me }: Event): boolean => me.membership.role === 'OWNER';

export const mayVote = (event: Event): boolean =>
  event.status === 'IN_PROGRESS' && votes(event.me.membership);

export const mayComment = (event: Event): boolean => event.status !== 'FINISHED';

export const mayWithdraw = (event: Event, proposal: Proposal): boolean =>
  proposal.status === 'PENDING' && (isAdmin(event) || proposal.author.id === event.me.membership.user.id);
