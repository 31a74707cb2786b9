// Words whose block was removed while they were written.
import { t } from '../../i18n';
import { Notice } from '../../parts/Notice';
import { mayWrite } from '../../store/rights';
import { useEvent } from '../room/context';
import { useBrief } from './context';

export function Orphans() {
  const brief = useBrief();
  const may = mayWrite(useEvent());
  const lost = Object.entries(brief.drafts.all.value).filter(([id]) => !brief.blockOf(id));
  return (
    <>
      {lost.map(([id, { text }]) => (
        <Notice key={id} kind="warn" role="status" title={t('brief.gone')}>
          <p>{t('brief.goneWhat')}</p>
          <blockquote class="wording">{text}</blockquote>
          <div class="actions">
            {may && (
              <button
                type="button"
                class="button small"
                onClick={() => {
                  void brief.add({ kind: 'text', text: text.trim() });
                  brief.drafts.drop(id);
                }}
              >
                {t('brief.addAnew')}
              </button>
            )}
            <button type="button" class="link-button danger" onClick={() => brief.drafts.drop(id)}>
              {t('brief.discard')}
            </button>
          </div>
        </Notice>
      ))}
    </>
  );
}
