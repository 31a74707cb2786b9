// What an admin may do with one member; each asks first and says what it takes away.
import { members as api, events } from '../../api/endpoints';
import type { Event, Membership, Role } from '../../api/types';
import { t } from '../../i18n';
import type { Question } from '../../parts/Confirm';
import { Menu } from '../../parts/Menu';
import { isOwner } from '../../store/rights';
import { useEvent } from '../room/context';

const ROLES: Role[] = ['ADMIN', 'MEMBER', 'OBSERVER'];

export function MemberMenu({ member, onAsk }: { member: Membership; onAsk(question: Question): void }) {
  const event = useEvent();
  const ask = (question: Question) => () => onAsk(question);
  const back = { BANNED: 'unban', REJECTED: 'reset' }[member.status as string] as
    | 'unban'
    | 'reset'
    | undefined;
  if (back)
    return (
      <Menu label={t('people.menu', member.user.name)}>
        <button type="button" class="menu-item" onClick={ask(removal(member, back))}>
          {t(`people.${back}`)}
        </button>
      </Menu>
    );
  return (
    <Menu label={t('people.menu', member.user.name)}>
      {rolesFor(event, member).map((role) => (
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

/** Only the owner makes and unmakes admins. */
function rolesFor(event: Event, { role }: Membership): Role[] {
  if (!isOwner(event) && role === 'ADMIN') return [];
  return ROLES.filter((one) => one !== role && (one !== 'ADMIN' || isOwner(event)));
}

const roleChange = (member: Membership, role: Role): Question => ({
  title: t('people.roleTitle', member.user.name),
  consequence: t(`people.make.${role as 'ADMIN' | 'MEMBER' | 'OBSERVER'}.what`, member.user.name),
  verb: t(`people.make.${role as 'ADMIN' | 'MEMBER' | 'OBSERVER'}`),
  act: () => api.role(member.event_id, member.id, role),
});

const removal = (member: Membership, verb: 'kick' | 'ban' | 'unban' | 'reset'): Question => ({
  title: t(`people.${verb}Title`, member.user.name),
  consequence: t(`people.${verb}What`, member.user.name),
  verb: t(`people.${verb}`),
  danger: verb === 'kick' || verb === 'ban',
  act: () => api.act(member.event_id, member.id, verb),
});

const handOver = (member: Membership): Question => ({
  title: t('people.handOver'),
  consequence: t('people.handOverWhat', member.user.name),
  verb: t('people.handOver'),
  act: () => events.handOver(member.event_id, member.user.id),
});
