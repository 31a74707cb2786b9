// Being told on this device while Assent is closed: only where the server can, and only by the person's wish.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { push as api } from '../../api/personal';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Notice } from '../../parts/Notice';
import { Switch } from '../../parts/Switch';
import { isSubscribed, NoPushService, subscribe, unsubscribe } from './push';

export function PushSwitch() {
  const key = useSignal<string | null>(null);
  const on = useSignal(false);
  const change = useAction(async (wanted: boolean) => {
    if (wanted) on.value = await subscribe(key.value ?? '');
    else {
      await unsubscribe();
      on.value = false;
    }
  });
  useEffect(() => {
    if (!('PushManager' in globalThis)) return;
    Promise.all([api.key(), isSubscribed()]).then(
      ([answer, subscribed]) => {
        key.value = answer.key;
        on.value = subscribed;
      },
      () => {},
    );
  }, []);
  if (!key.value) return null;
  return (
    <section class="card">
      <Switch
        label={t('push.switch')}
        hint={t(Notification.permission === 'denied' ? 'push.denied' : 'push.hint')}
        checked={on.value}
        disabled={change.busy || Notification.permission === 'denied'}
        onChange={(wanted) => void change.run(wanted)}
      />
      {change.error instanceof NoPushService ? (
        <Notice kind="bad">{t('push.noService')}</Notice>
      ) : (
        <Failure error={change.error} />
      )}
    </section>
  );
}
