// The words of a message as pieces: plain text, addresses that may be followed, names that were called.
import type { Person } from '../../api/types';

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'mention'; text: string; id: string };

const LINK = /https?:\/\/[^\s<>"'`]+/gi;

export function pieces(content: string, mentions: Person[]): Piece[] {
  return splitLinks(content).flatMap((piece) =>
    piece.kind === 'text' ? splitMentions(piece.text, mentions) : [piece],
  );
}

function splitLinks(content: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of content.matchAll(LINK)) {
    const text = withoutTail(match[0]);
    const href = hrefOf(text);
    if (!href) continue;
    if (match.index > at) found.push({ kind: 'text', text: content.slice(at, match.index) });
    found.push({ kind: 'link', text, href });
    at = match.index + text.length;
  }
  if (at < content.length) found.push({ kind: 'text', text: content.slice(at) });
  return found;
}

/** The full stop of the sentence and the bracket around an address are no part of it. */
function withoutTail(address: string): string {
  let text = address.replace(/[.,;:!?…]+$/, '');
  if (text.endsWith(')') && !text.includes('(')) text = text.slice(0, -1);
  return text;
}

/** Only what leads to a page: the address as the browser understands it must say so itself. */
function hrefOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, href, hostname } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && hostname ? href : null;
}

function splitMentions(text: string, mentions: Person[]): Piece[] {
  const [person, ...others] = mentions.toSorted((a, b) => b.name.length - a.name.length);
  if (!person) return text ? [{ kind: 'text', text }] : [];
  return text
    .split(new RegExp(`(@${literally(person.name)})`, 'iu'))
    .flatMap((part, index): Piece[] =>
      index % 2 ? [{ kind: 'mention', text: part, id: person.id }] : splitMentions(part, others),
    );
}

const literally = (name: string) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

export interface Calling {
  /** Where the @ stands. */
  at: number;
  typed: string;
}

/** The name that is being typed before the caret, where there is one. */
export function callingAt(text: string, caret: number): Calling | null {
  const found = /(^|[\s(])@([^\s@][^@\n]{0,40})?$/u.exec(text.slice(0, caret));
  if (!found) return null;
  const typed = found[2] ?? '';
  return typed.split(/\s+/).length > 3 ? null : { at: caret - typed.length - 1, typed };
}

const MOST = 6;

/** Whose name begins so, or has a word that does. */
export function fitting(people: Person[], typed: string): Person[] {
  const wanted = typed.toLocaleLowerCase();
  const fits = ({ name }: Person) => {
    const whole = name.toLocaleLowerCase();
    return whole.startsWith(wanted) || whole.split(/\s+/).some((word) => word.startsWith(wanted));
  };
  return people.filter(fits).slice(0, MOST);
}
