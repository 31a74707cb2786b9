// Which address shows which screen.
import type { ComponentType } from 'preact';
import { t } from './i18n';
import { lazy } from './parts/lazy';
import { useFocusOnMove } from './parts/title';
import { match, type Params, path } from './router';
import { Home } from './screens/Home';
import { NotFound } from './screens/NotFound';
import { announced } from './store/me';

type Screen = ComponentType<{ params: Params }>;

const Room = lazy(() => import('./screens/room/Room').then((m) => m.RoomScreen), { first: true });

const Messages = lazy(() => import('./screens/messages/Messages').then((m) => m.Messages));
const Toasts = lazy(() => import('./screens/news/Toasts').then((m) => m.Toasts));

const ROUTES: [string, Screen][] = [
  ['/', Home],
  ['/join/:code', lazy(() => import('./screens/join/Join').then((m) => m.Join))],
  ['/sign-in', lazy(() => import('./screens/SignIn').then((m) => m.SignIn))],
  ['/reset', lazy(() => import('./screens/Reset').then((m) => m.Reset))],
  ['/new', lazy(() => import('./screens/Create').then((m) => m.Create))],
  ['/account', lazy(() => import('./screens/account/Account').then((m) => m.Account))],
  ['/messages', Messages],
  ['/messages/:id', Messages],
  ['/news', lazy(() => import('./screens/news/News').then((m) => m.News))],
  ['/events/:id/stage', lazy(() => import('./screens/Stage').then((m) => m.Stage))],
  ['/events/:id', Room],
  ['/events/:id/:view', Room],
];

export function App() {
  useFocusOnMove();
  return (
    <>
      <a class="skip" href="#main">
        {t('nav.skip')}
      </a>
      <Current />
      {announced.value && !path.value.endsWith('/stage') && <Toasts />}
    </>
  );
}

function Current() {
  for (const [pattern, Screen] of ROUTES) {
    const params = match(pattern, path.value);
    if (params) return <Screen key={keyOf(pattern, params)} params={params} />;
  }
  return <NotFound />;
}

/** Another event is another screen; within the same part of the house the screen stays. */
const keyOf = (pattern: string, { id }: Params) =>
  pattern.startsWith('/events') && id ? id : pattern.split('/')[1] || '/';
