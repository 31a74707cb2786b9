// The parts of the room: under the thumb on phones, under the title on wide screens.
import type { Event } from '../../api/types';
import { t } from '../../i18n';
import { Badge } from '../../parts/Badge';
import { Icon, type IconName } from '../../parts/Icon';
import { isRefusedWriting } from '../../queue/intention';
import { intentions } from '../../queue/queue';
import { unreadIn } from '../../store/ears';
import { isPending } from '../../store/fold';
import { isAdmin } from '../../store/rights';
import { unvoted } from '../../store/voting';
import { useEvent } from './context';

interface Tab {
  view: string;
  icon: IconName;
  label: string;
  badge?: number;
  narrowOnly?: boolean;
}

/** Views that are reached from another one stand under its tab. */
const ABOVE: Record<string, string> = { audit: 'manage', webhooks: 'manage', activity: 'talk' };

export function RoomNav({ view }: { view: string }) {
  const event = useEvent();
  const current = ABOVE[view] ?? view;
  return (
    <nav class="room-nav" aria-label={t('nav.room')}>
      {tabs(event).map((tab) => (
        <a
          key={tab.view}
          class={tab.narrowOnly ? 'narrow-only' : ''}
          href={tab.view === 'decide' ? `/events/${event.id}` : `/events/${event.id}/${tab.view}`}
          aria-current={tab.view === current ? 'page' : undefined}
        >
          <Icon name={tab.icon} />
          <span>{tab.label}</span>
          <Badge count={tab.badge} />
        </a>
      ))}
    </nav>
  );
}

function tabs(event: Event): Tab[] {
  const finished = event.status === 'FINISHED';
  const all: (Tab | false)[] = [
    { view: 'decide', icon: 'room', label: t('nav.decide'), badge: unvoted(event).length },
    finished
      ? { view: 'result', icon: 'result', label: t('nav.result') }
      : { view: 'ballot', icon: 'ballot', label: t('nav.ballot') },
    { view: 'brief', icon: 'file', label: t('nav.brief'), badge: unwritten(event) },
    { view: 'talk', icon: 'talk', label: t('nav.talk'), badge: unreadIn(event), narrowOnly: true },
    { view: 'people', icon: 'people', label: t('nav.people') },
    isAdmin(event) && { view: 'manage', icon: 'flag', label: t('nav.manage'), badge: waiting(event) },
  ];
  return all.filter((tab) => tab !== false);
}

/** What was written here and not taken in. */
const unwritten = ({ id }: Event) =>
  intentions.value.filter((one) => one.eventId === id && isRefusedWriting(one)).length;

const waiting = (event: Event) =>
  event.status === 'FINISHED' ? 0 : event.counts.pending + event.proposals.filter(isPending).length;
