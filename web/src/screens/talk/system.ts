// What Assent itself tells in a conversation, as a sentence.
import type { SystemLine } from '../../api/talk-types';
import { t } from '../../i18n';

export function systemWords({ code, by, who, status, proposal }: SystemLine): string {
  const actor = by?.name ?? t('activity.rule');
  const person = who?.name ?? t('talk.somebody');
  switch (code) {
    case 'status_changed':
      return status ? t(`talk.status.${status}`, actor) : '';
    case 'owner_changed':
      return t('talk.owner', person);
    case 'proposal_accepted':
    case 'proposal_rejected': {
      const verdict = code === 'proposal_accepted' ? 'accepted' : 'rejected';
      const words = proposal?.excerpt ?? '';
      return by ? t(`talk.${verdict}By`, words, actor) : t(`talk.${verdict}`, words);
    }
    case 'kicked':
      return t('talk.kicked', person);
    case 'banned':
      return t('talk.banned', person);
    default:
      return '';
  }
}
