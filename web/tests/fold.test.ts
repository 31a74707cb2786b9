// The shared cases of the reducer: the server's own `fold` runs the same files.
import { describe, expect, it } from 'vitest';
import type { Brief, Change, Event } from '../src/api/types';
import { foldAll, foldBrief } from '../src/store/fold';

interface Case {
  name: string;
  before: Event;
  changes: Change[];
  after: Event;
}

const files = import.meta.glob<Case>('../../tests/fixtures/fold/*.json', { eager: true, import: 'default' });

describe('fold', () => {
  it('has cases', () => expect(Object.keys(files).length).toBeGreaterThan(20));

  for (const { name, before, changes, after } of Object.values(files)) {
    it(name, () => {
      const untouched = structuredClone(before);
      expect(foldAll(before, changes)).toEqual(after);
      expect(before).toEqual(untouched);
    });

    it(`${name}, applied twice`, () => {
      expect(foldAll(foldAll(before, changes), changes)).toEqual(after);
    });
  }
});

interface BriefCase {
  name: string;
  before: Brief;
  changes: Change[];
  after: Brief;
}

const briefs = import.meta.glob<BriefCase>('../../tests/fixtures/brief/*.json', {
  eager: true,
  import: 'default',
});

describe('foldBrief', () => {
  it('has cases', () => expect(Object.keys(briefs).length).toBeGreaterThan(8));

  for (const { name, before, changes, after } of Object.values(briefs)) {
    it(name, () => {
      const untouched = structuredClone(before);
      const once = changes.reduce(foldBrief, before);
      expect(once).toEqual(after);
      expect(changes.reduce(foldBrief, once)).toEqual(after);
      expect(before).toEqual(untouched);
    });
  }
});
