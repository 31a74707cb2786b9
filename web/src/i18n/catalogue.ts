// What a catalogue is: every language has the texts of English, with the same arguments.
import type { en } from './en';

export type Said<T> = { [K in keyof T]: T[K] extends string ? string : T[K] };
type Texts = Said<typeof en>;
export type Key = keyof Texts;
/** The server's refusals are worded in English; another language adds its own words by their code. */
export type Refusals = { [code: `error.${string}`]: string };
export type Catalogue = Texts & Refusals;
export type Args<K extends Key> = Catalogue[K] extends (...args: infer A) => string ? A : [];
