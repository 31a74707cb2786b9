// The admin's table: where the event stands, who waits, what waits, and the settings.
import { t } from '../../i18n';
import { Notice } from '../../parts/Notice';
import { isAdmin } from '../../store/rights';
import { useEvent } from '../room/context';
import { Glance } from './Glance';
import { JoinQueue } from './JoinQueue';
import { ProposalQueue } from './ProposalQueue';
import { Settings } from './Settings';
import { WatchLink } from './WatchLink';

export function Manage() {
  const event = useEvent();
  if (!isAdmin(event)) return <Notice>{t('manage.adminsOnly')}</Notice>;
  return (
    <div class="stack">
      <Glance />
      <JoinQueue />
      <ProposalQueue />
      <WatchLink />
      <Settings key={event.id} />
      <p class="facts">
        <a href={`/events/${event.id}/audit`}>{t('audit.open')}</a>
        <a href={`/events/${event.id}/webhooks`}>{t('hook.open')}</a>
      </p>
    </div>
  );
}
