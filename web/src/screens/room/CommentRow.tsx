// One comment: its author may mend or remove it, an admin may remove it.
import { useSignal } from '@preact/signals';
import { comments as api } from '../../api/endpoints';
import type { Comment } from '../../api/types';
import { t } from '../../i18n';
import { ago } from '../../i18n/format';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Menu } from '../../parts/Menu';
import { isAdmin, isMe, mayComment } from '../../store/rights';
import { useGround, useRoom } from './context';

export function CommentRow({ comment }: { comment: Comment }) {
  const event = useGround();
  const room = useRoom();
  const editing = useSignal<string | null>(null);
  const mine = isMe(event, comment.author);
  const remove = useAction(async () => {
    await api.remove(event.id, comment.id);
    room.heardComment({ ...comment, deleted: true });
  });
  const save = useAction(async () => {
    const words = editing.value ?? '';
    room.heardComment(await api.edit(event.id, comment.id, words.trim()));
    if (editing.value === words) editing.value = null;
  });
  return (
    <li class="comment">
      <p class="by">
        <strong>{comment.author.name}</strong>{' '}
        <time dateTime={comment.created_at}>{ago(comment.created_at)}</time>
        {comment.edited_at && <span> · {t('comments.edited')}</span>}
      </p>
      {editing.value === null ? (
        <p class="comment-text">{comment.content}</p>
      ) : (
        <form
          class="comment-form"
          onSubmit={(submit) => {
            submit.preventDefault();
            void save.run();
          }}
        >
          <textarea
            aria-label={t('comments.edit')}
            value={editing.value}
            rows={2}
            maxLength={5000}
            onInput={(input) => {
              editing.value = input.currentTarget.value;
            }}
          />
          <button type="submit" class="button small" disabled={save.busy}>
            {t('action.save')}
          </button>
          <button
            type="button"
            class="button small"
            onClick={() => {
              editing.value = null;
            }}
          >
            {t('action.cancel')}
          </button>
        </form>
      )}
      <Failure error={remove.error ?? save.error} />
      {mayComment(event) && (mine || isAdmin(event)) && editing.value === null && (
        <Menu label={t('comments.menu', comment.author.name)}>
          {mine && (
            <button
              type="button"
              class="menu-item"
              onClick={() => {
                editing.value = comment.content;
              }}
            >
              {t('comments.edit')}
            </button>
          )}
          <button type="button" class="menu-item" onClick={() => void remove.run()}>
            {t('comments.remove')}
          </button>
        </Menu>
      )}
    </li>
  );
}
