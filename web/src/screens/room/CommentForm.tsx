// Where a comment is written. Its draft stays with its subject; the next one can be begun while the last is sent.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { comments as api } from '../../api/endpoints';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { dropDraft, keepDraft, readDraft } from '../../store/drafts';
import { useRoom } from './context';

/** Takes the focus when it comes: who opened the thread wants to write. */
export function CommentForm({ subject }: { subject: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const room = useRoom();
  const key = `comment:${subject}`;
  const text = useSignal(readDraft<string>(key) ?? '');
  const write = (value: string) => {
    text.value = value;
    keepDraft(key, value);
  };
  const action = useAction(async () => {
    const words = text.value.trim();
    text.value = '';
    try {
      room.heardComment(await api.add(room.id, subject, words));
    } catch (error) {
      write([words, text.value].filter(Boolean).join('\n'));
      throw error;
    }
    if (!text.value) dropDraft(key);
  });
  const submit = () => text.value.trim() && void action.run();
  return (
    <form
      class="comment-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={field}
        value={text.value}
        rows={text.value ? 2 : 1}
        maxLength={5000}
        aria-label={t('comments.write')}
        placeholder={t('comments.write')}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
        }}
      />
      <button type="submit" class="button small" disabled={action.busy || !text.value.trim()}>
        {t('comments.send')}
      </button>
      <Failure error={action.error} />
    </form>
  );
}
