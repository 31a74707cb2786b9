// What was said stays an unbroken run, whatever order it arrives in.
import { describe, expect, it } from 'vitest';
import { emptyLog, heard, isBehind, withMissed, withNewest, withOlder } from '../src/store/talk/log';
import { rowsOf } from '../src/store/talk/rows';
import { dana, mina } from './a-room';
import { message, page } from './a-talk';

const seqs = (log: { messages: { seq: number }[] }) => log.messages.map(({ seq }) => seq);
const opened = withNewest(emptyLog, page(11, 14, 14));

describe('a log', () => {
  it('begins with the newest page and knows that there is more above', () => {
    expect(seqs(opened)).toEqual([11, 12, 13, 14]);
    expect(opened.more).toBe(true);
    expect(withNewest(emptyLog, page(1, 2)).more).toBe(false);
  });

  it('takes what comes next, once', () => {
    const next = heard(heard(opened, message(15)), message(15));
    expect(seqs(next)).toEqual([11, 12, 13, 14, 15]);
    expect(isBehind(next)).toBe(false);
  });

  it('leaves out what follows a gap, until what is missing was asked for', () => {
    const gap = heard(opened, message(17));
    expect(seqs(gap)).toEqual([11, 12, 13, 14]);
    expect(isBehind(gap)).toBe(true);
    const whole = withMissed(gap, page(15, 17));
    expect(seqs(whole)).toEqual([11, 12, 13, 14, 15, 16, 17]);
    expect(isBehind(whole)).toBe(false);
  });

  it('puts older pages in front, and only those that fit', () => {
    expect(seqs(withOlder(opened, page(8, 10)))).toEqual([8, 9, 10, 11, 12, 13, 14]);
    expect(withOlder(opened, page(8, 10)).more).toBe(true);
    expect(withOlder(opened, page(1, 10)).more).toBe(false);
    expect(seqs(withOlder(opened, page(5, 7)))).toEqual([11, 12, 13, 14]);
  });

  it('changes what was edited and what was removed, and is not set back by an old answer', () => {
    const edited = message(12, { content: 'Better.', edited_at: '2026-03-02T10:00:00Z' });
    const late = heard(heard(opened, edited), message(12));
    expect(late.messages[1]?.content).toBe('Better.');
    const gone = heard(late, message(12, { content: null, deleted: 'author' }));
    expect(heard(gone, edited).messages[1]?.deleted).toBe('author');
  });

  it('says nothing of an edit above what is here', () => {
    expect(seqs(heard(opened, message(3)))).toEqual([11, 12, 13, 14]);
  });

  it('lets the old run go where the newest page does not touch it', () => {
    expect(seqs(withNewest(opened, page(30, 31)))).toEqual([30, 31]);
    expect(seqs(withNewest(opened, page(13, 16)))).toEqual([11, 12, 13, 14, 15, 16]);
  });
});

describe('rows', () => {
  const kinds = (newAfter: number, ...messages: Parameters<typeof rowsOf>[0]) =>
    rowsOf(messages, newAfter, mina.id).map((row) => row.kind);

  it('have a line for each day', () => {
    const next = message(2, { created_at: '2026-03-04T09:00:00Z' });
    expect(kinds(9, message(1), next)).toEqual(['day', 'message', 'day', 'message']);
  });

  it('mark once where the new begins, and never before one’s own words', () => {
    expect(kinds(1, message(1), message(2), message(3))).toEqual([
      'day',
      'message',
      'new',
      'message',
      'message',
    ]);
    expect(kinds(1, message(1), message(2, { author: mina }))).toEqual(['day', 'message', 'message']);
  });

  it('leave out the name where the same person goes on within minutes', () => {
    const minutes = [message(1), message(2), message(3, { author: mina }), message(30)];
    const goesOn = rowsOf(minutes, 99, mina.id).flatMap((row) => (row.kind === 'message' ? row.goesOn : []));
    expect(goesOn).toEqual([false, true, false, false]);
    expect(dana.id).not.toBe(mina.id);
  });
});
