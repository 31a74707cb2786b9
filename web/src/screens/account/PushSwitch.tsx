// Being told on this device while Assent is closed: only where the server can, and only by the person's wish.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { push as api } from '../../api/personal';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Switch } from '../../parts/Switch';

export function PushSwitch() {
  const key = useSignal<string | null>(null);
  const on = useSignal(false);
  const change = useAction(async (wanted: boolean) => {
    on.value = wanted ? await subscribe(key.value ?? '') : !(await unsubscribe());
  });
  useEffect(() => {
    if (!('PushManager' in globalThis)) return;
    Promise.all([api.key(), present()]).then(
      ([answer, subscription]) => {
        key.value = answer.key;
        on.value = subscription !== null;
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
      <Failure error={change.error} />
    </section>
  );
}

const present = async () => {
  const worker = await navigator.serviceWorker?.getRegistration();
  return (await worker?.pushManager.getSubscription()) ?? null;
};

/** True where the person allowed it. */
async function subscribe(key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const worker = await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  await api.subscribe(subscription.toJSON());
  return true;
}

async function unsubscribe(): Promise<true> {
  const subscription = await present();
  if (subscription) {
    await api.unsubscribe(subscription.endpoint);
    await subscription.unsubscribe();
  }
  return true;
}
