// The door for those who only watch: open or shut, and its address. Shutting it sends nobody away.
import { events as api } from '../../api/endpoints';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Switch } from '../../parts/Switch';
import { useEvent, useRoom } from '../room/context';
import { CopyLink } from './Copy';

export function WatchLink() {
  const room = useRoom();
  const event = useEvent();
  const open = event.policies.observers_allowed;
  const set = useAction(async (observers_allowed: boolean) => {
    room.adopt(await api.change(event.id, { policies: { observers_allowed } }));
  });
  return (
    <section class="card" aria-labelledby="watch">
      <h2 id="watch">{t('watch.heading')}</h2>
      <Switch
        label={t('watch.switch')}
        hint={t('watch.switchHint')}
        checked={open}
        disabled={set.busy || event.status === 'FINISHED'}
        onChange={(checked) => void set.run(checked)}
      />
      <Failure error={set.error} />
      {open && (
        <div class="actions">
          <CopyLink path={`/join/${event.entrance_code}?observe`} label={t('watch.copyLink')} />
          <p>{t('watch.count', event.counts.observers)}</p>
        </div>
      )}
    </section>
  );
}
