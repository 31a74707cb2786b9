// Both languages say everything, and no text mentions what a person cannot act on.
import { describe, expect, it } from 'vitest';
import { en as firstEn } from '../src/i18n/en';
import { later as laterEn } from '../src/i18n/en/later';
import { ko as firstKo } from '../src/i18n/ko';
import { later as laterKo } from '../src/i18n/ko/later';

const en = { ...firstEn, ...laterEn };
const ko = { ...firstKo, ...laterKo };

const KOREAN_MAY_ADD = /^error\./;

describe('catalogues', () => {
  it('have the same keys', () => {
    const added = Object.keys(ko).filter((key) => !(key in en) && !KOREAN_MAY_ADD.test(key));
    expect(added).toEqual([]);
    expect(Object.keys(en).filter((key) => !(key in ko))).toEqual([]);
  });

  it('have no empty text', () => {
    for (const text of [...Object.values(en), ...Object.values(ko)])
      if (typeof text === 'string') expect(text.trim()).not.toBe('');
  });

  it('say something for every number', () => {
    expect(en['vote.waiting'](1)).toContain('1 vote waits');
    expect(en['vote.waiting'](2)).toContain('2 votes wait');
    expect(ko['vote.waiting'](2)).toContain('2건');
  });
});
