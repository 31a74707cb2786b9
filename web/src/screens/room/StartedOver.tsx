// That everything was read anew, said until the person has seen it: what went on in between is not listed.
import { t } from '../../i18n';
import { Notice } from '../../parts/Notice';
import { useRoom } from './context';

/** The server's log is another one: what a person did last may not be in it. */
const SET_BACK = new Set(['unknown_epoch', 'ahead_of_log']);

export function StartedOver() {
  const { startedOver } = useRoom();
  const reason = startedOver.value;
  if (!reason) return null;
  return (
    <Notice kind="warn" role="status">
      <p>{t(SET_BACK.has(reason) ? 'fresh.setBack' : 'fresh.startedOver')}</p>
      <button
        type="button"
        class="button small"
        onClick={() => {
          startedOver.value = null;
        }}
      >
        {t('vote.understood')}
      </button>
    </Notice>
  );
}
