// One webhook: where it leads, how it stands, and what can be done about it.
import { type Signal, useSignal } from '@preact/signals';
import { webhooks as api, type Webhook } from '../../api/webhooks';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Confirm, type Question } from '../../parts/Confirm';
import { Failure } from '../../parts/Failure';
import { Menu } from '../../parts/Menu';
import { useEvent } from '../room/context';
import { Replay } from './Replay';
import { sentences, standingOf, typesInWords } from './standing';
import { WebhookForm } from './WebhookForm';

interface Props {
  hook: Webhook;
  onKeep(hook: Webhook): void;
  onDrop(hook: Webhook): void;
}

type Open = 'change' | 'replay' | 'remove' | null;

export function WebhookRow({ hook, onKeep, onDrop }: Props) {
  const head = useEvent().seq;
  const open = useSignal<Open>(null);
  const standing = standingOf(hook, head);
  const rests = hook.status !== 'ACTIVE';
  const turn = useAction(async () => onKeep(await api.change(hook, { status: rests ? 'ACTIVE' : 'PAUSED' })));
  return (
    <li class="card webhook">
      <div class="webhook-head">
        <p class="webhook-url">{hook.url}</p>
        <Deeds hook={hook} open={open} />
      </div>
      <div class="webhook-state">
        <span class={`pill standing-${standing}`} role="status">
          <i />
          {t(`hook.${standing}`)}
        </span>
        {sentences(hook, head).map((words) => (
          <p key={words}>{words}</p>
        ))}
      </div>
      <p class="field-hint">{typesInWords(hook.types)}</p>
      <Failure error={turn.error} />
      <button type="button" class="button" disabled={turn.busy} onClick={() => void turn.run()}>
        {t(hook.status === 'DEAD' ? 'hook.revive' : rests ? 'hook.goOn' : 'hook.stop')}
      </button>
      <Opened hook={hook} open={open} onKeep={onKeep} onDrop={onDrop} />
    </li>
  );
}

function Deeds({ hook, open }: { hook: Webhook; open: Signal<Open> }) {
  const item = (what: Open & string, look = '') => (
    <button
      type="button"
      class={`menu-item ${look}`}
      onClick={() => {
        open.value = what;
      }}
    >
      {t(`hook.${what}` as 'hook.change' | 'hook.replay' | 'hook.remove')}
    </button>
  );
  return (
    <Menu label={t('hook.menu', hook.url)}>
      {item('change')}
      {item('replay')}
      {item('remove', 'danger')}
    </Menu>
  );
}

function Opened({ hook, open, onKeep, onDrop }: Props & { open: Signal<Open> }) {
  const close = () => {
    open.value = null;
  };
  if (open.value === 'change') return <WebhookForm hook={hook} onKeep={onKeep} onClose={close} />;
  if (open.value === 'replay') return <Replay hook={hook} onKeep={onKeep} onClose={close} />;
  if (open.value === 'remove') return <Confirm question={removal(hook, onDrop)} onClose={close} />;
  return null;
}

const removal = (hook: Webhook, onDrop: (hook: Webhook) => void): Question => ({
  title: t('hook.removeTitle'),
  consequence: t('hook.removeWhat', hook.url),
  verb: t('hook.remove'),
  danger: true,
  act: async () => {
    await api.remove(hook);
    onDrop(hook);
  },
});
