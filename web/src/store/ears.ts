// Open conversations by id. Lines bring what is said without knowing who listens.
import { signal } from '@preact/signals';
import type { Receipt } from '../api/me-types';
import type { Message, Typing } from '../api/talk-types';
import type { Change, Event, Person } from '../api/types';
import type { BriefFrame } from '../live/brief-frames';

export interface Ear {
  heard(message: Message): void;
  typed(typing: Typing): void;
  receipt(receipt: Receipt): void;
  /** Somebody has another name now. */
  named(person: Person): void;
  /** The line was away: what was said meanwhile is asked for. */
  back(): void;
}

/** The shared brief of an event, for as long as somebody looks at it. */
export interface BriefEar {
  changed(change: Change): void;
  signalled(frame: BriefFrame): void;
  /** What was known is forgotten: it is read anew. */
  back(): void;
}

const ears = new Map<string, Ear>();

export function listen(conversationId: string, ear: Ear): () => void {
  ears.set(conversationId, ear);
  return () => {
    if (ears.get(conversationId) === ear) ears.delete(conversationId);
  };
}

export const earOf = (conversationId: string): Ear | undefined => ears.get(conversationId);
export const everyEar = (): Ear[] => [...ears.values()];

/** How far I have read, as it was last told by any of my devices. */
export const readMarks = signal<Record<string, number>>({});

export function markRead(conversationId: string, seq: number): void {
  if ((readMarks.value[conversationId] ?? 0) < seq)
    readMarks.value = { ...readMarks.value, [conversationId]: seq };
}

/** How many messages of an event's conversation I have not read. */
export const unreadIn = ({ id, message_seq, me }: Event): number =>
  Math.max(0, message_seq - Math.max(me.read_seq, readMarks.value[id] ?? 0));
