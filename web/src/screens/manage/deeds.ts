// A deed of an admin as a sentence that goes on after their name, and what it led to.
import type { AuditEntry, EditedFields } from '../../api/answers';
import { t } from '../../i18n';
import { list, number } from '../../i18n/format';

type Field = keyof EditedFields;

export function deed({ action, detail }: AuditEntry): string {
  switch (action) {
    case 'event.moved':
      return t('audit.event.moved', detail.status ? t(`status.${detail.status}`) : '');
    case 'event.edited':
      return t('audit.event.edited', list(Object.keys(detail).map((name) => t(`audit.${name as Field}`))));
    case 'event.opened':
    case 'event.deleted':
      return t(`audit.${action}`);
    case 'membership.role':
      return t('audit.membership.role', detail.user.name, t(`role.${detail.role}`));
    case 'membership.left':
      return t(
        detail.earlier_status === 'BANNED' ? 'audit.membership.unbanned' : 'audit.membership.left',
        detail.user.name,
      );
    case 'comment.removed':
      return t('audit.comment.removed', detail.author.name);
    case 'proposal.accepted':
    case 'proposal.rejected':
    case 'proposal.deleted':
      return t(`audit.${action}`, t(`tag.${detail.kind === 'conclusion' ? 'CONCLUSION' : detail.category}`));
    default:
      return t(`audit.${action}`, detail.user.name);
  }
}

export function details({ action, detail }: AuditEntry): string[] {
  if (action === 'event.edited') return [detail.subject, numbered(detail), detail.owner?.name].filter(isText);
  if (action === 'proposal.accepted' || action === 'proposal.rejected' || action === 'proposal.deleted')
    return [detail.content && `“${detail.content}”`, detail.decision_reason].filter(isText);
  return [];
}

const numbered = ({ capacity }: EditedFields) => capacity && `${t('audit.capacity')}: ${number(capacity)}`;

const isText = (text: string | number | null | undefined): text is string =>
  typeof text === 'string' && text !== '';
