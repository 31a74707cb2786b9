// Two texts that grew from one: what only one of them changed is taken, what both changed stands one after the other.
import { diffWords } from '../../parts/words';

/** A stretch of the common ground, counted in characters, and what stands there now. */
interface Edit {
  from: number;
  to: number;
  text: string;
}

export function mergeTexts(base: string, theirs: string, mine: string): string {
  const groups = together(edits(base, theirs), edits(base, mine));
  let at = 0;
  let out = '';
  for (const { from, to, text } of groups.map((group) => settled(base, group))) {
    out += base.slice(at, from) + text;
    at = to;
  }
  return out + base.slice(at);
}

function edits(base: string, text: string): Edit[] {
  const found: Edit[] = [];
  let at = 0;
  let open: Edit | null = null;
  for (const piece of diffWords(base, text)) {
    if (piece.kind === 'same') {
      at += piece.text.length;
      open = null;
      continue;
    }
    if (!open) {
      open = { from: at, to: at, text: '' };
      found.push(open);
    }
    if (piece.kind === 'added') open.text += piece.text;
    else {
      at += piece.text.length;
      open.to = at;
    }
  }
  return found;
}

interface Group {
  from: number;
  to: number;
  theirs: Edit[];
  mine: Edit[];
}

/** Edits that touch one another are settled together. */
function together(theirs: Edit[], mine: Edit[]): Group[] {
  const all = [
    ...theirs.map((edit) => ({ edit, who: 'theirs' as const })),
    ...mine.map((edit) => ({ edit, who: 'mine' as const })),
  ].sort((a, b) => a.edit.from - b.edit.from || a.edit.to - b.edit.to);
  const groups: Group[] = [];
  for (const { edit, who } of all) {
    const last = groups.at(-1);
    const touches = last !== undefined && (edit.from < last.to || edit.from === last.from);
    const group = touches ? last : { from: edit.from, to: edit.to, theirs: [], mine: [] };
    if (!touches) groups.push(group);
    group.to = Math.max(group.to, edit.to);
    group[who].push(edit);
  }
  return groups;
}

function settled(base: string, { from, to, theirs, mine }: Group): Edit {
  const read = (edits: Edit[]) => applied(base, from, to, edits);
  const [first, second] = [read(theirs), read(mine)];
  if (mine.length === 0 || first === second) return { from, to, text: first };
  if (theirs.length === 0) return { from, to, text: second };
  const gap = !first || !second || /\s$/.test(first) || /^\s/.test(second) ? '' : ' ';
  return { from, to, text: first + gap + second };
}

function applied(base: string, from: number, to: number, edits: Edit[]): string {
  let at = from;
  let out = '';
  for (const edit of edits) {
    out += base.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return out + base.slice(at, to);
}
