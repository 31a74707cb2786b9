// Every text on the screen comes from a catalogue with the same typed keys in each language.
import { signal } from '@preact/signals';
import type { Locale } from '../api/types';
import type { Args, Catalogue, Key } from './catalogue';
import { en } from './en';

export type { Key } from './catalogue';

const STORED = 'assent:locale';
export const locale = signal<Locale>('en');
const catalogue = signal<Catalogue>(en);

export function t<K extends Key>(key: K, ...args: Args<K>): string {
  const text = catalogue.value[key] as string | ((...args: Args<K>) => string);
  return typeof text === 'function' ? text(...args) : text;
}

/** A text whose key is only known while running, such as a problem's code. */
export function maybe(key: string): string | null {
  const text = (catalogue.value as Record<string, unknown>)[key];
  return typeof text === 'string' ? text : null;
}

export function preferredLocale(): Locale {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'ko') return stored;
  return navigator.languages.find((tag) => /^(en|ko)\b/.test(tag))?.startsWith('ko') ? 'ko' : 'en';
}

export async function setLocale(wanted: Locale): Promise<void> {
  catalogue.value = wanted === 'ko' ? (await import('./ko')).ko : en;
  locale.value = wanted;
  document.documentElement.lang = wanted;
}

export async function chooseLocale(wanted: Locale): Promise<void> {
  localStorage.setItem(STORED, wanted);
  await setLocale(wanted);
}
