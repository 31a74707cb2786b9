// A short list of texts that a person types: Enter adds the next line, an empty one is left out.
import { useRef } from 'preact/hooks';
import { t } from '../i18n';
import { Icon } from './Icon';

interface Props {
  label: string;
  one: string;
  add: string;
  hint?: string;
  values: string[];
  onValues(values: string[]): void;
  min: number;
  max: number;
  disabled?: boolean;
}

export function Lines({ label, one, add, hint, values, onValues, min, max, disabled }: Props) {
  const box = useRef<HTMLFieldSetElement>(null);
  const focusLast = () =>
    requestAnimationFrame(() =>
      Array.from(box.current?.querySelectorAll('textarea') ?? [])
        .at(-1)
        ?.focus(),
    );
  const append = () => {
    if (values.length >= max) return;
    onValues([...values, '']);
    focusLast();
  };
  const set = (index: number, value: string) =>
    onValues(values.map((old, at) => (at === index ? value : old)));
  return (
    <fieldset class="lines" ref={box} disabled={disabled}>
      <legend>{label}</legend>
      {hint && <p class="field-hint">{hint}</p>}
      {values.map((value, index) => (
        <div class="line-row" key={index}>
          <span class="line-number" aria-hidden="true">
            {index + 1}
          </span>
          <textarea
            rows={1}
            value={value}
            aria-label={`${one} ${index + 1}`}
            maxLength={2000}
            required={index < min}
            onInput={(event) => set(index, inOneLine(event.currentTarget.value))}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.isComposing) return;
              event.preventDefault();
              if (event.currentTarget.value.trim() && index === values.length - 1) append();
            }}
          />
          {values.length > min && (
            <button
              type="button"
              class="icon-button"
              aria-label={t('lines.remove', `${one} ${index + 1}`)}
              onClick={() => onValues(values.filter((_, at) => at !== index))}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
      ))}
      {values.length < max && (
        <button type="button" class="quiet-button" onClick={append}>
          <Icon name="plus" />
          {add}
        </button>
      )}
    </fieldset>
  );
}

/** What is pasted may have been broken into lines elsewhere. */
const inOneLine = (text: string) => text.replace(/\s*[\r\n]+\s*/g, ' ');
