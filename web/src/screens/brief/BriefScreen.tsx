// The brief: read first, written where somebody taps.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { Block } from '../../api/types';
import { t } from '../../i18n';
import { inWords } from '../../i18n/problem';
import { Failure } from '../../parts/Failure';
import { Icon } from '../../parts/Icon';
import { Loading } from '../../parts/Loading';
import { Notice } from '../../parts/Notice';
import { query } from '../../router';
import { Brief } from '../../store/brief/brief';
import { mayWrite, watches } from '../../store/rights';
import { useEvent, useRoom } from '../room/context';
import { Added } from './Added';
import { BlockRow } from './BlockRow';
import { BriefContext, useBrief } from './context';
import { Kept } from './Kept';
import { NewBlock } from './NewBlock';
import { readNew } from './newDraft';
import { Orphans } from './Orphans';
import { useOrder } from './order';
import { Removed } from './Removed';

export function BriefScreen() {
  const room = useRoom();
  const brief = useMemo(() => new Brief(room), [room]);
  useEffect(() => {
    brief.open();
    return () => brief.close();
  }, [brief]);
  return (
    <BriefContext.Provider value={brief}>
      <section class="brief" aria-labelledby="brief-title">
        <header class="brief-head">
          <h2 id="brief-title">{t('nav.brief')}</h2>
          <Kept />
          <p>{t('brief.hint')}</p>
        </header>
        <State />
        {brief.now.value ? <Blocks blocks={brief.now.value.blocks} /> : <Coming />}
      </section>
    </BriefContext.Provider>
  );
}

function Coming() {
  const { error } = useBrief();
  return error.value ? <Notice kind="bad">{inWords(error.value)}</Notice> : <Loading />;
}

function State() {
  const event = useEvent();
  const { locks } = useBrief();
  if (event.status === 'FINISHED') return <Notice>{t('brief.finished')}</Notice>;
  if (watches(event)) return <Notice>{t('brief.observer')}</Notice>;
  if (!locks.known.value) return <Notice kind="warn">{t('brief.locksUnknown')}</Notice>;
  return null;
}

function Blocks({ blocks }: { blocks: Block[] }) {
  const event = useEvent();
  const may = mayWrite(event);
  const order = useOrder(blocks);
  const begun = readNew(event.id);
  const adding = useSignal<{ after: string | undefined } | null>(begun && { after: begun.after });
  const removed = useSignal<Block | null>(null);
  useAsked(blocks.length > 0);
  const add = (after?: string) => {
    adding.value = { after };
  };
  const composer = adding.value && may && (
    <NewBlock
      after={adding.value.after}
      onClose={() => {
        adding.value = null;
      }}
    />
  );
  const after = adding.value?.after;
  const below = order.blocks.some(({ id }) => id === after) ? after : undefined;
  return (
    <>
      <Orphans />
      {blocks.length === 0 && !composer && (
        <p class="brief-none">{t(may ? 'brief.noneWrite' : 'brief.none')}</p>
      )}
      <ol class="brief-blocks" aria-label={t('brief.blocks')} ref={order.list}>
        {order.blocks.map((block, index) => (
          <BlockRow
            key={block.id}
            block={block}
            index={index}
            of={blocks.length}
            order={order}
            onAdd={() => add(block.id)}
            onRemoved={(gone) => {
              removed.value = gone;
            }}
          >
            {below === block.id && composer}
          </BlockRow>
        ))}
      </ol>
      <Added />
      {!below && composer}
      <Failure error={order.error} />
      <p class="visually-hidden" role="status">
        {order.said}
      </p>
      <Removed
        gone={removed.value}
        onDone={() => {
          removed.value = null;
        }}
      />
      {may && !composer && (
        <button type="button" class="button brief-add" onClick={() => add()}>
          <Icon name="plus" />
          {t(blocks.length ? 'brief.addLast' : 'brief.addFirst')}
        </button>
      )}
    </>
  );
}

/** Comes from a proposal to the block that it was made of. */
function useAsked(ready: boolean): void {
  useLayoutEffect(() => {
    const asked = query().get('block');
    const row = asked && document.getElementById(`block-${asked}`);
    if (!ready || !row) return;
    row.scrollIntoView({ block: 'center' });
    row.focus({ preventScroll: true });
  }, [ready]);
}
