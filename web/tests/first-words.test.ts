// A first view must find its words: what it is made of may not use those that come with later screens.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { later } from '../src/i18n/en/later';

const SRC = join(import.meta.dirname, '../src');
const IMPORT = /(?:^|\n)(?:import|export)(?! type)[^;]*?from '(\.[^']+)'/g;
const LITERAL = /'([a-zA-Z]+\.[\w.]+)'/g;
const BEGUN = /`([a-zA-Z]+\.[\w.]*)\$\{/g;

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

function fileOf(from: string, wanted: string): string | undefined {
  const base = join(dirname(from), wanted);
  return [`${base}.ts`, `${base}.tsx`, join(base, 'index.ts')].find(existsSync);
}

/** Everything that is loaded with these files, not with what they load later. */
function madeOf(roots: string[]): Map<string, string> {
  const texts = new Map<string, string>();
  const waiting = [...roots];
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (texts.has(file) || file.includes('/i18n/')) continue;
    const text = readFileSync(file, 'utf8');
    texts.set(file, text);
    for (const wanted of found(text, IMPORT)) {
      const next = fileOf(file, wanted);
      if (next) waiting.push(next);
    }
  }
  return texts;
}

it('a first view is made of first words', () => {
  const lateKeys = Object.keys(later);
  const texts = madeOf([join(SRC, 'main.tsx'), join(SRC, 'screens/room/Room.tsx')]);
  expect(texts.size).toBeGreaterThan(50);
  const strangers = [...texts].flatMap(([file, text]) =>
    [
      ...found(text, LITERAL).filter((key) => key in later),
      ...found(text, BEGUN).filter((start) => lateKeys.some((key) => key.startsWith(start))),
    ].map((key) => `${relative(SRC, file)}: ${key}`),
  );
  expect(strangers).toEqual([]);
});
