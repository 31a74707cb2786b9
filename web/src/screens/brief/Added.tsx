// Blocks that were added here and are not in the brief yet, or could not be.
import { t } from '../../i18n';
import { problemWords } from '../../i18n/problem';
import { Notice } from '../../parts/Notice';
import { isOpen, waits } from '../../queue/intention';
import { dismiss, retry } from '../../queue/queue';
import type { Added as One } from '../../store/brief/brief';
import { Words } from './Body';
import { useBrief } from './context';

export function Added() {
  const shown = useBrief()
    .added()
    .filter((one) => waits(one) || !isOpen(one));
  return (
    <>
      {shown.map((one) => (
        <Waiting key={one.key} one={one} />
      ))}
    </>
  );
}

function Waiting({ one }: { one: One }) {
  const { kind, text } = one.body;
  const words = <Words kind={kind === 'image' ? 'text' : kind} text={text} />;
  if (isOpen(one))
    return (
      <Notice kind="warn" role="status" title={t('brief.adding')}>
        {words}
      </Notice>
    );
  const { code, detail } = one.problem ?? { code: '', detail: '' };
  return (
    <Notice kind="bad" title={`${t('brief.refused')} ${problemWords(code, detail)}`}>
      {words}
      <div class="actions">
        <button type="button" class="button small" onClick={() => void retry(one.key)}>
          {t('action.again')}
        </button>
        <button type="button" class="link-button danger" onClick={() => dismiss(one.key)}>
          {t('brief.discard')}
        </button>
      </div>
    </Notice>
  );
}
