// The shared brief in the browser: locks end by themselves, two texts become one, drafts stay.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Lock } from '../src/api/types';
import { Brief } from '../src/store/brief/brief';
import { Drafts } from '../src/store/brief/draft';
import { Locks } from '../src/store/brief/locks';
import { mergeTexts } from '../src/store/brief/merge';
import { Room } from '../src/store/room';
import { aBlock, dana, event, mina } from './a-room';

const lock = (part: Partial<Lock> = {}): Lock => ({
  block_id: 'b',
  holder: { ...dana, colour: '#006874' },
  expires_in_ms: 1_000,
  broken_by: null,
  ...part,
});

const answers = (...bodies: unknown[]) => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return new Response(JSON.stringify(bodies.shift()), { status: 200 });
  });
  return asked;
};

beforeEach(() => localStorage.clear());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('locks', () => {
  it('end when their time is over, and live on when they are renewed', () => {
    vi.useFakeTimers();
    const locks = new Locks();
    locks.begin([lock()]);
    vi.advanceTimersByTime(900);
    locks.hear(lock());
    vi.advanceTimersByTime(900);
    expect(locks.held.value.b?.holder.name).toBe('Dana');
    vi.advanceTimersByTime(200);
    expect(locks.held.value).toEqual({});
  });

  it('are not known where the server does not know them', () => {
    const locks = new Locks();
    locks.begin(null);
    expect(locks.known.value).toBe(false);
  });
});

describe('two texts that grew from one', () => {
  it.each([
    [
      'We meet on Monday at noon.',
      'We meet on Monday at one.',
      'We meet on Tuesday at noon.',
      'We meet on Tuesday at one.',
    ],
    ['One.', 'Two.', 'Three.', 'Two. Three.'],
    ['One.', 'Two.', 'Two.', 'Two.'],
    ['One.', 'One.', 'One. More.', 'One. More.'],
    ['A b c', 'b c', 'A b', 'b'],
  ])('%s', (base, theirs, mine, both) => expect(mergeTexts(base, theirs, mine).trim()).toBe(both));
});

describe('drafts', () => {
  it('outlive the page, each event its own', () => {
    new Drafts('e').keep('b', { text: 'Mine', base: 'One.', version: 1 });
    new Drafts('other').keep('b', { text: 'Not this', base: '', version: 1 });
    expect(new Drafts('e').all.value).toEqual({ b: { text: 'Mine', base: 'One.', version: 1 } });
  });
});

describe('the brief', () => {
  it('folds what came while it was read, and never touches a draft', async () => {
    const room = new Room('e');
    room.event.value = event({ seq: 10 });
    const asked = answers(
      { version: 9, blocks: [], locks: [] },
      { version: 10, blocks: [aBlock()], locks: [lock()] },
    );
    const brief = new Brief(room);
    brief.drafts.keep('b', { text: 'Mine', base: 'One.', version: 1 });
    brief.open();
    const data = aBlock({ text: 'Two.', version: 2, author: mina });
    brief.changed({ seq: 11, type: 'block.changed', at: '', actor: mina, data });
    await vi.waitFor(() => expect(brief.now.value?.version).toBe(11));
    expect(asked).toHaveLength(2);
    expect(brief.blockOf('b')?.text).toBe('Two.');
    expect(brief.locks.held.value.b?.holder.name).toBe('Dana');
    expect(brief.drafts.of('b')).toEqual({ text: 'Mine', base: 'One.', version: 1 });
    brief.close();
  });
});
