// What a catalogue is: every language has the texts of English, with the same arguments.
import type { en } from './en';
import type { later } from './en/later';

export type Said<T> = { [K in keyof T]: T[K] extends string ? string : T[K] };
type First = Said<typeof en>;
/** The texts of screens that are opened later. */
export type Later = Said<typeof later> & Refusals;
type Texts = First & Said<typeof later>;
export type Key = keyof Texts;
/** The server's refusals are worded in English; another language adds its own words by their code. */
export type Refusals = { [code: `error.${string}`]: string };
export type Catalogue = First & Refusals;
export type Args<K extends Key> = Texts[K] extends (...args: infer A) => string ? A : [];
