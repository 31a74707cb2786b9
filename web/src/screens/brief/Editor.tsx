// Writing in a block. Nothing that happens meanwhile touches the words: it is said beside them.
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Block } from '../../api/types';
import { t } from '../../i18n';
import { problemWords } from '../../i18n/problem';
import { Notice } from '../../parts/Notice';
import { waits } from '../../queue/intention';
import type { Draft } from '../../store/brief/draft';
import type { Writing } from '../../store/brief/writing';
import { Aside, Conflict } from './Conflict';
import { useBrief } from './context';
import { HoldLine } from './HoldLine';
import { TextField } from './TextField';

interface Props {
  block: Block;
  writing: Writing;
  index: number;
}

export function Editor({ block, writing, index }: Props) {
  const brief = useBrief();
  const { draft } = writing;
  const way = brief.onItsWay(block.id);
  const behind = isBehind(block, draft, (way?.body as { text: string } | undefined)?.text);
  const changed = draft.text.trim() !== block.text || draft.version !== block.version;
  const idle = !draft.text.trim() || !changed || behind || Boolean(way) || writing.hold.value === 'theirs';
  const close = () => brief.stopWriting();
  const save = () => {
    if (!idle) void writing.commit();
  };
  const form = useRef<HTMLFormElement>(null);
  useGiveBack(block.id);
  useBackInField(form, behind);
  useBackInField(form, writing.aside.value !== null);
  const words = t(block.kind === 'image' ? 'brief.altText' : `brief.kind.${block.kind}`);
  return (
    <form
      ref={form}
      class="brief-editor"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === 'Escape') close();
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
        else return;
        event.preventDefault();
      }}
    >
      <HoldLine writing={writing} quiet={behind} />
      <TextField
        kind={block.kind}
        label={`${t('brief.block', index + 1)}: ${words}`}
        value={draft.text}
        onValue={(text) => writing.type(text)}
      />
      {behind ? <Conflict block={block} writing={writing} /> : <Refusal draft={draft} />}
      <Aside writing={writing} />
      <div class="actions">
        {!behind && (
          <button type="submit" class="button primary" disabled={idle}>
            {t('brief.commit')}
          </button>
        )}
        <button type="button" class="button" onClick={close}>
          {t(draft.text !== block.text ? 'brief.keepDraft' : 'brief.stop')}
        </button>
        {way ? (
          <span role="status">{t(waits(way) ? 'brief.queued' : 'brief.saving')}</span>
        ) : (
          <span class="field-hint brief-keys">{t('brief.keys')}</span>
        )}
      </div>
    </form>
  );
}

/** Somebody else's words stand there, neither this draft nor what was just sent. */
const isBehind = (block: Block, draft: Draft, sent: string | undefined) =>
  block.version > draft.version && block.text !== sent && block.text !== draft.text.trim();

function Refusal({ draft }: { draft: Draft }) {
  if (!draft.refused) return null;
  return (
    <Notice kind="bad">
      <p>
        {t('brief.refused')} {problemWords(draft.refused, '')}
      </p>
    </Notice>
  );
}

/** Once what was asked beside the field is settled, writing goes on where it was. */
function useBackInField(form: RefObject<HTMLFormElement | null>, asked: boolean): void {
  const was = useRef(asked);
  useLayoutEffect(() => {
    if (was.current && !asked) form.current?.querySelector('textarea')?.focus();
    was.current = asked;
  }, [asked]);
}

/** When it closes, the keyboard is where it came from. */
function useGiveBack(blockId: string): void {
  useLayoutEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        document.getElementById(`block-${blockId}`)?.focus({ preventScroll: true });
      });
    },
    [],
  );
}
