// One's own words, mended in their place.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { conversations as api } from '../../api/conversations';
import type { Message } from '../../api/talk-types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { usePlace } from './context';
import { sends } from './keys';

export function EditForm({ message, onClose }: { message: Message; onClose(): void }) {
  const { talk } = usePlace();
  const words = useSignal(message.content ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  const save = useAction(async () => {
    talk.heard(await api.edit(talk.id, message.id, words.value.trim()));
    onClose();
  });
  useLayoutEffect(() => area.current?.focus({ preventScroll: true }), []);
  const submit = () => words.value.trim() && void save.run();
  return (
    <form
      class="said-edit"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={area}
        aria-label={t('comments.edit')}
        value={words.value}
        maxLength={5000}
        rows={2}
        onInput={(input) => {
          words.value = input.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
          if (!sends(event)) return;
          event.preventDefault();
          submit();
        }}
      />
      <div class="actions">
        <button type="submit" class="button small primary" disabled={save.busy || !words.value.trim()}>
          {t('action.save')}
        </button>
        <button type="button" class="button small" onClick={onClose}>
          {t('action.cancel')}
        </button>
      </div>
      <Failure error={save.error} />
    </form>
  );
}
