// A conversation below one thing: closed it is a count, open it is read and written.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { comments as api } from '../../api/endpoints';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Icon } from '../../parts/Icon';
import { Loading } from '../../parts/Loading';
import { mayComment } from '../../store/rights';
import { CommentForm } from './CommentForm';
import { CommentRow } from './CommentRow';
import { useGround, useRoom } from './context';

interface Props {
  subject: string;
  count: number;
}

export function Comments({ subject, count }: Props) {
  const shown = useSignal(false);
  const event = useGround();
  if (shown.value) return <Thread subject={subject} />;
  if (count === 0 && !mayComment(event)) return null;
  return (
    <button
      type="button"
      class="quiet-button talk"
      onClick={() => {
        shown.value = true;
      }}
    >
      <Icon name="talk" />
      {count > 0 ? t('comments.count', count) : t('comments.first')}
    </button>
  );
}

/** Whoever opened it by hand wants to write: the field is ready. */
function Thread({ subject }: { subject: string }) {
  const room = useRoom();
  const event = useGround();
  const older = useSignal<string | null>(null);
  const thread = room.threads.value[subject];
  const load = useAction(async (cursor?: string) => {
    const page = await api.page(room.id, subject, cursor);
    const known = cursor ? (room.threads.value[subject] ?? []) : [];
    const ids = new Set(known.map(({ id }) => id));
    const fresh = page.items.filter(({ id }) => !ids.has(id)).reverse();
    room.threads.value = { ...room.threads.value, [subject]: [...fresh, ...known] };
    older.value = page.next_cursor;
  });
  useEffect(() => void load.run(), [subject, room.startOvers.value]);
  return (
    <div class="thread">
      {older.value && (
        <button
          type="button"
          class="quiet-button"
          disabled={load.busy}
          onClick={() => void load.run(older.value ?? undefined)}
        >
          {t('comments.older')}
        </button>
      )}
      {!thread && load.busy && <Loading />}
      <Failure error={load.error} />
      <ol class="comments">
        {thread?.map((comment) => (
          <CommentRow key={comment.id} comment={comment} />
        ))}
      </ol>
      {mayComment(event) && <CommentForm subject={subject} />}
    </div>
  );
}
