// Who is here now: a number and a few initials, and behind them everybody by name.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { t } from '../../i18n';
import type { Present } from '../../live/presence-frames';
import { Avatar } from '../../parts/Avatar';
import { useDismiss } from '../../parts/dismiss';
import { useRoom } from './context';
import { useQuorum } from './quorum';

const SHOWN = 3;

export function Here() {
  const present = useRoom().present.value;
  const box = useRef<HTMLDetailsElement>(null);
  const close = useDismiss(box);
  const open = useSignal(false);
  if (!present) return <span class="here-place" aria-hidden="true" />;
  const { here, count } = present;
  if (count === null) return <span class="here-unknown">{t('here.unknown')}</span>;
  if (!here) return <span>{t('here.count', count)}</span>;
  return (
    <details
      class="menu here"
      ref={box}
      onKeyDown={(event) => event.key === 'Escape' && close(true)}
      onToggle={({ currentTarget }) => {
        open.value = currentTarget.open;
      }}
    >
      <summary>
        <span class="avatars" aria-hidden="true">
          {here.slice(0, SHOWN).map(({ id, name, status }) => (
            <Avatar key={id} name={name} status={status} />
          ))}
        </span>
        <span>{t('here.count', here.length)}</span>
        <span class="visually-hidden">{t('here.show')}</span>
      </summary>
      {open.value && <Everybody here={here} />}
    </details>
  );
}

function Everybody({ here }: { here: Present[] }) {
  return (
    <div class="menu-list here-list">
      <Quorum />
      <ul>
        {here.map(({ id, name, status }) => (
          <li key={id}>
            <Avatar name={name} status={status} />
            <span>{name}</span>
            {status === 'idle' && <small>{t('here.idle')}</small>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Whether those who are here are most of those who vote. */
export function Quorum() {
  const quorum = useQuorum();
  if (!quorum) return null;
  return (
    <p class={`quorum ${quorum.reached ? 'reached' : ''}`}>
      {t(quorum.reached ? 'here.quorum' : 'here.noQuorum', quorum.here, quorum.members)}
    </p>
  );
}
