// One's own messages on their way: they wait in the queue like votes do, in their order, under ids made here.
import { messagesPath } from '../../api/conversations';
import { newId } from '../../api/key';
import type { Attachment, Quote } from '../../api/talk-types';
import type { Intention } from '../../queue/intention';
import { dismiss, enqueue, intentions, retry } from '../../queue/queue';

export interface Words {
  content: string;
  attachments: Attachment[];
  replyTo: Quote | null;
}

interface Body {
  id: string;
  content?: string;
  attachment_ids?: string[];
  reply_to?: string;
}

/** What the screen shows of a message that the server has not taken yet. */
export interface Outgoing {
  id: string;
  content: string;
  at: number;
  attachments: Attachment[];
  replyTo: Quote | null;
  intention: Intention;
}

export const subjectOf = (conversationId: string): string => `talk:${conversationId}`;
export const isTalk = ({ subject }: Intention): boolean => subject.startsWith('talk:');

export async function send(conversationId: string, userId: string, words: Words): Promise<void> {
  const { content, attachments, replyTo } = words;
  const body: Body = {
    id: newId(),
    ...(content ? { content } : {}),
    ...(attachments.length ? { attachment_ids: attachments.map(({ id }) => id) } : {}),
    ...(replyTo ? { reply_to: replyTo.id } : {}),
  };
  await enqueue({
    key: body.id,
    userId,
    eventId: conversationId,
    subject: subjectOf(conversationId),
    each: true,
    method: 'POST',
    path: messagesPath(conversationId),
    body,
    choice: null,
    shown: { attachments, replyTo },
  });
}

/** Those that are not in the log yet, oldest first. */
export function outgoing(conversationId: string, known: ReadonlySet<string>): Outgoing[] {
  return intentions.value
    .filter((one) => one.subject === subjectOf(conversationId) && !known.has((one.body as Body).id))
    .map((intention) => {
      const { id, content = '' } = intention.body as Body;
      const { attachments, replyTo } = intention.shown as Pick<Words, 'attachments' | 'replyTo'>;
      return { id, content, at: intention.at, attachments, replyTo, intention };
    });
}

export const sendAgain = ({ intention }: Outgoing): Promise<void> => retry(intention.key);
export const giveUp = ({ intention }: Outgoing): void => dismiss(intention.key);
