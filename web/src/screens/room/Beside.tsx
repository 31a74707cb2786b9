// Beside the decision: what people say, and what happened.
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { t } from '../../i18n';
import { Badge } from '../../parts/Badge';
import { lazy } from '../../parts/lazy';
import { unreadIn } from '../../store/ears';
import { Activity } from './Activity';
import { useEvent } from './context';

const RoomTalk = lazy(() => import('../talk/RoomTalk').then((m) => m.RoomTalk));

const TABS = ['talk', 'activity'] as const;
type Tab = (typeof TABS)[number];

export function Beside({ first }: { first: Tab }) {
  const shown = useSignal<Tab>(first);
  const id = useId();
  const move = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    shown.value = shown.value === 'talk' ? 'activity' : 'talk';
    document.getElementById(`${id}-${shown.value}`)?.focus();
  };
  return (
    <div class="beside">
      <div class="tabs" role="tablist" aria-label={t('nav.beside')} onKeyDown={move}>
        {TABS.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`${id}-${tab}`}
            aria-selected={shown.value === tab}
            aria-controls={`${id}-panel`}
            tabIndex={shown.value === tab ? 0 : -1}
            onClick={() => {
              shown.value = tab;
            }}
          >
            {t(`nav.${tab}`)}
            {tab === 'talk' && shown.value !== 'talk' && <Unread />}
          </button>
        ))}
      </div>
      <div
        class="beside-panel"
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${shown.value}`}
        tabIndex={shown.value === 'activity' ? 0 : undefined}
      >
        {shown.value === 'talk' ? <RoomTalk /> : <Activity />}
      </div>
    </div>
  );
}

function Unread() {
  return <Badge count={unreadIn(useEvent())} />;
}
