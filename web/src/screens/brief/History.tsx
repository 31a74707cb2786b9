// What a block was: every version with what it changed, word by word.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { briefs as api } from '../../api/brief';
import type { Block, BlockVersion } from '../../api/types';
import { t } from '../../i18n';
import { dateTime } from '../../i18n/format';
import { useAction } from '../../parts/action';
import { Dialog } from '../../parts/Dialog';
import { Failure } from '../../parts/Failure';
import { Loading } from '../../parts/Loading';
import { useBrief } from './context';

export function History({ block, onClose }: { block: Block; onClose(): void }) {
  const brief = useBrief();
  const versions = useSignal<BlockVersion[]>([]);
  /** Undefined before the first page, null after the last. */
  const before = useSignal<number | null | undefined>(undefined);
  const more = useAction(async () => {
    const page = await api.versions(brief.id, block.id, before.value ?? undefined);
    versions.value = [...versions.value, ...page.items];
    before.value = page.next_before;
  });
  useEffect(() => void more.run(), []);
  return (
    <Dialog title={t('history.title')} onClose={onClose}>
      {before.value === undefined && !more.error && <Loading />}
      <ol class="history">
        {versions.value.map((version) => (
          <Version key={version.version} version={version} />
        ))}
      </ol>
      <Failure error={more.error} />
      {before.value && (
        <button type="button" class="button" disabled={more.busy} onClick={() => void more.run()}>
          {t('history.older')}
        </button>
      )}
    </Dialog>
  );
}

const MARK = { '=': 'span', '-': 'del', '+': 'ins' } as const;

function Version({
  version: { version, author, created_at, removed, difference },
}: {
  version: BlockVersion;
}) {
  return (
    <li>
      <p class="by">
        <strong>{t('history.version', version)}</strong> {author.name} ·{' '}
        <time dateTime={created_at}>{dateTime(created_at)}</time>
        {removed && ` · ${t('history.removed')}`}
      </p>
      <p class="diff">
        {difference.map(([kind, text], at) => {
          const Mark = MARK[kind];
          return <Mark key={at}>{text}</Mark>;
        })}
      </p>
    </li>
  );
}
