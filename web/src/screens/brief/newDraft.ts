// A block that somebody has begun to add.
import type { BlockKind } from '../../api/types';
import { dropDraft, keepDraft, readDraft } from '../../store/drafts';

export interface NewDraft {
  kind: BlockKind;
  text: string;
  after: string | undefined;
}

const key = (eventId: string) => `brief-new:${eventId}`;

export const readNew = (eventId: string): NewDraft | null => readDraft<NewDraft>(key(eventId));
export const dropNew = (eventId: string): void => dropDraft(key(eventId));

export function keepNew(eventId: string, draft: NewDraft): void {
  if (draft.text.trim()) keepDraft(key(eventId), draft);
  else dropNew(eventId);
}
