// Every text on the screen comes from a catalogue with the same typed keys in each language.
import { signal } from '@preact/signals';
import type { Locale } from '../api/types';
import type { Args, Catalogue, Key, Later } from './catalogue';
import { en } from './en';

export type { Key } from './catalogue';

const STORED = 'assent:locale';
export const locale = signal<Locale>('en');
const catalogue = signal<Catalogue & Partial<Later>>(en);
let wantsLater = false;

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
  const [first, later] = await Promise.all([firstOf(wanted), wantsLater ? laterOf(wanted) : null]);
  catalogue.value = { ...first, ...later };
  locale.value = wanted;
  document.documentElement.lang = wanted;
}

export async function chooseLocale(wanted: Locale): Promise<void> {
  localStorage.setItem(STORED, wanted);
  await setLocale(wanted);
}

/** What is needed before any screen that is not of the first view is drawn. */
export async function laterWords(): Promise<void> {
  if (wantsLater) return;
  const wanted = locale.value;
  const later = await laterOf(wanted);
  wantsLater = true;
  if (wanted === locale.value) catalogue.value = { ...catalogue.value, ...later };
  else await setLocale(locale.value);
}

const firstOf = async (wanted: Locale) => (wanted === 'ko' ? (await import('./ko')).ko : en);

const laterOf = async (wanted: Locale): Promise<Later> =>
  (await (wanted === 'ko' ? import('./ko/later') : import('./en/later'))).later;
