// A block that was just removed can be brought back: its words, its place and its history.
import { useEffect } from 'preact/hooks';
import { briefs as api } from '../../api/brief';
import type { Block } from '../../api/types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { useBrief } from './context';

const SHOWN_MS = 12_000;

export function Removed({ gone, onDone }: { gone: Block | null; onDone(): void }) {
  const brief = useBrief();
  const back = useAction(async ({ id, version }: Block) => {
    brief.heard(await api.bringBack(brief.id, id, version));
    onDone();
  });
  useEffect(() => {
    const timer = gone && !back.busy ? setTimeout(onDone, SHOWN_MS) : undefined;
    return () => clearTimeout(timer);
  }, [gone, back.busy]);
  // Somebody else may have brought it back meanwhile.
  const away = gone && !brief.blockOf(gone.id) ? gone : null;
  return (
    <div class="brief-removed" role="status">
      {away && (
        <>
          {t('brief.removed')}
          <button type="button" class="button small" disabled={back.busy} onClick={() => void back.run(away)}>
            {t('brief.undo')}
          </button>
          <Failure error={back.error} />
        </>
      )}
    </div>
  );
}
