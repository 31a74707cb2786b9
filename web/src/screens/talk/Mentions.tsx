// Calling somebody: after an @ the names that fit, chosen by arrow keys, by Enter or by touch.
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useId } from 'preact/hooks';
import type { Person } from '../../api/types';
import { t } from '../../i18n';
import { Avatar } from '../../parts/Avatar';
import { callingAt, fitting } from '../../store/talk/text';
import { usePlace } from './context';

export interface Mentions {
  id: string;
  people: Person[];
  chosen: number;
  aria: Record<string, string | undefined>;
  follow(): void;
  close(): void;
  take(person: Person): void;
  /** True where the key was for the list of names. */
  key(event: KeyboardEvent): boolean;
}

export function useMentions(
  area: RefObject<HTMLTextAreaElement | null>,
  write: (text: string) => void,
): Mentions {
  const place = usePlace();
  const id = useId();
  const people = useSignal<Person[]>([]);
  const chosen = useSignal(0);
  const close = () => {
    if (people.peek().length > 0) people.value = [];
  };
  const calling = () => area.current && callingAt(area.current.value, area.current.selectionStart);
  const follow = () => {
    if (!calling()) return close();
    void place.people().then((all) => {
      const now = calling();
      people.value = now
        ? fitting(
            all.filter((one) => one.id !== place.talk.me.id),
            now.typed,
          )
        : [];
      chosen.value = 0;
    });
  };
  const take = (person: Person) => {
    const box = area.current;
    const now = calling();
    if (!box || !now) return;
    const called = `@${person.name} `;
    const rest = box.value.slice(now.at + 1 + now.typed.length);
    write(box.value.slice(0, now.at) + called + rest);
    box.value = box.value.slice(0, now.at) + called + rest;
    box.setSelectionRange(now.at + called.length, now.at + called.length);
    box.focus({ preventScroll: true });
    close();
  };
  const turn = (by: number) => {
    const count = people.value.length;
    chosen.value = (chosen.value + by + count) % count;
  };
  const choose = () => {
    const person = people.value[chosen.value];
    if (person) take(person);
  };
  const deeds: Record<string, () => void> = {
    ArrowDown: () => turn(1),
    ArrowUp: () => turn(-1),
    Enter: choose,
    Tab: choose,
    Escape: close,
  };
  const key = (event: KeyboardEvent): boolean => {
    const deed = deeds[event.key];
    if (!deed || people.value.length === 0 || event.isComposing) return false;
    event.preventDefault();
    deed();
    return true;
  };
  const open = people.value.length > 0;
  return {
    id,
    people: people.value,
    chosen: chosen.value,
    aria: open ? { 'aria-controls': id, 'aria-activedescendant': `${id}-${chosen.value}` } : {},
    follow,
    close,
    take,
    key,
  };
}

export function MentionList({ mentions }: { mentions: Mentions }) {
  if (mentions.people.length === 0) return null;
  return (
    <div class="mention-list" role="listbox" id={mentions.id} aria-label={t('talk.mention')}>
      {mentions.people.map((person, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text, which points here
        <div
          key={person.id}
          id={`${mentions.id}-${index}`}
          role="option"
          class="mention-option"
          aria-selected={index === mentions.chosen}
          onPointerDown={(event) => {
            event.preventDefault();
            mentions.take(person);
          }}
        >
          <Avatar name={person.name} />
          {person.name}
        </div>
      ))}
    </div>
  );
}
