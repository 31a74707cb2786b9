// Where an event stands, by word, shape and colour: never by colour alone.
import type { EventStatus } from '../api/types';
import { t } from '../i18n';

export function StatusPill({ status }: { status: EventStatus }) {
  return (
    <span class={`pill status-${status}`}>
      <i aria-hidden="true" />
      {t(`status.${status}`)}
    </span>
  );
}
