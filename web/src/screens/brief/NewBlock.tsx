// A block to add: its kind, its words, and the image where it is one.
import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { BlockKind } from '../../api/types';
import { t } from '../../i18n';
import { Uploads } from '../../store/talk/uploads';
import { UploadList } from '../talk/UploadList';
import { useBrief } from './context';
import { dropNew, keepNew, type NewDraft, readNew } from './newDraft';
import { TextField } from './TextField';

const KINDS: BlockKind[] = ['text', 'heading', 'list', 'quote', 'image'];

/** Without `after` it comes last, also behind those that are still on their way. */
export function NewBlock({ after, onClose }: { after: string | undefined; onClose(): void }) {
  const brief = useBrief();
  const draft = useSignal<NewDraft>({ ...(readNew(brief.id) ?? { kind: 'text', text: '' }), after });
  const uploads = useMemo(() => new Uploads(brief.id), [brief]);
  const write = (part: Partial<NewDraft>) => {
    draft.value = { ...draft.value, ...part };
    keepNew(brief.id, draft.value);
  };
  const { kind, text } = draft.value;
  const image = kind === 'image' ? uploads.ready.find((one) => one.kind === 'image') : undefined;
  const idle = !text.trim() || uploads.busy || (kind === 'image' && !image);
  const add = () => {
    if (idle) return;
    void brief.add({
      kind,
      text: text.trim(),
      ...(after ? { after } : {}),
      ...(image ? { attachment_id: image.id } : {}),
    });
    dropNew(brief.id);
    onClose();
  };
  return (
    <form
      class="brief-editor brief-new"
      aria-label={t('brief.new')}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === 'Escape') onClose();
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) add();
        else return;
        event.preventDefault();
      }}
    >
      <Kinds kind={kind} onKind={(wanted) => write({ kind: wanted, text: fitting(wanted, text) })} />
      {kind === 'image' && <ChooseImage uploads={uploads} />}
      <TextField
        key={kind}
        kind={kind}
        label={t(kind === 'image' ? 'brief.altText' : `brief.kind.${kind}`)}
        value={text}
        onValue={(words) => write({ text: words })}
      />
      <div class="actions">
        <button type="submit" class="button primary" disabled={idle}>
          {t('brief.add')}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t(text.trim() ? 'brief.keepDraft' : 'brief.stop')}
        </button>
      </div>
    </form>
  );
}

function Kinds({ kind, onKind }: { kind: BlockKind; onKind(kind: BlockKind): void }) {
  return (
    <fieldset class="brief-kinds">
      <legend class="visually-hidden">{t('brief.newKind')}</legend>
      {KINDS.map((one) => (
        <label key={one} class={one === kind ? 'chosen' : ''}>
          <input type="radio" name="kind" value={one} checked={one === kind} onChange={() => onKind(one)} />
          {t(`brief.kind.${one}`)}
        </label>
      ))}
    </fieldset>
  );
}

function ChooseImage({ uploads }: { uploads: Uploads }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <UploadList uploads={uploads} />
      <button type="button" class="button brief-choose" onClick={() => input.current?.click()}>
        {t('brief.chooseImage')}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label={t('brief.chooseImage')}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          uploads.clear();
          if (file) uploads.add([file]);
          currentTarget.value = '';
        }}
      />
    </>
  );
}

const fitting = (kind: BlockKind, text: string) =>
  kind === 'heading' ? text.replace(/\s*\n\s*/g, ' ') : text;
