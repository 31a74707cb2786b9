// What a modification changes, word by word: a longest common subsequence over words and spaces.

export interface Piece {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

const MOST_WORDS = 400;

export function diffWords(before: string, after: string): Piece[] {
  const a = before.match(/\s+|[^\s]+/g) ?? [];
  const b = after.match(/\s+|[^\s]+/g) ?? [];
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return whole(before, after);
  return merged(walk(a, b, lengths(a, b)));
}

const whole = (before: string, after: string): Piece[] => [
  { kind: 'removed', text: before },
  { kind: 'added', text: after },
];

function lengths(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => table[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (table[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return table;
}

function walk(a: string[], b: string[], table: number[][]): Piece[] {
  const pieces: Piece[] = [];
  const rest = (i: number, j: number) => table[i]?.[j] ?? -1;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const apart = rest(i + 1, j) >= rest(i, j + 1) ? 'removed' : 'added';
    const kind = a[i] === b[j] ? 'same' : apart;
    pieces.push({ kind, text: (kind === 'added' ? b[j] : a[i]) ?? '' });
    i += Number(kind !== 'added');
    j += Number(kind !== 'removed');
  }
  return pieces;
}

/** Neighbours become one piece: between what stays, all that goes stands before all that comes. */
function merged(pieces: Piece[]): Piece[] {
  const out: Piece[] = [];
  let run: Record<Piece['kind'], string> = { same: '', removed: '', added: '' };
  const flush = () => {
    for (const kind of ['same', 'removed', 'added'] as const)
      if (run[kind]) out.push({ kind, text: run[kind] });
    run = { same: '', removed: '', added: '' };
  };
  for (const { kind, text } of pieces.flatMap(withoutGap)) {
    if (kind === 'same' && (run.removed || run.added)) flush();
    run[kind] += text;
  }
  flush();
  return out;
}

/** A blank between two changes belongs to both, not between them. */
function withoutGap(piece: Piece, at: number, pieces: Piece[]): Piece[] {
  const changed = (one: Piece | undefined) => one !== undefined && one.kind !== 'same';
  const gap =
    piece.kind === 'same' && !piece.text.trim() && changed(pieces[at - 1]) && changed(pieces[at + 1]);
  return gap
    ? [
        { ...piece, kind: 'removed' },
        { ...piece, kind: 'added' },
      ]
    : [piece];
}
