// Where a message is written. Whatever arrives meanwhile, the words, the caret and the box stay as they are.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { t } from '../../i18n';
import { Icon } from '../../parts/Icon';
import { dropDraft, keepDraft, readDraft } from '../../store/drafts';
import type { Uploads } from '../../store/talk/uploads';
import { usePlace } from './context';
import { filesOf } from './drop';
import { sends } from './keys';
import { MentionList, useMentions } from './Mentions';
import { AttachButton, UploadList } from './UploadList';

export function WriteBox({ uploads }: { uploads: Uploads }) {
  const { talk } = usePlace();
  const key = `talk:${talk.id}`;
  const text = useSignal(readDraft<string>(key) ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  const write = (value: string) => {
    text.value = value;
    keepDraft(key, value);
  };
  const mentions = useMentions(area, write);
  const content = text.value.trim();
  const empty = !content && uploads.ready.length === 0;
  const send = () => {
    if (empty || uploads.busy) return;
    void talk.say({ content, attachments: uploads.ready, replyTo: talk.replyTo.value });
    text.value = '';
    dropDraft(key);
    uploads.clear();
    area.current?.focus({ preventScroll: true });
  };
  return (
    <form
      class="write-box"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <ReplyNote />
      <UploadList uploads={uploads} />
      <MentionList mentions={mentions} />
      <div class="write-row">
        <AttachButton uploads={uploads} />
        <textarea
          ref={area}
          rows={1}
          maxLength={5000}
          value={text.value}
          aria-label={t('talk.write')}
          placeholder={t('talk.write')}
          aria-autocomplete="list"
          {...mentions.aria}
          onInput={(event) => {
            write(event.currentTarget.value);
            mentions.follow();
            if (event.currentTarget.value.trim()) talk.types();
          }}
          onPaste={(event) => {
            const files = filesOf(event.clipboardData);
            if (files.length === 0) return;
            event.preventDefault();
            uploads.add(files);
          }}
          onBlur={() => mentions.close()}
          onKeyDown={(event) => {
            if (mentions.key(event)) return;
            if (event.key === 'Escape') talk.replyTo.value = null;
            if (!sends(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <button
          type="submit"
          class="icon-button send"
          aria-label={t('comments.send')}
          disabled={empty || uploads.busy}
        >
          <Icon name="up" />
        </button>
      </div>
    </form>
  );
}

function ReplyNote() {
  const { talk } = usePlace();
  const quote = talk.replyTo.value;
  if (!quote) return null;
  return (
    <div class="reply-note">
      <p class="clip">
        {t('talk.replyingTo', quote.author?.name ?? t('talk.somebody'))} <span>{quote.excerpt}</span>
      </p>
      <button
        type="button"
        class="icon-button"
        aria-label={t('talk.noReply')}
        onClick={() => {
          talk.replyTo.value = null;
        }}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
