// The pure helpers: differences, rankings, codes, clocks, addresses, files.
import { afterEach, describe, expect, it } from 'vitest';
import { forgetClock, lastDelay, observeMessage, observeRoundTrip, serverNow, skew } from '../src/live/clock';
import { cleanCode } from '../src/parts/CodeField';
import { diffWords } from '../src/parts/words';
import { match } from '../src/router';
import { resultCsv } from '../src/store/csv';
import { moved, reconciled, sameMembers } from '../src/store/ranking';

describe('diffWords', () => {
  const text = (before: string, after: string) =>
    diffWords(before, after).map(
      ({ kind, text }) => ({ same: text, removed: `-${text}-`, added: `+${text}+` })[kind],
    );

  it('shows what goes and what comes', () => {
    expect(text('the budget is fixed', 'the budget may grow')).toEqual([
      'the budget ',
      '-is fixed-',
      '+may grow+',
    ]);
  });

  it('keeps both texts whole', () => {
    const pieces = diffWords('a b c d', 'b x d e');
    const side = (kind: string) =>
      pieces
        .filter((one) => one.kind === 'same' || one.kind === kind)
        .map((one) => one.text)
        .join('');
    expect(side('removed')).toBe('a b c d');
    expect(side('added')).toBe('b x d e');
  });

  it('does not try where it would take long', () => {
    const long = 'word '.repeat(500);
    expect(diffWords(long, `${long}end`)).toHaveLength(2);
  });
});

describe('ranking', () => {
  it('keeps the order of what lives and puts new ones last', () => {
    expect(reconciled(['c', 'gone', 'a'], ['a', 'b', 'c'])).toEqual(['c', 'a', 'b']);
  });

  it('moves within its bounds', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, -5)).toEqual(['c', 'a', 'b']);
    expect(moved(['a'], 4, 0)).toEqual(['a']);
  });

  it('compares as sets', () => {
    expect(sameMembers(['a', 'b'], ['b', 'a'])).toBe(true);
    expect(sameMembers(['a', 'b'], ['a', 'c'])).toBe(false);
    expect(sameMembers(['a'], ['a', 'b'])).toBe(false);
  });
});

describe('clock', () => {
  afterEach(forgetClock);
  const at = (ms: number) => new Date(ms).toISOString();

  it('forgives a device that is two minutes ahead', () => {
    observeRoundTrip(100);
    observeMessage(at(1_000_000), 1_120_050);
    expect(skew.value).toBe(120_000);
    expect(lastDelay.value).toBe(50);
    observeMessage(at(1_001_000), 1_121_850);
    expect(lastDelay.value).toBe(850);
    expect(serverNow(1_120_000)).toBe(1_000_000);
  });

  it('ignores what is no time', () => {
    observeMessage('soon', 5);
    expect(lastDelay.value).toBeNull();
  });
});

describe('cleanCode', () => {
  it('takes a typed code, a sloppy one and a whole link', () => {
    expect(cleanCode('hk7 m3p')).toBe('HK7M3P');
    expect(cleanCode('https://hall.example/join/hk7m3p?x=1')).toBe('HK7M3P');
    expect(cleanCode('HK7M3PXX')).toBe('HK7M3P');
  });
});

describe('match', () => {
  it('names the parts of an address', () => {
    expect(match('/events/:id/:view', '/events/7/ballot')).toEqual({ id: '7', view: 'ballot' });
    expect(match('/events/:id', '/events/7/ballot')).toBeNull();
    expect(match('/', '/')).toEqual({});
    expect(match('/', '/x')).toBeNull();
  });
});

describe('resultCsv', () => {
  it('quotes, and defuses what a spreadsheet would run', () => {
    const csv = resultCsv('=HYPERLINK("x")', {
      total_members: 3,
      voters: 2,
      options: [{ option_id: 'o', content: 'Say "yes"', votes: 2 }],
      criteria: [{ criterion_id: 'c', content: '비용', first_choices: 1, weighted_score: 5 }],
    });
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
    expect(csv).toContain('"option","Say ""yes""","2"');
    expect(csv).toContain('"criterion","비용","","1","5"');
    expect(csv.startsWith('\ufeff')).toBe(true);
  });
});
