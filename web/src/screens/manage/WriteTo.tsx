// Begins a conversation between two.
import type { Person } from '../../api/types';
import { t } from '../../i18n';
import { inWords } from '../../i18n/problem';
import { useAction } from '../../parts/action';
import { Icon } from '../../parts/Icon';
import { go } from '../../router';
import { talkTo } from '../../store/me';

export function WriteTo({ person }: { person: Person }) {
  const begin = useAction(async () => go(`/messages/${await talkTo(person.id)}`));
  return (
    <>
      {Boolean(begin.error) && <span class="field-error">{inWords(begin.error)}</span>}
      <button
        type="button"
        class="icon-button"
        aria-label={t('talk.with', person.name)}
        disabled={begin.busy}
        onClick={() => void begin.run()}
      >
        <Icon name="talk" />
      </button>
    </>
  );
}
