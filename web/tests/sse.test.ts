import { expect, it } from 'vitest';
import { frameOf } from '../src/live/frames';
import { type SseFrame, sseReader } from '../src/live/sse';

function read(...chunks: string[]): { frames: SseFrame[]; retries: number[] } {
  const frames: SseFrame[] = [];
  const retries: number[] = [];
  const reader = sseReader(
    (frame) => frames.push(frame),
    (ms) => retries.push(ms),
  );
  for (const chunk of chunks) reader.push(chunk);
  return { frames, retries };
}

it('reads frames however they are cut', () => {
  const text = 'id: e.1\ndata: {"a"\ndata: :1}\n\nevent: heartbeat\ndata: {}\n\n';
  const whole = read(text).frames;
  expect(whole).toEqual([
    { id: 'e.1', event: 'message', data: '{"a"\n:1}' },
    { id: null, event: 'heartbeat', data: '{}' },
  ]);
  for (let cut = 1; cut < text.length; cut++) {
    expect(read(text.slice(0, cut), text.slice(cut)).frames).toEqual(whole);
  }
});

it('takes any line ending, also one that is cut in two', () => {
  expect(read('id: e.1\r', '\ndata: x\r\n\r\n').frames).toEqual([{ id: 'e.1', event: 'message', data: 'x' }]);
});

it('hears hidden frames, comments and retry hints', () => {
  const { frames, retries } = read(': hello\nretry: 1500\n\nid: e.7\n\n');
  expect(retries).toEqual([1500]);
  expect(frames.map(frameOf)).toEqual([{ type: 'hidden', epoch: 'e', seq: 7 }]);
});

it('knows each frame of the wire and ignores others', () => {
  const of = (event: string, data: string) => frameOf({ id: 'a-b.3', event, data });
  expect(of('message', '{"seq":3}')).toEqual({ type: 'change', epoch: 'a-b', change: { seq: 3 } });
  expect(of('snapshot', '{"seq":3}')).toEqual({ type: 'snapshot', event: { seq: 3 } });
  expect(of('reset', '{"reason":"too_far_behind"}')).toEqual({ type: 'reset', reason: 'too_far_behind' });
  expect(of('revoked', '{"reason":"kicked"}')).toEqual({ type: 'revoked', reason: 'kicked' });
  expect(of('heartbeat', '{"head":"a-b.9","at":"t"}')).toEqual({
    type: 'heartbeat',
    epoch: 'a-b',
    head: 9,
    at: 't',
  });
  expect(of('weather', '{}')).toBeNull();
});
