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
import { CommentEdit } from './CommentEdit';
import { useGround, useRoom } from './context';

/** A removed one is gone, but not from under the hands of who is mending it. */
export function CommentRow({ comment }: { comment: Comment }) {
  const editing = useSignal(false);
  if (comment.deleted && !editing.value) return null;
  const close = () => {
    editing.value = false;
  };
  return (
    <li class="comment">
      <p class="by">
        <strong>{comment.author.name}</strong>{' '}
        <time dateTime={comment.created_at}>{ago(comment.created_at)}</time>
        {comment.edited_at && <span> · {t('comments.edited')}</span>}
      </p>
      {editing.value ? (
        <CommentEdit comment={comment} onClose={close} />
      ) : (
        <CommentText
          comment={comment}
          onEdit={() => {
            editing.value = true;
          }}
        />
      )}
    </li>
  );
}

function CommentText({ comment, onEdit }: { comment: Comment; onEdit(): void }) {
  const event = useGround();
  const room = useRoom();
  const mine = isMe(event, comment.author);
  const remove = useAction(async () => {
    await api.remove(event.id, comment.id);
    room.heardComment({ ...comment, deleted: true });
  });
  return (
    <>
      <p class="comment-text">{comment.content}</p>
      <Failure error={remove.error} />
      {mayComment(event) && (mine || isAdmin(event)) && (
        <Menu label={t('comments.menu', comment.author.name)}>
          {mine && (
            <button type="button" class="menu-item" onClick={onEdit}>
              {t('comments.edit')}
            </button>
          )}
          <button type="button" class="menu-item" onClick={() => void remove.run()}>
            {t('comments.remove')}
          </button>
        </Menu>
      )}
    </>
  );
}
