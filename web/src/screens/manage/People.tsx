// Who is in the room, in which role, and what an admin may do about it.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { events } from '../../api/endpoints';
import type { Membership } from '../../api/types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Confirm, type Question } from '../../parts/Confirm';
import { Failure } from '../../parts/Failure';
import { Loading } from '../../parts/Loading';
import { go } from '../../router';
import { isAdmin, isMe } from '../../store/rights';
import { useEvent, useRoom } from '../room/context';
import { HereDot } from './HereDot';
import { allMembers } from './load';
import { MemberMenu } from './MemberMenu';
import { Notifications } from './Notifications';
import { WriteTo } from './WriteTo';

const ORDER = { OWNER: 0, ADMIN: 1, MEMBER: 2, OBSERVER: 3 } as const;
const FIRST_SHOWN = 100;

export function People() {
  const room = useRoom();
  const event = useEvent();
  const filter = useSignal('');
  const question = useSignal<Question | null>(null);
  const load = useAction(async () => {
    room.members.value = await allMembers(event.id);
  });
  useEffect(() => void load.run(), [event.id, room.startOvers.value]);
  const everybody = room.members.value ?? [];
  const inside = everybody
    .filter(({ status }) => status === 'ACCEPTED')
    .filter(named(filter.value))
    .sort(byRole);
  const outside = everybody.filter(({ status }) => status === 'BANNED' || status === 'REJECTED');
  return (
    <section class="block people" aria-labelledby="people">
      <header class="block-head">
        <h2 id="people">{t('people.title')}</h2>
        <p>{t('people.lead', event.counts.members, event.counts.observers)}</p>
      </header>
      {load.busy && !room.members.value && <Loading />}
      <Failure error={load.error} />
      {everybody.length > 12 && (
        <input
          class="search"
          type="search"
          placeholder={t('people.find')}
          aria-label={t('people.find')}
          value={filter.value}
          onInput={(input) => {
            filter.value = input.currentTarget.value;
          }}
        />
      )}
      <ul class="plain-list">
        {inside.slice(0, FIRST_SHOWN).map((one) => (
          <Row
            key={one.id}
            member={one}
            onAsk={(next) => {
              question.value = next;
            }}
          />
        ))}
      </ul>
      {inside.length > FIRST_SHOWN && (
        <p class="field-hint">{t('people.more', inside.length - FIRST_SHOWN)}</p>
      )}
      {isAdmin(event) && outside.length > 0 && (
        <details class="fold">
          <summary>{t('people.outside', outside.length)}</summary>
          <ul class="plain-list fold-body">
            {outside.map((one) => (
              <Row
                key={one.id}
                member={one}
                onAsk={(next) => {
                  question.value = next;
                }}
              />
            ))}
          </ul>
        </details>
      )}
      {(room.members.value !== null || Boolean(load.error)) && (
        <>
          <button
            type="button"
            class="button"
            onClick={() => {
              question.value = leaving(event.id);
            }}
          >
            {t('people.leave')}
          </button>
          <Notifications eventId={event.id} />
        </>
      )}
      {question.value && (
        <Confirm
          question={question.value}
          onClose={() => {
            question.value = null;
          }}
        />
      )}
    </section>
  );
}

function Row({ member, onAsk }: { member: Membership; onAsk(question: Question): void }) {
  const event = useEvent();
  const me = isMe(event, member.user);
  return (
    <li class="split-row">
      <span>
        <HereDot id={member.user.id} /> <strong>{member.user.name}</strong> {me && <em>{t('people.you')}</em>}
      </span>
      <span class="actions">
        {member.status !== 'ACCEPTED' && (
          <span class="tag">{t(`people.${member.status as 'BANNED' | 'REJECTED'}`)}</span>
        )}
        {member.status === 'ACCEPTED' && member.role !== 'MEMBER' && (
          <span class="tag">{t(`role.${member.role}`)}</span>
        )}
        {!me && member.status === 'ACCEPTED' && <WriteTo person={member.user} />}
        {isAdmin(event) && !me && member.role !== 'OWNER' && <MemberMenu member={member} onAsk={onAsk} />}
      </span>
    </li>
  );
}

const byRole = (a: Membership, b: Membership) =>
  ORDER[a.role] - ORDER[b.role] || a.user.name.localeCompare(b.user.name);
const named = (text: string) => (one: Membership) =>
  one.user.name.toLowerCase().includes(text.trim().toLowerCase());

const leaving = (id: string): Question => ({
  title: t('people.leaveTitle'),
  consequence: t('people.leaveWhat'),
  verb: t('people.leave'),
  danger: true,
  act: async () => {
    await events.leave(id);
    go('/');
  },
});
