// One block: to be read, with who is writing there, and what can be done with it at its side.
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Block } from '../../api/types';
import { t } from '../../i18n';
import { Icon } from '../../parts/Icon';
import type { Held } from '../../store/brief/locks';
import { isMe, mayWrite } from '../../store/rights';
import { useEvent } from '../room/context';
import { BlockMenu } from './BlockMenu';
import { Body } from './Body';
import { useBrief } from './context';
import { Editor } from './Editor';
import type { Order } from './order';

interface Props {
  block: Block;
  index: number;
  of: number;
  order: Order;
  onAdd(): void;
  onRemoved(block: Block): void;
  children: ComponentChildren;
}

export function BlockRow({ block, index, of, order, onAdd, onRemoved, children }: Props) {
  const brief = useBrief();
  const event = useEvent();
  const open = brief.writing.value?.blockId === block.id ? brief.writing.value : null;
  const held = open ? undefined : brief.locks.held.value[block.id];
  const may = mayWrite(event);
  const look = [held && 'held', open && 'open', order.dragged === block.id && 'dragged'].filter(Boolean);
  return (
    <li
      class={`brief-block kind-${block.kind} ${look.join(' ')}`}
      id={`block-${block.id}`}
      tabIndex={-1}
      aria-label={t('brief.block', index + 1)}
      style={held ? { '--who': held.holder.colour } : {}}
    >
      {open ? (
        <Editor block={block} writing={open} index={index} />
      ) : (
        <>
          <Read block={block} may={may} />
          {held && <Holder held={held} />}
          <Draft block={block} may={may} />
          <div class="brief-tools">
            {may && <Tools block={block} index={index} of={of} order={order} />}
            <BlockMenu
              {...{ block, index, of, order, held, onAdd, onRemoved }}
              onWrite={() => brief.write(block.id)}
            />
          </div>
        </>
      )}
      {children}
    </li>
  );
}

/** A tap on what is read begins to write it; for the keyboard there is the pencil. */
function Read({ block, may }: { block: Block; may: boolean }) {
  const brief = useBrief();
  const first = useRef(block.version);
  const fresh = block.version !== first.current;
  const tap = (event: MouseEvent) => {
    if (may && isForWriting(event, block)) brief.write(block.id);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the pencil does the same
    <div key={block.version} class={`brief-body ${fresh ? 'fresh' : ''}`} onClick={tap}>
      <Body block={block} />
    </div>
  );
}

function Holder({ held: { holder } }: { held: Held }) {
  const event = useEvent();
  return (
    <p class="brief-holder">
      <i />
      {isMe(event, holder) ? t('brief.writesYou') : t('brief.writes', holder.name)}
    </p>
  );
}

function Tools({ block, index, of, order }: Pick<Props, 'block' | 'index' | 'of' | 'order'>) {
  const brief = useBrief();
  return (
    <>
      <button
        type="button"
        class="icon-button brief-grip"
        aria-label={t('brief.grip', index + 1, of)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          order.grab(block.id);
        }}
        onPointerMove={(event) => order.drag(event.clientY)}
        onPointerUp={() => order.drop()}
        onPointerCancel={() => order.letGo()}
        onKeyDown={(event) => {
          const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
          if (!step) return;
          event.preventDefault();
          order.move(block.id, index + step);
        }}
      >
        <Icon name="grip" />
      </button>
      <button
        type="button"
        class="icon-button brief-pencil"
        id={`write-${block.id}`}
        aria-label={t('brief.write', index + 1)}
        onClick={() => brief.write(block.id)}
      >
        <Icon name="pencil" />
      </button>
    </>
  );
}

/** What this person wrote here and has not brought in; also where they may write no more. */
function Draft({ block, may }: { block: Block; may: boolean }) {
  const brief = useBrief();
  const way = brief.onItsWay(block.id);
  const draft = brief.drafts.of(block.id);
  if (!draft || draft.text === block.text) return null;
  return (
    <div class="brief-draft" role="status">
      <p>{t(way ? 'brief.queued' : 'brief.draft')}</p>
      <blockquote>{draft.text}</blockquote>
      {may && !way && (
        <div class="actions">
          <button type="button" class="button small" onClick={() => brief.write(block.id)}>
            {t('brief.draftOpen')}
          </button>
          <button type="button" class="link-button danger" onClick={() => brief.drafts.drop(block.id)}>
            {t('brief.discard')}
          </button>
        </div>
      )}
    </div>
  );
}

/** A tap on words, not one that marks them, and not one on what has a purpose of its own. */
function isForWriting({ target }: MouseEvent, { kind }: Block): boolean {
  const marks = !getSelection()?.isCollapsed;
  return kind !== 'image' && !marks && !(target as Element).closest('a, button, canvas');
}
