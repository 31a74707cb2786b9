// The conversation of an event, beside its decision.
import { useComputed } from '@preact/signals';
import { useCallback } from 'preact/hooks';
import type { Person } from '../../api/types';
import { t } from '../../i18n';
import { isAdmin, mayComment } from '../../store/rights';
import { user } from '../../store/session';
import { allMembers } from '../manage/load';
import { useGround, useRoom } from '../room/context';
import { Conversation } from './Conversation';

export function RoomTalk() {
  const room = useRoom();
  const ground = useGround();
  const head = useComputed(() => room.event.value?.message_seq ?? 0).value;
  const people = useCallback(async (): Promise<Person[]> => {
    room.members.value ??= await allMembers(room.id);
    return room.members.value.filter(({ status }) => status === 'ACCEPTED').map((one) => one.user);
  }, [room]);
  const me = ground.me.membership?.user ?? user.value;
  if (!me) return null;
  return (
    <Conversation
      id={room.id}
      me={me}
      head={head}
      writes={mayComment(ground)}
      rules={isAdmin(ground)}
      direct={false}
      people={people}
      closed={<p class="talk-closed">{t('talk.closed')}</p>}
    />
  );
}
