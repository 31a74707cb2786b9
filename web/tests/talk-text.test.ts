// Words become pieces: links that may be followed, names that were called, and plain text for all else.
import { describe, expect, it } from 'vitest';
import { callingAt, fitting, pieces } from '../src/store/talk/text';

const nora = { id: 'n', name: 'Nora Lind' };
const noraShort = { id: 's', name: 'Nora' };
const links = (text: string) => pieces(text, []).filter(({ kind }) => kind === 'link');

describe('pieces', () => {
  it('keep every character', () => {
    for (const text of [
      '',
      'plain',
      'a https://x.org/y, b',
      '@Nora Lind hi @Nora',
      'http://',
      '한국어 https://예.kr/가.',
    ])
      expect(
        pieces(text, [nora, noraShort])
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
  });

  it('follow http and https only', () => {
    expect(links('see https://example.org/a?b=1#c, please')).toEqual([
      { kind: 'link', text: 'https://example.org/a?b=1#c', href: 'https://example.org/a?b=1#c' },
    ]);
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'ftp://x.org', 'https://', '<img src=x>'])
      expect(links(bad)).toEqual([]);
  });

  it('leave the sentence its full stop and its brackets', () => {
    expect(links('(https://example.org/a).')[0]?.text).toBe('https://example.org/a');
    expect(links('https://example.org/a_(b)')[0]?.text).toBe('https://example.org/a_(b)');
    expect(links('"https://example.org"')[0]?.text).toBe('https://example.org');
  });

  it('show who was called, the longest name first, in any case', () => {
    expect(pieces('hi @nora lind, @Nora', [noraShort, nora])).toEqual([
      { kind: 'text', text: 'hi ' },
      { kind: 'mention', text: '@nora lind', id: 'n' },
      { kind: 'text', text: ', ' },
      { kind: 'mention', text: '@Nora', id: 's' },
    ]);
    expect(pieces('@Nora', [])).toEqual([{ kind: 'text', text: '@Nora' }]);
  });

  it('take a strange name as it is', () => {
    const odd = { id: 'o', name: 'A.*(B)' };
    expect(pieces('@A.*(B) and @AxB', [odd])[0]).toEqual({ kind: 'mention', text: '@A.*(B)', id: 'o' });
  });
});

describe('calling somebody', () => {
  it('begins after an @ that stands alone', () => {
    expect(callingAt('hi @no', 6)).toEqual({ at: 3, typed: 'no' });
    expect(callingAt('@', 1)).toEqual({ at: 0, typed: '' });
    expect(callingAt('mail@no', 7)).toBeNull();
    expect(callingAt('hi @no one at all here', 22)).toBeNull();
    expect(callingAt('hi', 2)).toBeNull();
  });

  it('finds a name by any of its words', () => {
    expect(fitting([nora, noraShort], 'li')).toEqual([nora]);
    expect(fitting([nora, noraShort], 'NOR')).toEqual([nora, noraShort]);
  });
});
