// The room that the screens below stand in.
import { createContext } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import type { Event } from '../../api/types';
import type { Ground } from '../../store/ground';
import type { Room } from '../../store/room';
import { followVote } from '../../store/voting';

export const RoomContext = createContext<Room | null>(null);

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('outside of a room');
  return room;
}

/** The event as it is now. Only below the gate, where there is one. */
export function useEvent(): Event {
  const event = useRoom().event.value;
  if (!event) throw new Error('the room is not open');
  return event;
}

/** The part of it that a vote of somebody else does not touch: for what stands on the page a hundred times. */
export function useGround(): Ground {
  const ground = useRoom().ground.value;
  if (!ground) throw new Error('the room is not open');
  return ground;
}

/** The viewer's own vote on a proposal, as it looks now. */
export function useVote(proposalId: string) {
  const { event } = useRoom();
  return useMemo(() => followVote(event, proposalId), [event, proposalId]).value;
}
