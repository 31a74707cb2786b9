// An address to hand around. Where the clipboard is closed to us, it is shown for copying by hand.
import { useSignal } from '@preact/signals';
import { t } from '../../i18n';
import { Icon } from '../../parts/Icon';

export function CopyLink({ path, label }: { path: string; label: string }) {
  const state = useSignal<'idle' | 'copied' | 'shown'>('idle');
  const link = `${location.origin}${path}`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
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
        value={link}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
      />
    );
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      <Icon name={state.value === 'copied' ? 'check' : 'link'} />
      <span aria-live="polite">{state.value === 'copied' ? t('manage.copied') : label}</span>
    </button>
  );
}
