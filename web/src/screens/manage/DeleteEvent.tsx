// The end of an event and all that is in it: the owner's alone, and asked for by its name.
import { useSignal } from '@preact/signals';
import { events as api } from '../../api/endpoints';
import type { Event } from '../../api/types';
import { t } from '../../i18n';
import { Confirm, type Question } from '../../parts/Confirm';
import { go } from '../../router';

export function DeleteEvent({ event }: { event: Event }) {
  const question = useSignal<Question | null>(null);
  const ask = () => {
    question.value = {
      title: t('settings.deleteTitle'),
      consequence: t('settings.deleteWhat', event.counts.members),
      verb: t('settings.delete'),
      danger: true,
      typed: event.entrance_code,
      act: async () => {
        await api.remove(event.id);
        go('/');
      },
    };
  };
  return (
    <>
      <button type="button" class="link-button danger" onClick={ask}>
        {t('settings.delete')}
      </button>
      {question.value && (
        <Confirm
          question={question.value}
          onClose={() => {
            question.value = null;
          }}
        />
      )}
    </>
  );
}
