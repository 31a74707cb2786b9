// The words of a block, plain, with a look at what they become where that is not the same.
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { BlockKind } from '../../api/types';
import { t } from '../../i18n';
import { Words } from './Body';

const LONGEST = 5_000;
const LONGEST_HEADING = 200;
const HINT = { list: 'brief.listHint', heading: 'brief.headingHint' } as const;

interface Props {
  kind: BlockKind;
  label: string;
  value: string;
  onValue(value: string): void;
}

export function TextField({ kind, label, value, onValue }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const hint = kind === 'list' || kind === 'heading' ? t(HINT[kind]) : null;
  useLayoutEffect(() => {
    const { length } = area.current?.value ?? '';
    area.current?.focus();
    area.current?.setSelectionRange(length, length);
  }, []);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        ref={area}
        rows={kind === 'heading' ? 1 : Math.min(14, Math.max(2, value.split('\n').length + 1))}
        maxLength={kind === 'heading' ? LONGEST_HEADING : LONGEST}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={({ currentTarget }) =>
          onValue(kind === 'heading' ? oneLine(currentTarget.value) : currentTarget.value)
        }
      />
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {(kind === 'list' || kind === 'quote') && value.trim() && (
        <div class={`brief-preview kind-${kind}`}>
          <p class="field-hint">{t('brief.preview')}</p>
          <Words kind={kind} text={value} />
        </div>
      )}
    </div>
  );
}

const oneLine = (text: string) => text.replace(/\s*[\r\n]+\s*/g, ' ');
