// What the other person has got can be told while the conversation itself is still on its way.
import { afterEach, expect, it, vi } from 'vitest';
import type { Conversation } from '../src/api/talk-types';
import { Talk } from '../src/store/talk/talk';
import { dana, mina } from './a-room';
import { page } from './a-talk';

const asked: Conversation = {
  id: 'c',
  kind: 'direct',
  event_id: null,
  title: null,
  with: mina,
  last_message: null,
  last_seq: 1,
  read_seq: 1,
  unread: 0,
  mentions: 0,
  other_delivered_seq: 0,
  other_read_seq: 0,
  created_at: '2026-03-02T09:00:00Z',
};

afterEach(() => vi.unstubAllGlobals());

it('keeps a receipt that overtakes what it is about', async () => {
  let arrive = () => {};
  const way = new Promise<void>((done) => {
    arrive = done;
  });
  vi.stubGlobal('fetch', async (url: string) => {
    await way;
    return new Response(JSON.stringify(url.includes('/messages') ? page(1, 1) : asked));
  });
  const talk = new Talk('c', dana);
  const loading = talk.load();
  talk.receipt({ conversation_id: 'c', user_id: mina.id, delivered_seq: 1, read_seq: 0 });
  arrive();
  await loading;
  expect(talk.about.value?.other_delivered_seq).toBe(1);
});
