// A drawing in the browser: no gap in what others drew, nothing lost of what oneself drew, lines taken back one by one.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Stroke } from '../src/api/types';
import { Drawing } from '../src/store/brief/sketches';

const stroke = (id: string, author_id = 'dana'): Stroke => ({
  id,
  author_id,
  points: [[0, 0]],
  colour: '#000000',
  width: 0.01,
});

const line = { points: [[0.1, 0.1]] as [number, number][], colour: '#000000', width: 0.01 };
const ids = (drawing: Drawing) => drawing.strokes.value.map(({ id }) => id);

/** Answers each request in turn; an Error is nobody who answers, a Response what it is, anything else a body. */
function answers(...all: unknown[]) {
  const asked: { path: string; method: string; strokes: string[] }[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : { strokes: [] };
    const strokes = body.strokes.map(({ id }: Stroke) => id);
    asked.push({ path, method: init.method ?? '', strokes });
    const next = await all.shift();
    if (next instanceof Error) throw next;
    return next instanceof Response ? next : new Response(JSON.stringify(next), { status: 200 });
  });
  return asked;
}

/** An answer that comes when the test says so. */
function later() {
  let resolve = (_answer: unknown) => {};
  const promise = new Promise<unknown>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const start = { image_id: 'i', seq: 0, whole: true, strokes: [stroke('old')] };
const tooMany = (seconds: number) =>
  new Response(JSON.stringify({ code: 'too_many_strokes', retry_after: seconds }), { status: 429 });

async function begun(...all: unknown[]) {
  const asked = answers(start, ...all);
  const drawing = new Drawing('e', 'i', () => 'mina');
  await vi.waitFor(() => expect(ids(drawing)).toEqual(['old']));
  return { asked, drawing };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('a drawing', () => {
  it('asks for a number that is missing, and forgets what was cleared', async () => {
    const start = { image_id: 'i', seq: 1, whole: true, strokes: [stroke('a')] };
    const missed = { image_id: 'i', seq: 3, whole: false, strokes: [stroke('b', 'mina'), stroke('c')] };
    const asked = answers(start, missed);
    const drawing = new Drawing('e', 'i', () => 'mina');
    await vi.waitFor(() => expect(drawing.strokes.value).toHaveLength(1));
    drawing.heard({ image_id: 'i', seq: 3, strokes: [stroke('c')], cleared: null, erased: [] });
    await vi.waitFor(() => expect(drawing.strokes.value.map(({ id }) => id)).toEqual(['a', 'b', 'c']));
    expect(asked.at(-1)?.path).toContain('after=1');
    drawing.heard({ image_id: 'i', seq: 4, strokes: [], cleared: 'dana', erased: [] });
    expect(drawing.strokes.value.map(({ id }) => id)).toEqual(['b']);
    expect(drawing.people.value).toBe(1);
  });

  it('keeps what was too much, as long as it is told to, and sends it again', async () => {
    vi.useFakeTimers();
    const { asked, drawing } = await begun(tooMany(7), { image_id: 'i', seq: 1 });
    drawing.draw(line);
    await vi.advanceTimersByTimeAsync(6_900);
    drawing.draw(line);
    expect(asked).toHaveLength(2);
    expect(drawing.waiting.value).toHaveLength(2);
    expect(drawing.held.value).toMatchObject({ code: 'too_many_strokes' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.map(({ strokes }) => strokes.length)).toEqual([0, 1, 2]);
    expect([drawing.waiting.value, drawing.held.value]).toEqual([[], null]);
    expect(ids(drawing)).toEqual(['old', ...(asked[2]?.strokes ?? [])]);
  });

  it('sends what waits though nobody looks at it any more', async () => {
    vi.useFakeTimers();
    const { asked, drawing } = await begun(new Error('no line'), { image_id: 'i', seq: 1 });
    drawing.draw(line);
    drawing.close();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(drawing.waiting.value).toEqual([]);
    expect(asked[2]?.strokes).toEqual(asked[1]?.strokes);
  });

  it('does not show again what was cleared before its answer came', async () => {
    const late = later();
    const { asked, drawing } = await begun(late.promise, { image_id: 'i', seq: 3 });
    drawing.draw(line);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    const mine = stroke(asked[1]?.strokes[0] ?? '', 'mina');
    drawing.heard({ image_id: 'i', seq: 1, strokes: [mine], cleared: null, erased: [] });
    drawing.heard({ image_id: 'i', seq: 2, strokes: [], cleared: 'all', erased: [] });
    late.resolve({ image_id: 'i', seq: 1 });
    // The next one goes out only once the answer is there.
    drawing.draw(line);
    await vi.waitFor(() => expect(drawing.strokes.value).toHaveLength(1));
    expect(ids(drawing)).toEqual(asked[2]?.strokes);
  });

  it('clears only after what is on its way', async () => {
    const late = later();
    const { asked, drawing } = await begun(late.promise, { image_id: 'i', seq: 2 });
    drawing.draw(line);
    const cleared = drawing.clear('mine');
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    late.resolve({ image_id: 'i', seq: 1 });
    await cleared;
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'DELETE']);
  });

  it('takes back a line with all its parts, the last one first', async () => {
    const done = { image_id: 'i', seq: 1 };
    const { asked, drawing } = await begun(done, done, done, done);
    drawing.draw(line);
    drawing.draw(line);
    drawing.draw(line, true);
    await vi.waitFor(() => expect(drawing.strokes.value).toHaveLength(4));
    const [old, first, second, part] = ids(drawing);
    await drawing.undo();
    expect(asked.at(-1)?.path).toBe(`/api/events/e/sketches/i/strokes?id=${second}&id=${part}`);
    expect(ids(drawing)).toEqual([old, first]);
    await drawing.undo();
    expect(ids(drawing)).toEqual([old]);
    expect(drawing.last.value).toBeUndefined();
  });
});
