// Files that will go with the message: chosen, pasted or dropped; how far each is, or why it cannot go.
import { useRef } from 'preact/hooks';
import { t } from '../../i18n';
import { bytes, percent } from '../../i18n/format';
import { inWords } from '../../i18n/problem';
import { Icon } from '../../parts/Icon';
import { MOST_BYTES, MOST_FILES, type Upload, type Uploads } from '../../store/talk/uploads';

export function AttachButton({ uploads }: { uploads: Uploads }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label={t('talk.attach')}
        onClick={() => input.current?.click()}
      >
        <Icon name="clip" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('talk.attach')}
        onChange={({ currentTarget }) => {
          uploads.add(currentTarget.files ?? []);
          currentTarget.value = '';
        }}
      />
    </>
  );
}

export function UploadList({ uploads }: { uploads: Uploads }) {
  if (uploads.list.value.length === 0) return null;
  return (
    <ul class="uploads">
      {uploads.list.value.map((one) => (
        <li key={one.key} class={one.refusal || one.error ? 'upload refused' : 'upload'}>
          <Icon name={one.file.type.startsWith('image/') ? 'screen' : 'file'} />
          <span class="clip">{one.file.name}</span>
          <small role="status">{state(one)}</small>
          {Boolean(one.error) && (
            <button type="button" class="link-button" onClick={() => uploads.again(one)}>
              {t('action.again')}
            </button>
          )}
          <button
            type="button"
            class="icon-button"
            aria-label={t('lines.remove', one.file.name)}
            onClick={() => uploads.remove(one.key)}
          >
            <Icon name="close" />
          </button>
          {!one.refusal && !one.error && !one.done && (
            <progress value={one.progress} max={1} aria-label={one.file.name} />
          )}
        </li>
      ))}
    </ul>
  );
}

function state({ file, refusal, error, done, progress }: Upload): string {
  if (refusal === 'tooBig') return t('talk.tooBig', bytes(MOST_BYTES));
  if (refusal === 'tooMany') return t('talk.tooMany', MOST_FILES);
  if (refusal === 'empty') return t('talk.emptyFile');
  if (error) return inWords(error);
  return done ? bytes(file.size) : percent(progress, 1);
}
