// Where a webhook leads, and which changes it is told: for a new one, and for one there is.
import { webhooks as api, type ChangeType, type Webhook, type WebhookDraft } from '../../api/webhooks';
import { t } from '../../i18n';
import { Dialog } from '../../parts/Dialog';
import { Field } from '../../parts/Field';
import { Form, type FormState, useForm } from '../../parts/form';
import { useRoom } from '../room/context';
import { differing } from './settings';
import { TYPES } from './standing';

const LONGEST_URL = 2_000;

interface Props {
  /** Absent for a new one. */
  hook?: Webhook;
  onKeep(hook: Webhook): void;
  onClose(): void;
}

interface Draft {
  url: string;
  all: boolean;
  some: ChangeType[];
}

export function WebhookForm({ hook, onKeep, onClose }: Props) {
  const { id } = useRoom();
  const began = { url: hook?.url ?? '', all: !hook?.types, some: hook?.types ?? [] };
  const form = useForm<Draft>(began, async ({ url, all, some }) => {
    const draft: WebhookDraft = { url: url.trim(), types: all ? null : some };
    // An address that stays is not looked up again.
    onKeep(await (hook ? api.change(hook, differing<WebhookDraft>(hook, draft)) : api.add(id, draft)));
    onClose();
  });
  const { all, some } = form.values;
  return (
    <Dialog title={t(hook ? 'hook.change' : 'hook.add')} onClose={onClose}>
      <Form form={form} verb={t(hook ? 'action.save' : 'hook.addDo')} idle={!all && some.length === 0}>
        <Field
          label={t('hook.url')}
          type="url"
          required
          autofocus
          maxLength={LONGEST_URL}
          autocomplete="off"
          hint={t('hook.urlHint')}
          {...form.field('url')}
        />
        <TypeFields form={form} />
      </Form>
    </Dialog>
  );
}

function TypeFields({ form }: { form: FormState<Draft> }) {
  const { all, some } = form.values;
  const toggle = (type: ChangeType) =>
    form.set({ some: some.includes(type) ? some.filter((one) => one !== type) : [...some, type] });
  return (
    <fieldset class="choice-row">
      <legend>{t('hook.types')}</legend>
      {[true, false].map((every) => (
        <label key={String(every)}>
          <input
            type="radio"
            name="types"
            checked={all === every}
            onChange={() => form.set({ all: every })}
          />
          {t(every ? 'hook.all' : 'hook.some')}
        </label>
      ))}
      {!all && (
        <div class="webhook-types">
          {TYPES.map((type) => (
            <label key={type}>
              <input type="checkbox" checked={some.includes(type)} onChange={() => toggle(type)} />
              {t(`hook.type.${type}`)}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}
