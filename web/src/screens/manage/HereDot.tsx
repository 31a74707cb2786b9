// Whether somebody is here now. Where that is not known, nothing is shown.
import { t } from '../../i18n';
import { useRoom } from '../room/context';

export function HereDot({ id }: { id: string }) {
  const status = useRoom().present.value?.here?.find((one) => one.id === id)?.status;
  if (!status) return <i class="here-dot" aria-hidden="true" />;
  const words = t(status === 'idle' ? 'here.idle' : 'here.here');
  return <i class={`here-dot is-${status}`} role="img" aria-label={words} title={words} />;
}
