// What was said, oldest above, with the days between and a mark where the new begins.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { locale, t } from '../../i18n';
import { dayName } from '../../i18n/format';
import { Failure } from '../../parts/Failure';
import { Icon } from '../../parts/Icon';
import { Loading } from '../../parts/Loading';
import { lastSeq } from '../../store/talk/log';
import { type Row, rowsOf } from '../../store/talk/rows';
import { usePlace } from './context';
import { MessageRow } from './MessageRow';
import { OutgoingRow } from './OutgoingRow';
import { ReceiptLine } from './ReceiptLine';
import { useScroll } from './scroll';
import { TypingLine } from './TypingLine';

export function MessageList() {
  const { talk } = usePlace();
  const log = talk.log.value;
  const out = talk.out.value;
  const failed = useSignal<unknown>(null);
  const older = useOlder(failed);
  const scroll = useScroll([log, out, talk.newAfter.value, locale.value].map(identity).join(), {
    start: () => scroll.list.current?.querySelector('.said-new') ?? null,
    older,
    seen: () => talk.seen(),
  });
  useAway();
  if (!talk.loaded.value)
    return (
      <div class="said-frame">
        {talk.error.value ? <Failure error={talk.error.value} /> : <Loading />}
        <Waiting />
      </div>
    );
  return (
    <div class="said-frame">
      <section
        class="said-list"
        ref={scroll.list}
        onScroll={scroll.onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t('talk.messages')}
      >
        <Failure error={failed.value} />
        {log.more && <Loading label={t('comments.older')} />}
        {log.messages.length === 0 && out.length === 0 && <p class="empty">{t('talk.none')}</p>}
        <ol>
          {rowsOf(log.messages, talk.newAfter.value, talk.me.id).map((row) => (
            <OneRow key={row.key} row={row} />
          ))}
          {out.map((one) => (
            <OutgoingRow key={one.id} message={one} />
          ))}
        </ol>
        <ReceiptLine />
        <TypingLine />
      </section>
      {!scroll.atEnd && <JumpDown onJump={scroll.toEnd} />}
    </div>
  );
}

/** What somebody says before they see what was said, on a line that breaks just then. */
function Waiting() {
  const { talk } = usePlace();
  const out = talk.out.value;
  if (out.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="said-list" tabIndex={0} aria-label={t('talk.messages')}>
      <ol>
        {out.map((one) => (
          <OutgoingRow key={one.id} message={one} />
        ))}
      </ol>
    </section>
  );
}

function OneRow({ row }: { row: Row }) {
  if (row.kind === 'day') return <li class="said-day">{dayName(row.day)}</li>;
  if (row.kind === 'new') return <li class="said-new">{t('talk.new')}</li>;
  return <MessageRow message={row.message} goesOn={row.goesOn} />;
}

function JumpDown({ onJump }: { onJump(): void }) {
  const { talk } = usePlace();
  const from = useSignal(lastSeq(talk.log.value));
  const fresh = lastSeq(talk.log.value) - from.value;
  return (
    <button type="button" class="button small said-jump" onClick={onJump}>
      <Icon name="down" />
      {fresh > 0 ? t('talk.jumpNew', fresh) : t('talk.jump')}
    </button>
  );
}

/** One page at a time, and none again at once after a failure. */
function useOlder(failed: { value: unknown }): () => void {
  const { talk } = usePlace();
  const busy = useSignal(false);
  return () => {
    if (busy.peek() || !talk.loaded.peek() || !talk.log.peek().more) return;
    busy.value = true;
    talk
      .older()
      .then(
        () => {
          failed.value = null;
        },
        (error: unknown) => {
          failed.value = error;
        },
      )
      .finally(() => {
        busy.value = false;
      });
  };
}

function useAway(): void {
  const { talk } = usePlace();
  useEffect(() => {
    const turn = () => (document.visibilityState === 'visible' ? talk.look() : talk.away());
    document.addEventListener('visibilitychange', turn);
    return () => document.removeEventListener('visibilitychange', turn);
  }, [talk]);
}

/** A number for each state of things, so that drawing follows what changed. */
const numbers = new WeakMap<object, number>();
let next = 0;

function identity(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!numbers.has(value)) numbers.set(value, next++);
  return numbers.get(value);
}
