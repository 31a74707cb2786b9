// Whether more than half of those who vote are here. Observers are here too, and do not count.
import { useEffect } from 'preact/hooks';
import type { Membership } from '../../api/types';
import type { Present } from '../../live/presence-frames';
import { votes } from '../../store/fold';
import { allMembers } from '../manage/load';
import { useRoom } from './context';

export interface QuorumState {
  here: number;
  members: number;
  reached: boolean;
}

export function quorumOf(here: Present[] | null | undefined, members: Membership[]): QuorumState | null {
  if (!here) return null;
  const voting = new Set(members.filter(votes).map(({ user }) => user.id));
  const present = here.filter(({ id }) => voting.has(id)).length;
  return { here: present, members: voting.size, reached: present * 2 > voting.size };
}

export function useQuorum(): QuorumState | null {
  const room = useRoom();
  useEffect(() => {
    if (room.members.value) return;
    allMembers(room.id).then(
      (found) => {
        room.members.value ??= found;
      },
      () => {},
    );
  }, [room]);
  return room.members.value && quorumOf(room.present.value?.here, room.members.value);
}
