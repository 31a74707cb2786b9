// One conversation in a list: who, the last words, when, and how much is unread.
import type { Message } from '../../api/talk-types';
import { t } from '../../i18n';
import { ago } from '../../i18n/format';
import { Avatar } from '../../parts/Avatar';
import { Unread } from '../../parts/Unread';
import type { Talk } from '../../store/lobby';

export function TalkRow({ talk, current = false }: { talk: Talk; current?: boolean }) {
  const name = talk.with?.name ?? t('talk.somebody');
  const last = talk.last_message;
  return (
    <li>
      <a class="talk-row" href={`/messages/${talk.id}`} aria-current={current ? 'page' : undefined}>
        <Avatar name={name} />
        <span class="talk-row-main">
          <strong class="clip">{name}</strong>
          {last && <span class="clip talk-row-words">{words(last)}</span>}
        </span>
        <span class="talk-row-side">
          {last && <time dateTime={last.created_at}>{ago(last.created_at)}</time>}
          <Unread count={talk.unread} />
        </span>
      </a>
    </li>
  );
}

function words({ deleted, content, attachments }: Message): string {
  if (deleted) return t(`talk.removed.${deleted}`);
  return content ?? attachments.map(({ name }) => name).join(', ');
}
