// A block as it is read.

import type { Block, BlockKind } from '../../api/types';
import { Picture } from './Picture';

export function Body({ block }: { block: Block }) {
  if (block.kind === 'image' && block.attachment_id)
    return <Picture block={block} image={block.attachment_id} />;
  return <Words kind={block.kind} text={block.text} />;
}

export function Words({ kind, text }: { kind: BlockKind; text: string }) {
  if (kind === 'heading') return <h3>{text}</h3>;
  if (kind === 'quote') return <blockquote>{text}</blockquote>;
  if (kind !== 'list') return <p>{text}</p>;
  const points = text.split('\n').map(withoutMark).filter(Boolean);
  return (
    <ul>
      {points.map((point, at) => (
        <li key={at}>{point}</li>
      ))}
    </ul>
  );
}

/** Many write the mark of a list themselves. */
const withoutMark = (line: string) => line.replace(/^\s*[-*•]\s+/, '').trim();
