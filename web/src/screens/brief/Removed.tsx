// A block that was just removed can be brought back with its words and its place.
import { useEffect } from 'preact/hooks';
import type { Block } from '../../api/types';
import { t } from '../../i18n';
import { useBrief } from './context';

const SHOWN_MS = 12_000;

interface Props {
  gone: { block: Block; after: string | null } | null;
  onDone(): void;
}

export function Removed({ gone, onDone }: Props) {
  const brief = useBrief();
  useEffect(() => {
    const timer = gone ? setTimeout(onDone, SHOWN_MS) : undefined;
    return () => clearTimeout(timer);
  }, [gone]);
  const back = ({ block, after }: NonNullable<Props['gone']>) => {
    const { kind, text, attachment_id } = block;
    void brief.add({ kind, text, after, ...(attachment_id ? { attachment_id } : {}) });
    onDone();
  };
  return (
    <div class="brief-removed" role="status">
      {gone && (
        <>
          {t('brief.removed')}
          <button type="button" class="button small" onClick={() => back(gone)}>
            {t('brief.undo')}
          </button>
        </>
      )}
    </div>
  );
}
