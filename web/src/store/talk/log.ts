// What was said in one conversation, as far as it is here: an unbroken run of messages that ends with the newest.
// Pure: pages, news and edits folded by number.
import type { Message, MessagePage } from '../../api/talk-types';

export interface Log {
  messages: Message[];
  /** The number of the newest message that anybody has heard of. */
  head: number;
  /** Whether there is more before the first one here. */
  more: boolean;
}

export const emptyLog: Log = { messages: [], head: 0, more: false };

const firstSeq = ({ messages }: Log): number => messages[0]?.seq ?? Number.POSITIVE_INFINITY;
export const lastSeq = ({ messages }: Log): number => messages.at(-1)?.seq ?? 0;

/** The newest page: where it does not touch what is here, the old run is let go. */
export function withNewest(log: Log, page: MessagePage): Log {
  const touches = (page.items[0]?.seq ?? 1) <= lastSeq(log) + 1;
  const base = touches && log.messages.length > 0 ? log : { ...emptyLog, more: page.has_more_before };
  return headed({ ...base, messages: merged(base.messages, page.items) }, page.last_seq);
}

export function withOlder(log: Log, page: MessagePage): Log {
  const fits = (page.items.at(-1)?.seq ?? 0) === firstSeq(log) - 1;
  if (page.items.length > 0 && !fits) return log;
  return { ...log, messages: merged(page.items, log.messages), more: page.has_more_before };
}

/** What was missed since: asked for with `after=`. */
export function withMissed(log: Log, page: MessagePage): Log {
  return headed({ ...log, messages: merged(log.messages, page.items) }, page.last_seq);
}

/** One message, new or changed. A gap before it leaves it out and raises the head: the run stays unbroken. */
export function heard(log: Log, message: Message): Log {
  const next = headed(log, message.seq);
  if (message.seq < firstSeq(log) && log.messages.length > 0) return next;
  if (message.seq > lastSeq(log) + 1) return next;
  return { ...next, messages: merged(log.messages, [message]) };
}

export const headed = (log: Log, head: number): Log => (head > log.head ? { ...log, head } : log);

export const isBehind = (log: Log): boolean => lastSeq(log) < log.head;

function merged(before: Message[], items: Message[]): Message[] {
  const known = new Map(before.map((one) => [one.seq, one]));
  for (const one of items) known.set(one.seq, newer(known.get(one.seq), one));
  return [...known.values()].sort((a, b) => a.seq - b.seq);
}

/** The answer to one's own writing may arrive after what happened to it since. */
function newer(old: Message | undefined, fresh: Message): Message {
  if (!old || fresh.deleted) return fresh;
  if (old.deleted) return old;
  return (old.edited_at ?? '') > (fresh.edited_at ?? '') ? old : fresh;
}
