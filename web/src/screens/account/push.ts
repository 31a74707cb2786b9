// This browser's subscription to what happens while Assent is closed.
import { auth } from '../../api/endpoints';
import { push as api } from '../../api/personal';

/** The session that this browser was subscribed in. The server forgets with the session, a browser does not. */
const SUBSCRIBED = 'assent:push';

/** Browsers are told by a service of their makers, which some lack and some networks keep out. */
export class NoPushService extends Error {}

export async function isSubscribed(): Promise<boolean> {
  const kept = localStorage.getItem(SUBSCRIBED);
  return kept !== null && (await subscription()) !== null && kept === (await session());
}

/** True where the person allowed it. Raises NoPushService. */
export async function subscribe(key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const worker = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: key };
  const made = await worker.pushManager.subscribe(wanted).catch(() => {
    throw new NoPushService();
  });
  await api.subscribe(made.toJSON());
  localStorage.setItem(SUBSCRIBED, (await session()) ?? '');
  return true;
}

export async function unsubscribe(): Promise<void> {
  const made = await subscription();
  if (made) {
    await api.unsubscribe(made.endpoint);
    await made.unsubscribe();
  }
  localStorage.removeItem(SUBSCRIBED);
}

const subscription = async () => {
  const worker = await navigator.serviceWorker?.getRegistration();
  return (await worker?.pushManager.getSubscription()) ?? null;
};

const session = async () => (await auth.sessions()).items.find(({ current }) => current)?.id;
