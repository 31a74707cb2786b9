// A change as a sentence a person would say. Tallies are numbers on the screen, not news.
import type { Change, EventHead, Membership, Proposal } from '../../api/types';
import { t } from '../../i18n';

export function sentence(change: Change): string | null {
  const who = change.actor?.name ?? t('activity.rule');
  switch (change.type) {
    case 'event.changed':
      return eventSentence(who, change.at, change.data);
    case 'membership.changed':
      return memberSentence(change.at, change.data);
    case 'proposal.changed':
      return proposalSentence(change.data);
    case 'comment.changed':
      return change.data.deleted
        ? null
        : t('activity.commented', change.data.author.name, short(change.data.content));
    default:
      return null;
  }
}

function eventSentence(who: string, at: string, event: EventHead): string {
  const { status, created_at, started_at, finished_at } = event;
  if (status === 'NOT_STARTED' && sameMoment(at, created_at)) return t('activity.event.created', who);
  if (status === 'IN_PROGRESS' && sameMoment(at, started_at)) return t('activity.event.started', who);
  if (status === 'FINISHED' && sameMoment(at, finished_at)) return t('activity.event.finished', who);
  return t(`activity.event.${status}`, who);
}

function memberSentence(at: string, { user, status, role, joined_at }: Membership): string {
  if (status !== 'ACCEPTED') return t(`activity.member.${status}`, user.name);
  if (sameMoment(at, joined_at) && role === 'MEMBER') return t('activity.member.ACCEPTED', user.name);
  return t(`activity.role.${role}`, user.name);
}

/** A change carries the new state only; a moment that is its own tells what was new about it. */
const sameMoment = (at: string, moment: string | null) =>
  moment !== null && Math.abs(Date.parse(at) - Date.parse(moment)) < 1_500;

function proposalSentence(proposal: Proposal): string | null {
  const words = proposal.category === 'DELETION' ? deletion(proposal) : short(proposal.content ?? '');
  if (proposal.status === 'DELETED') return t('activity.withdrawn', proposal.author.name);
  if (proposal.status === 'PENDING') return t('activity.proposed', proposal.author.name, words);
  const decider = proposal.decided_by;
  const name = decider === 'rule' || !decider ? t('activity.byVotes') : decider.name;
  return t(proposal.status === 'ACCEPTED' ? 'activity.accepted' : 'activity.rejected', words, name);
}

/** It names its target by id alone, which may be gone by now. */
const deletion = ({ kind }: Proposal) =>
  t(kind === 'criterion' ? 'activity.delete.criterion' : 'activity.delete.assumption');

function short(text: string): string {
  return text.length > 90 ? `${text.slice(0, 88).trimEnd()}…` : text;
}
