// The state of the room in one look, and the buttons that move it.
import { t } from '../../i18n';
import { number } from '../../i18n/format';
import { Icon } from '../../parts/Icon';
import { isPending } from '../../store/fold';
import { useEvent } from '../room/context';
import { CopyLink } from './Copy';
import { StatusButtons } from './StatusButtons';

export function Glance() {
  const event = useEvent();
  const { counts } = event;
  const figures: [string, string][] = [
    [number(counts.members), t('glance.members', number(event.capacity))],
    [number(counts.pending), t('glance.waiting')],
    [number(event.proposals.filter(isPending).length), t('glance.proposals')],
    [number(counts.voters), t('glance.ballots')],
  ];
  return (
    <section class="card glance" aria-labelledby="glance">
      <h2 id="glance">{t(`glance.${event.status}`)}</h2>
      <dl class="figures">
        {figures.map(([value, label]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="glance-do">
        <StatusButtons />
        <div class="actions">
          <a class="button" href={`/events/${event.id}/stage`}>
            <Icon name="screen" />
            {t('manage.stage')}
          </a>
          <CopyLink path={`/join/${event.entrance_code}`} label={t('manage.copyLink')} />
        </div>
      </div>
    </section>
  );
}
