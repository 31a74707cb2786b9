// The room: one live event, whichever part of it is on screen.
import type { ComponentType } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { VoteAnswer } from '../../api/answers';
import { t } from '../../i18n';
import type { LineState } from '../../live/line';
import { Loading } from '../../parts/Loading';
import { lazy } from '../../parts/lazy';
import { TopBar } from '../../parts/TopBar';
import { useTitle } from '../../parts/title';
import { isWide } from '../../parts/wide';
import { onAnswered } from '../../queue/queue';
import type { Params } from '../../router';
import { Room } from '../../store/room';
import { user } from '../../store/session';
import { Announcer } from './Announcer';
import { Beside } from './Beside';
import { RoomContext, useRoom } from './context';
import { Decide } from './Decide';
import { GateScreen } from './Gate';
import { Header } from './Header';
import { LateVotes } from './LateVotes';
import { RoomNav } from './RoomNav';
import { StartedOver } from './StartedOver';
import { usePresence } from './usePresence';

const BallotView = lazy(() => import('./Ballot').then((m) => m.BallotView));
const ResultView = lazy(() => import('./Result').then((m) => m.ResultView));

const VIEWS: Record<string, ComponentType> = {
  decide: Decide,
  talk: () => <Beside first="talk" />,
  activity: () => <Beside first="activity" />,
  ballot: BallotView,
  result: ResultView,
  brief: lazy(() => import('../brief/BriefScreen').then((m) => m.BriefScreen)),
  people: lazy(() => import('../manage/People').then((m) => m.People)),
  manage: lazy(() => import('../manage/Manage').then((m) => m.Manage)),
  audit: lazy(() => import('../manage/Audit').then((m) => m.Audit)),
  webhooks: lazy(() => import('../manage/Webhooks').then((m) => m.Webhooks)),
};

/** What stands beside the decision, and on a phone in its place. */
const BESIDE = new Set(['talk', 'activity']);

export function RoomScreen({ params }: { params: Params }) {
  const id = params.id ?? '';
  const room = useOpenRoom(id, user.value?.id);
  return (
    <RoomContext.Provider value={room}>
      <Inside view={params.view ?? 'decide'} />
    </RoomContext.Provider>
  );
}

function Inside({ view }: { view: string }) {
  const room = useRoom();
  useTitle(room.event.value?.subject);
  useFetchAhead();
  usePresence();
  if (room.gate.value) return <GateScreen room={room} gate={room.gate.value} />;
  if (!room.event.value) return <Coming line={room.line.value} />;
  const View = VIEWS[view] ?? Decide;
  return (
    <div class={`room view-${view}`}>
      <Header />
      <RoomNav view={view} />
      <main class="room-main" id="main" tabIndex={-1}>
        <div class="pinned">
          <StartedOver />
          <LateVotes />
        </div>
        <View />
      </main>
      {isWide.value && !BESIDE.has(view) && (
        <aside class="room-aside" aria-label={t('nav.beside')}>
          <Beside first="talk" />
        </aside>
      )}
      <Announcer />
    </div>
  );
}

function Coming({ line }: { line: LineState }) {
  const words = { waiting: t('loading.away'), offline: t('loading.offline') } as Record<string, string>;
  return (
    <>
      <TopBar />
      <main class="page narrow" id="main" tabIndex={-1}>
        <Loading label={words[line.kind] ?? t('loading')} />
      </main>
    </>
  );
}

const FETCH_AHEAD_MS = 3_000;

/** What a participant will open next is here before the line gets bad. */
function useFetchAhead(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      BallotView.preload();
      ResultView.preload();
    }, FETCH_AHEAD_MS);
    return () => clearTimeout(timer);
  }, []);
}

/** Another person signing in at this browser is another room. */
export function useOpenRoom(id: string, userId: string | undefined): Room {
  const room = useMemo(() => new Room(id), [id, userId]);
  useEffect(() => {
    void room.open();
    const nudge = () => document.visibilityState === 'visible' && room.nudge();
    const forget = onAnswered((intention, answer) => {
      if (intention.eventId !== id) return;
      if (intention.subject.startsWith('proposal:')) room.voteCounted(answer as VoteAnswer);
      else if (intention.subject.startsWith('ballot:')) room.ballotCounted();
    });
    addEventListener('online', nudge);
    document.addEventListener('visibilitychange', nudge);
    return () => {
      removeEventListener('online', nudge);
      document.removeEventListener('visibilitychange', nudge);
      forget();
      room.close();
    };
  }, [room, id]);
  return room;
}
