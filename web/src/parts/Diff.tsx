// A change of text, shown as what goes and what comes.
import { diffWords, type Piece } from './words';

export function Diff({ before, after }: { before: string; after: string }) {
  return (
    <p class="diff">
      {diffWords(before, after).map((piece, index) => (
        <Marked key={index} piece={piece} />
      ))}
    </p>
  );
}

/** The blank after the words is not marked with them. */
function Marked({ piece: { kind, text } }: { piece: Piece }) {
  const words = text.trimEnd();
  const blank = text.slice(words.length);
  if (kind === 'same') return <span>{text}</span>;
  return (
    <>
      {kind === 'removed' ? <del>{words}</del> : <ins>{words}</ins>}
      {blank}
    </>
  );
}
