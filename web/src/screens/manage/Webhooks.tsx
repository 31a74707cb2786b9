// Servers outside that are told what happens here: who they are, how far they have been told, and how they check it.
import { useSignal } from '@preact/signals';
import { MOST_WEBHOOKS, type Webhook } from '../../api/webhooks';
import { t } from '../../i18n';
import { Failure } from '../../parts/Failure';
import { Icon } from '../../parts/Icon';
import { Loading } from '../../parts/Loading';
import { Notice } from '../../parts/Notice';
import { isAdmin } from '../../store/rights';
import { useEvent } from '../room/context';
import { Copy } from './Copy';
import { useWebhooks } from './useWebhooks';
import { WebhookForm } from './WebhookForm';
import { WebhookRow } from './WebhookRow';

export function Webhooks() {
  return isAdmin(useEvent()) ? <Listing /> : <Notice>{t('manage.adminsOnly')}</Notice>;
}

function Listing() {
  const event = useEvent();
  const { hooks, error, keep, drop } = useWebhooks();
  const secrets = useSignal<Webhook[]>([]);
  const add = (hook: Webhook) => {
    keep(hook);
    secrets.value = [...secrets.value, hook];
  };
  const putAway = (hook: Webhook) => {
    secrets.value = secrets.value.filter(({ id }) => id !== hook.id);
  };
  return (
    <section class="block" aria-labelledby="webhooks">
      <header class="block-head">
        <a href={`/events/${event.id}/manage`}>{t('audit.back')}</a>
        <h2 id="webhooks">{t('hook.title')}</h2>
        <p>{t('hook.lead')}</p>
      </header>
      {secrets.value.map((hook) => (
        <Secret key={hook.id} hook={hook} onDone={() => putAway(hook)} />
      ))}
      {!hooks && !error && <Loading />}
      <Failure error={error} />
      {hooks && <List hooks={hooks} onKeep={keep} onDrop={drop} />}
      {hooks && <Adding full={hooks.length >= MOST_WEBHOOKS} onKeep={add} />}
      {(hooks || error) && <HowToCheck />}
    </section>
  );
}

function Adding({ full, onKeep }: { full: boolean; onKeep(hook: Webhook): void }) {
  const open = useSignal(false);
  const turn = (wanted: boolean) => () => {
    open.value = wanted;
  };
  return (
    <>
      {full && <p class="field-hint">{t('hook.full', MOST_WEBHOOKS)}</p>}
      <button type="button" class="button add" disabled={full} onClick={turn(true)}>
        <Icon name="plus" />
        {t('hook.add')}
      </button>
      {open.value && <WebhookForm onKeep={onKeep} onClose={turn(false)} />}
    </>
  );
}

interface ListProps {
  hooks: Webhook[];
  onKeep(hook: Webhook): void;
  onDrop(hook: Webhook): void;
}

function List({ hooks, onKeep, onDrop }: ListProps) {
  if (hooks.length === 0) return <p class="empty">{t('hook.none')}</p>;
  return (
    <ul class="webhooks">
      {hooks.map((hook) => (
        <WebhookRow key={hook.id} hook={hook} onKeep={onKeep} onDrop={onDrop} />
      ))}
    </ul>
  );
}

/** Stays until it is put away by hand: nobody can ask for it again. */
function Secret({ hook, onDone }: { hook: Webhook; onDone(): void }) {
  const secret = hook.secret ?? '';
  return (
    <Notice kind="warn" title={t('hook.secret')} role="status">
      <p class="webhook-url">{hook.url}</p>
      <p>{t('hook.secretOnce')}</p>
      <code class="secret">{secret}</code>
      <div class="actions">
        <Copy text={secret} label={t('hook.copySecret')} />
        <button type="button" class="button" onClick={onDone}>
          {t('hook.secretKept')}
        </button>
      </div>
    </Notice>
  );
}

const STEPS = ['headers', 'text', 'key', 'compare', 'fresh', 'answer'] as const;

function HowToCheck() {
  return (
    <details class="fold card">
      <summary>{t('hook.check')}</summary>
      <div class="fold-body stack">
        <p>{t('hook.check.lead')}</p>
        <ol class="points numbered">
          {STEPS.map((step) => (
            <li key={step}>{t(`hook.check.${step}`)}</li>
          ))}
        </ol>
        <p>{t('hook.check.library')}</p>
      </div>
    </details>
  );
}
