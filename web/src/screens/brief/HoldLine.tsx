// How it stands with the block that one writes in: one's own, somebody else's, free, or nobody can tell.
import { t } from '../../i18n';
import { Failure } from '../../parts/Failure';
import { useSecond } from '../../parts/second';
import type { Writing } from '../../store/brief/writing';
import { isMe } from '../../store/rights';
import { useEvent } from '../room/context';
import { useBrief } from './context';

/** `quiet` where there is something else to choose first. */
export function HoldLine({ writing, quiet }: { writing: Writing; quiet: boolean }) {
  const hold = writing.hold.value;
  return (
    <div class={`brief-hold is-${hold}`}>
      <p role="status">
        <Words writing={writing} />
      </p>
      {(hold === 'free' || hold === 'lost') && !quiet && (
        <button type="button" class="button small" onClick={() => void writing.take()}>
          {t('brief.take')}
        </button>
      )}
      <Failure error={writing.error.value} />
    </div>
  );
}

function Words({ writing }: { writing: Writing }) {
  const { locks } = useBrief();
  const event = useEvent();
  const hold = writing.hold.value;
  const held = locks.held.value[writing.blockId];
  const broken = locks.broken.value;
  if (hold === 'theirs') return <Theirs name={held?.holder.name} until={held?.until ?? 0} />;
  if (hold === 'lost' && held && isMe(event, held.holder)) return <>{t('brief.writesYou')}</>;
  if (hold === 'lost' && broken?.block_id === writing.blockId && broken.broken_by)
    return <>{t('brief.hold.broken', broken.broken_by.name)}</>;
  return <>{t(`brief.hold.${hold}`)}</>;
}

function Theirs({ name, until }: { name: string | undefined; until: number }) {
  const now = useSecond();
  return <>{t('brief.hold.theirs', name ?? '…', Math.max(1, Math.ceil((until - now) / 1000)))}</>;
}
