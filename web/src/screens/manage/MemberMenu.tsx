// What an admin may do with one member; each asks first and says what it takes away.
import { members as api, events } from '../../api/endpoints';
import type { Membership, Role } from '../../api/types';
import { t } from '../../i18n';
import type { Question } from '../../parts/Confirm';
import { Menu } from '../../parts/Menu';
import { isOwner } from '../../store/rights';
import { useEvent } from '../room/context';

const ROLES: Role[] = ['ADMIN', 'MEMBER', 'OBSERVER'];

export function MemberMenu({ member, onAsk }: { member: Membership; onAsk(question: Question): void }) {
  const event = useEvent();
  const ask = (question: Question) => () => onAsk(question);
  if (member.status === 'BANNED')
    return (
      <Menu label={t('people.menu', member.user.name)}>
        <button type="button" class="menu-item" onClick={ask(removal(member, 'unban'))}>
          {t('people.unban')}
        </button>
      </Menu>
    );
  return (
    <Menu label={t('people.menu', member.user.name)}>
      {ROLES.filter((role) => role !== member.role).map((role) => (
        <button key={role} type="button" class="menu-item" onClick={ask(roleChange(member, role))}>
          {t(`people.make.${role as 'ADMIN' | 'MEMBER' | 'OBSERVER'}`)}
        </button>
      ))}
      {isOwner(event) && (
        <button type="button" class="menu-item" onClick={ask(handOver(member))}>
          {t('people.handOver')}
        </button>
      )}
      <button type="button" class="menu-item" onClick={ask(removal(member, 'kick'))}>
        {t('people.kick')}
      </button>
      <button type="button" class="menu-item danger" onClick={ask(removal(member, 'ban'))}>
        {t('people.ban')}
      </button>
    </Menu>
  );
}

const roleChange = (member: Membership, role: Role): Question => ({
  title: t('people.roleTitle', member.user.name),
  consequence: t(`people.make.${role as 'ADMIN' | 'MEMBER' | 'OBSERVER'}.what`, member.user.name),
  verb: t(`people.make.${role as 'ADMIN' | 'MEMBER' | 'OBSERVER'}`),
  act: () => api.role(member.event_id, member.id, role),
});

const removal = (member: Membership, verb: 'kick' | 'ban' | 'unban'): Question => ({
  title: t(`people.${verb}Title`, member.user.name),
  consequence: t(`people.${verb}What`, member.user.name),
  verb: t(`people.${verb}`),
  danger: verb !== 'unban',
  act: () => api.act(member.event_id, member.id, verb),
});

const handOver = (member: Membership): Question => ({
  title: t('people.handOver'),
  consequence: t('people.handOverWhat', member.user.name),
  verb: t('people.handOver'),
  act: () => events.handOver(member.event_id, member.user.id),
});
