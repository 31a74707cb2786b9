// Something is on its way. Shown only after a moment, so that quick answers do not flicker.
import { t } from '../i18n';

export function Loading({ label = t('loading') }: { label?: string }) {
  return (
    <div class="loading" role="status">
      <span class="loading-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span>{label}</span>
    </div>
  );
}
