// Who is writing. Its place is always there, so that nothing moves when somebody begins.
import { t } from '../../i18n';
import { list } from '../../i18n/format';
import { usePlace } from './context';

const NAMED = 2;

export function TypingLine() {
  const people = usePlace().talk.typists.people.value;
  const names = people.slice(0, NAMED).map(({ name }) => name);
  return (
    <p class="said-typing" aria-hidden={people.length === 0}>
      {people.length > NAMED
        ? t('talk.typingMany', people.length)
        : people.length > 0 && t('talk.typing', list(names))}
    </p>
  );
}
