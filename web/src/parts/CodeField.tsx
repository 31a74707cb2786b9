// Six characters, as large as they are on the screen in the hall. Takes a paste of a whole link too.
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';

interface Props {
  value: string;
  onValue(value: string): void;
  onComplete(value: string): void;
}

export function CodeField({ value, onValue, onComplete }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (matchMedia('(hover: hover)').matches) input.current?.focus();
  }, []);
  const take = (raw: string) => {
    const code = cleanCode(raw);
    onValue(code);
    if (input.current) input.current.value = code;
    if (code.length === 6 && code !== value) onComplete(code);
  };
  return (
    <div class="code-field">
      <label for={id}>{t('home.code')}</label>
      <div class="code-cells">
        <input
          ref={input}
          id={id}
          value={value}
          onInput={(event) => take(event.currentTarget.value)}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          enterkeyhint="go"
          aria-describedby={`${id}-hint`}
        />
        <span class="code-marks" aria-hidden="true">
          {Array.from({ length: 6 }, (_, index) => (
            <i key={index} class={index < value.length ? 'filled' : ''} />
          ))}
        </span>
      </div>
      <p id={`${id}-hint`} class="field-hint">
        {t('home.codeHint')}
      </p>
    </div>
  );
}

export function cleanCode(raw: string): string {
  const link = raw.match(/\/join\/([A-Za-z0-9]{6})/);
  return (link?.[1] ?? raw)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 6);
}
