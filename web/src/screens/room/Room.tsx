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
import { onAnswered } from '../../queue/queue';
import type { Params } from '../../router';
import { Room } from '../../store/room';
import { user } from '../../store/session';
import { Activity } from './Activity';
import { Announcer } from './Announcer';
import { RoomContext, useRoom } from './context';
import { Decide } from './Decide';
import { GateScreen } from './Gate';
import { Header } from './Header';
import { LateVotes } from './LateVotes';
import { RoomNav } from './RoomNav';
import { StartedOver } from './StartedOver';

const BallotView = lazy(() => import('./Ballot').then((m) => m.BallotView));
const ResultView = lazy(() => import('./Result').then((m) => m.ResultView));

const VIEWS: Record<string, ComponentType> = {
  decide: Decide,
  activity: Activity,
  ballot: BallotView,
  result: ResultView,
  people: lazy(() => import('../manage/People').then((m) => m.People)),
  manage: lazy(() => import('../manage/Manage').then((m) => m.Manage)),
  audit: lazy(() => import('../manage/Audit').then((m) => m.Audit)),
};

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
      {view !== 'activity' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <aside class="room-aside" tabIndex={0} aria-label={t('nav.activity')}>
          <Activity />
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
      else room.ballotCounted();
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
