// Whose a block is while somebody writes in it, and what happens where nobody can say so.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Brief } from '../src/store/brief/brief';
import { Room } from '../src/store/room';
import { aBlock, dana, event } from './a-room';

const grant = { token: 1, renew_in_ms: 10_000, block: aBlock(), block_id: 'b', expires_in_ms: 30_000 };
const unknown = { code: 'locks_unknown', retry_after: 1 };
const lock = { block_id: 'b', expires_in_ms: 30_000, broken_by: null };

let answers: [number, unknown][];
let asked: string[];
let brief: Brief;

beforeEach(async () => {
  localStorage.clear();
  answers = [];
  asked = [];
  vi.stubGlobal('fetch', async (path: string, { method }: RequestInit) => {
    asked.push(`${method} ${path.split('/').at(-1)}`);
    const [status, body] = path.endsWith('/brief')
      ? [200, { version: 10, blocks: [aBlock()], locks: [] }]
      : (answers.shift() ?? [503, unknown]);
    return new Response(JSON.stringify(body), { status });
  });
  const room = new Room('e');
  room.event.value = event({ seq: 10 });
  brief = new Brief(room);
  brief.open();
  await vi.waitFor(() => expect(brief.now.value).not.toBeNull());
  vi.useFakeTimers();
});

afterEach(() => {
  brief.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const hold = () => brief.writing.value?.hold.value;
const askings = () => asked.filter((one) => one === 'POST lock').length;

it('asks on while nobody can tell, ever more rarely, and has the block once somebody can', async () => {
  const writing = brief.write('b');
  await vi.waitFor(() => expect(hold()).toBe('unlocked'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hold()).toBe('unlocked');
  expect(askings()).toBeGreaterThan(4);
  expect(askings()).toBeLessThan(12);
  answers.push([201, { ...grant, renew_in_ms: 60_000 }]);
  await vi.advanceTimersByTimeAsync(16_000);
  expect(writing.hold.value).toBe('mine');
});

it('asks no more once it is closed, or somebody else is said to have it', async () => {
  brief.write('b');
  await vi.waitFor(() => expect(hold()).toBe('unlocked'));
  brief.signalled({ type: 'lock', lock: { ...lock, holder: { ...dana, colour: '#006874' } } });
  expect(hold()).toBe('theirs');
  const before = askings();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(askings()).toBe(before);
  brief.stopWriting();
  brief.write('b');
  await vi.waitFor(() => expect(hold()).toBe('unlocked'));
  brief.stopWriting();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(askings()).toBe(before + 1);
});

it('finds out by its heartbeat that nobody knows any more, and takes the block again', async () => {
  answers.push([201, grant]);
  brief.write('b');
  await vi.waitFor(() => expect(hold()).toBe('mine'));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(hold()).toBe('unlocked');
  answers.push([201, { ...grant, token: 2 }]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(hold()).toBe('mine');
});

it('takes the block anew once two texts are settled, whatever an older grant is told', async () => {
  answers.push([201, grant]);
  const writing = brief.write('b');
  await vi.waitFor(() => expect(hold()).toBe('mine'));
  let refuse = (_: Response) => {};
  const late = new Promise<Response>((done) => {
    refuse = done;
  });
  const fetched = fetch;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) =>
    init.method === 'PUT' ? late : fetched(path, init),
  );
  brief.room.line.value = { kind: 'connecting' };
  brief.room.line.value = { kind: 'open' };
  answers.push([201, { ...grant, token: 3 }]);
  writing.settle(aBlock({ version: 2 }), 'Both.', 'brief.merged');
  await vi.waitFor(() => expect(hold()).toBe('mine'));
  refuse(new Response(JSON.stringify({ code: 'lock_lost' }), { status: 409 }));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(hold()).toBe('mine');
});

it('reads who writes where again, once anybody is told of', async () => {
  brief.locks.begin(null);
  brief.signalled({ type: 'lock', lock: { ...lock, holder: { ...dana, colour: '#006874' } } });
  await vi.waitFor(() => expect(brief.locks.known.value).toBe(true));
});
