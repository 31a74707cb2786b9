// What can be done about one message.
import { useSignal } from '@preact/signals';
import { conversations as api } from '../../api/conversations';
import type { Message } from '../../api/talk-types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Menu } from '../../parts/Menu';
import { usePlace } from './context';

export function MessageMenu({ message, onEdit }: { message: Message; onEdit(): void }) {
  const { talk, rules, direct } = usePlace();
  const mine = message.author?.id === talk.me.id;
  const readers = useSignal<number | null>(null);
  const remove = useAction(async () => talk.heard(await api.remove(talk.id, message.id)));
  const reply = () => {
    const { id, seq, author, content, attachments } = message;
    talk.replyTo.value = { id, seq, author, excerpt: content ?? attachments[0]?.name ?? '' };
  };
  const count = () =>
    api.readers(talk.id, message.id).then(
      (answer) => {
        readers.value = answer.count;
      },
      () => {},
    );
  return (
    <div class="said-menu">
      <Menu
        label={t('talk.menu', message.author?.name ?? t('talk.somebody'))}
        {...(mine && !direct ? { onOpen: () => void count() } : {})}
      >
        <button type="button" class="menu-item" onClick={reply}>
          {t('talk.reply')}
        </button>
        {mine && message.content !== null && (
          <button type="button" class="menu-item" onClick={onEdit}>
            {t('comments.edit')}
          </button>
        )}
        {(mine || rules) && (
          <button type="button" class="menu-item danger" onClick={() => void remove.run()}>
            {t('comments.remove')}
          </button>
        )}
        {readers.value !== null && <p class="menu-note">{t('talk.readBy', readers.value)}</p>}
      </Menu>
      <Failure error={remove.error} />
    </div>
  );
}
