// The words of a message, with addresses to follow and names that were called. Never any markup of theirs.
import type { Person } from '../../api/types';
import { pieces } from '../../store/talk/text';

interface Props {
  content: string;
  mentions: Person[];
  myId: string;
}

export function Words({ content, mentions, myId }: Props) {
  return (
    <p class="said-words">
      {pieces(content, mentions).map((piece, index) => {
        if (piece.kind === 'text') return <span key={index}>{piece.text}</span>;
        if (piece.kind === 'mention')
          return (
            <b key={index} class={piece.id === myId ? 'mention me' : 'mention'}>
              {piece.text}
            </b>
          );
        return (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        );
      })}
    </p>
  );
}
