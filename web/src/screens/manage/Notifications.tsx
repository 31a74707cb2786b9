// How much of this event one wants to be told while away.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { NoticeLevel } from '../../api/me-types';
import { notifications as api } from '../../api/personal';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';

const LEVELS: NoticeLevel[] = ['all', 'decisions', 'none'];

export function Notifications({ eventId }: { eventId: string }) {
  const chosen = useSignal<NoticeLevel | null>(null);
  const choose = useAction(async (level: NoticeLevel) => {
    const before = chosen.value;
    chosen.value = level;
    try {
      await api.set(eventId, level);
    } catch (error) {
      chosen.value = before;
      throw error;
    }
  });
  useEffect(() => {
    api.of(eventId).then(
      ({ level }) => {
        chosen.value = level;
      },
      () => {},
    );
  }, [eventId]);
  if (!chosen.value) return null;
  return (
    <fieldset class="choice-row notify">
      <legend>{t('notify.title')}</legend>
      {LEVELS.map((level) => (
        <label key={level}>
          <input
            type="radio"
            name="notify"
            checked={chosen.value === level}
            onChange={() => void choose.run(level)}
          />
          {t(`notify.${level}`)}
        </label>
      ))}
      <p class="field-hint">{t('notify.hint')}</p>
      <Failure error={choose.error} />
    </fieldset>
  );
}
