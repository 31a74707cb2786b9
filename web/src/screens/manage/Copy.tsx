// A text to hand around. Where the clipboard is closed to us, it is shown for copying by hand.
import { useSignal } from '@preact/signals';
import { t } from '../../i18n';
import { Icon, type IconName } from '../../parts/Icon';

interface Props {
  text: string;
  label: string;
  icon?: IconName;
}

export function Copy({ text, label, icon = 'file' }: Props) {
  const state = useSignal<'idle' | 'copied' | 'shown'>('idle');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      state.value = 'copied';
      setTimeout(() => {
        state.value = 'idle';
      }, 3_000);
    } catch {
      state.value = 'shown';
    }
  };
  if (state.value === 'shown')
    return (
      <input
        class="link-text"
        readonly
        value={text}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
      />
    );
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      <Icon name={state.value === 'copied' ? 'check' : icon} />
      <span aria-live="polite">{state.value === 'copied' ? t('manage.copied') : label}</span>
    </button>
  );
}

export const CopyLink = ({ path, label }: { path: string; label: string }) => (
  <Copy text={`${location.origin}${path}`} label={label} icon="link" />
);
