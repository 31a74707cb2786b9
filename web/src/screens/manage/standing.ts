// How a webhook stands, told from its cursor and the event's head; and why a receiver took nothing, in words.
import type { ChangeType, Webhook } from '../../api/webhooks';
import { type Key, t } from '../../i18n';
import { clockTime, dateTime, list, number } from '../../i18n/format';
import { serverNow } from '../../live/clock';

export const TYPES: readonly ChangeType[] = [
  'event.changed',
  'membership.changed',
  'person.changed',
  'item.changed',
  'proposal.changed',
  'tally.changed',
  'turnout.changed',
  'comment.changed',
  'message.changed',
  'block.changed',
  'snapshot.changed',
];

/** `arriving`: something is on its way; `waiting`: it was not taken and is tried again. */
export type Standing = 'done' | 'arriving' | 'waiting' | 'paused' | 'dead';

export function standingOf({ status, failing_since, cursor }: Webhook, head: number): Standing {
  if (status === 'PAUSED') return 'paused';
  if (status === 'DEAD') return 'dead';
  if (failing_since) return 'waiting';
  return cursor < head ? 'arriving' : 'done';
}

const behind = ({ cursor }: Webhook, head: number) => Math.max(0, head - cursor);

/** What stands under its address, sentence by sentence. */
export function sentences(hook: Webhook, head: number): string[] {
  const standing = standingOf(hook, head);
  const waiting = behind(hook, head);
  if (standing === 'done') return [t('hook.done.what', number(hook.cursor))];
  if (standing === 'paused') return [t('hook.paused.what', waiting)];
  if (standing === 'arriving') return [t('hook.arriving.what', waiting)];
  const since = hook.failing_since ? dateTime(hook.failing_since) : '';
  const failed = t(`hook.${standing}.what`, since, hook.attempts, waiting);
  return [failed, hook.last_error ? trouble(hook.last_error) : '', nextTry(hook)].filter(Boolean);
}

function nextTry({ next_attempt_at: at }: Webhook): string {
  if (!at) return '';
  return Date.parse(at) > serverNow() ? t('hook.next', clockTime(at)) : t('hook.trying');
}

const TROUBLES: [RegExp, Key & `hook.trouble.${string}`][] = [
  [/^No (connection|answer) in time\./, 'hook.trouble.slow'],
  [/^No connection: /, 'hook.trouble.unreached'],
  [/^The connection (broke|was closed)/, 'hook.trouble.broken'],
  [/no HTTP/, 'hook.trouble.strange'],
  [/private network/, 'hook.trouble.private'],
  [/no server of this name/, 'hook.trouble.unknown'],
];

/** The server notes it in one English line; what we know of it is said in the reader's language. */
export function trouble(line: string): string {
  const status = /^The answer was (\d+)\.$/.exec(line)?.[1];
  if (status) return t('hook.trouble.status', status);
  const known = TROUBLES.find(([pattern]) => pattern.test(line));
  return known ? t(known[1]) : line;
}

export const typesInWords = (types: ChangeType[] | null): string =>
  types
    ? t('hook.only', list(TYPES.filter((one) => types.includes(one)).map((one) => t(`hook.type.${one}`))))
    : t('hook.all');
