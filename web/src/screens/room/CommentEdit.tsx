// A comment being mended. What happens to it meanwhile is said; what is typed stays.
import { useSignal } from '@preact/signals';
import { comments as api } from '../../api/endpoints';
import type { Comment } from '../../api/types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Notice } from '../../parts/Notice';
import { useRoom } from './context';

export function CommentEdit({ comment, onClose }: { comment: Comment; onClose(): void }) {
  const room = useRoom();
  const began = useSignal(comment.content);
  const words = useSignal(comment.content);
  const save = useAction(async () => {
    const sent = words.value;
    const saved = await api.edit(room.id, comment.id, sent.trim());
    began.value = saved.content;
    room.heardComment(saved);
    if (words.value === sent) onClose();
  });
  return (
    <form
      class="comment-form mending"
      onSubmit={(submit) => {
        submit.preventDefault();
        void save.run();
      }}
    >
      {!save.busy && <Meanwhile comment={comment} began={began.value} />}
      <textarea
        aria-label={t('comments.edit')}
        value={words.value}
        rows={2}
        maxLength={5000}
        onInput={(input) => {
          words.value = input.currentTarget.value;
        }}
      />
      {!comment.deleted && (
        <button type="submit" class="button small" disabled={save.busy}>
          {t('action.save')}
        </button>
      )}
      <button type="button" class="button small" onClick={onClose}>
        {t('action.cancel')}
      </button>
      <Failure error={save.error} />
    </form>
  );
}

function Meanwhile({ comment, began }: { comment: Comment; began: string }) {
  if (comment.deleted)
    return (
      <Notice kind="warn" role="status">
        {t('compose.gone')}
      </Notice>
    );
  if (comment.content === began) return null;
  return (
    <Notice kind="warn" role="status">
      <p>{t('compose.changed')}</p>
      <blockquote>{comment.content}</blockquote>
    </Notice>
  );
}
