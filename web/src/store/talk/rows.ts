// The messages as rows of a page: days between them, what is new, and who goes on speaking.
import type { Message } from '../../api/talk-types';

export type Row =
  | { kind: 'day'; key: string; day: string }
  | { kind: 'new'; key: string }
  | { kind: 'message'; key: string; message: Message; goesOn: boolean };

/** Within this time the same person's next message needs no name above it. */
const GOES_ON_MS = 5 * 60_000;

export function rowsOf(messages: Message[], newAfter: number, myId: string): Row[] {
  const rows: Row[] = [];
  let before: Message | undefined;
  let marked = false;
  for (const message of messages) {
    const day = dayOf(message.created_at);
    const turns = !before || dayOf(before.created_at) !== day;
    if (turns) rows.push({ kind: 'day', key: `day-${day}`, day: message.created_at });
    const fresh: boolean = !marked && message.seq > newAfter && message.author?.id !== myId;
    if (fresh) rows.push({ kind: 'new', key: 'new' });
    marked ||= fresh;
    const goesOn = !turns && !fresh && continues(before, message);
    rows.push({ kind: 'message', key: message.id, message, goesOn });
    before = message;
  }
  return rows;
}

/** By the calendar of whoever reads. */
const dayOf = (iso: string): string => new Date(iso).toDateString();

function continues(before: Message | undefined, message: Message): boolean {
  if (!before || before.kind === 'system' || message.kind === 'system' || message.reply_to) return false;
  if (before.author?.id !== message.author?.id) return false;
  return Date.parse(message.created_at) - Date.parse(before.created_at) < GOES_ON_MS;
}
