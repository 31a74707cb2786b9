// The intention queue against a server that answers, refuses, or is not there.
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newKey } from '../src/api/key';
import { type Intention, waits } from '../src/queue/intention';

type Queue = typeof import('../src/queue/queue');

const wish = (choice: Intention['choice'], subject = 'proposal:p') => ({
  key: newKey(),
  userId: 'mina',
  eventId: 'e',
  subject,
  method: choice ? ('PUT' as const) : ('DELETE' as const),
  path: `/votes/${subject}`,
  body: choice ? { choice } : undefined,
  choice,
});

let queue: Queue;
let sent: { key: string; method: string }[];
let answer: () => Response | Promise<Response>;

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const states = () => queue.intentions.value.map(({ state }) => state);

beforeEach(async () => {
  vi.resetModules();
  vi.stubGlobal('indexedDB', new IDBFactory());
  sent = [];
  answer = () => json(200, { ok: true });
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    sent.push({ key: headers['Idempotency-Key'] ?? '', method: init.method ?? '' });
    return answer();
  });
  queue = await import('../src/queue/queue');
  await queue.startQueue('mina');
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('sends a vote, tells who listens, and says it was counted', async () => {
  const heard: unknown[] = [];
  queue.onAnswered((_, body) => heard.push(body));
  await queue.enqueue(wish('AGREE'));
  await vi.waitFor(() => expect(states()).toEqual(['counted']));
  expect(heard).toEqual([{ ok: true }]);
});

it('keeps the same key through every retry', async () => {
  let silent = 2;
  answer = () => (silent-- > 0 ? Promise.reject(new TypeError('no line')) : json(200, {}));
  await queue.enqueue(wish('AGREE'));
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  for (let n = 2; n <= 3; n++) {
    await vi.waitFor(() => expect(states()).not.toContain('sending'));
    queue.drain();
    await vi.waitFor(() => expect(sent.length).toBeGreaterThanOrEqual(n));
  }
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  await vi.waitFor(() => expect(states()).toEqual(['counted']));
});

it('shows a vote after the close as too late, and keeps it until it is understood', async () => {
  answer = () =>
    json(409, { code: 'event_closed', detail: 'Closed.', current: 'FINISHED', action: 'ROLLBACK' });
  const { key } = await queue.enqueue(wish('AGREE'));
  await vi.waitFor(() => expect(states()).toEqual(['late']));
  expect(queue.intentions.value[0]?.problem?.code).toBe('event_closed');
  queue.dismiss(key);
  expect(states()).toEqual([]);
});

it('tells a refusal from being late', async () => {
  answer = () => json(403, { code: 'not_a_member', detail: 'No.' });
  await queue.enqueue(wish('AGREE'));
  await vi.waitFor(() => expect(states()).toEqual(['refused']));
});

it('counts a take-back of what is not there as done', async () => {
  answer = () => json(404, { code: 'vote_not_found', detail: 'None.' });
  await queue.enqueue(wish(null));
  await vi.waitFor(() => expect(states()).toEqual([]));
});

it('never sends what was undone before sending', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  const { key } = await queue.enqueue(wish('AGREE'));
  expect(queue.cancel(key)).toBe(true);
  queue.drain();
  await new Promise((done) => setTimeout(done, 20));
  expect(sent).toEqual([]);
});

it('sends only the last of several changes of mind made offline', async () => {
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  await queue.enqueue(wish('AGREE'));
  await queue.enqueue(wish('DISAGREE'));
  expect(queue.latestFor('e', 'proposal:p')?.choice).toBe('DISAGREE');
  online.mockReturnValue(true);
  queue.drain();
  await vi.waitFor(() => expect(states()).toEqual(['counted']));
  expect(sent).toHaveLength(1);
});

it('waits on the shelf for the next page of the same person', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  const { key } = await queue.enqueue(wish('AGREE'));
  vi.restoreAllMocks();
  vi.resetModules();
  queue = await import('../src/queue/queue');
  await queue.startQueue('jun');
  await new Promise((done) => setTimeout(done, 20));
  expect(sent).toEqual([]);
  await queue.startQueue('mina');
  await vi.waitFor(() => expect(sent.map((one) => one.key)).toEqual([key]));
});

it('is called kept once it would outlive the page, not before', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  const going = queue.enqueue(wish('AGREE'));
  expect(queue.intentions.value.map(waits)).toEqual([false]);
  await going;
  expect(queue.intentions.value.map(waits)).toEqual([true]);
});

it('is sent where nothing can be kept, and not called kept', async () => {
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  await queue.enqueue(wish('AGREE'));
  expect(queue.intentions.value.map(waits)).toEqual([false]);
  online.mockReturnValue(true);
  queue.drain();
  await vi.waitFor(() => expect(states()).toEqual(['counted']));
});
