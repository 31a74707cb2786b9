// Words between Dana and Mina, for the tests.
import type { MyEvent } from '../src/api/me-types';
import type { Message, MessagePage } from '../src/api/talk-types';
import { dana, membership, mina } from './a-room';

export const message = (seq: number, part: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  conversation_id: 'c',
  seq,
  kind: 'said',
  author: dana,
  content: `Word ${seq}.`,
  system: null,
  attachments: [],
  reply_to: null,
  mentions: [],
  created_at: `2026-03-02T09:${String(seq % 60).padStart(2, '0')}:00Z`,
  edited_at: null,
  deleted: null,
  ...part,
});

export const page = (from: number, to: number, last = to): MessagePage => ({
  items: Array.from({ length: to - from + 1 }, (_, n) => message(from + n)),
  last_seq: last,
  has_more_before: from > 1,
  has_more_after: to < last,
});

export const myEvent = (part: Partial<MyEvent> = {}): MyEvent => ({
  id: 'e',
  subject: 'Where do we meet?',
  status: 'IN_PROGRESS',
  counts: { members: 2, pending: 0, observers: 0, voters: 0 },
  capacity: 10,
  entrance_code: 'HK7M3P',
  me: { membership: membership(mina), has_ballot: false },
  created_at: '2026-03-02T09:00:00Z',
  message_seq: 4,
  unread: 1,
  mentions: 1,
  undecided: 2,
  open_proposals: 2,
  queue_position: null,
  ...part,
});
