// The rules of the event. What is locked says why.
import { useSignal } from '@preact/signals';
import { events as api } from '../../api/endpoints';
import type { Event } from '../../api/types';
import { t } from '../../i18n';
import { ContentLines } from '../../parts/ContentLines';
import { Area, Field, NumberField } from '../../parts/Field';
import { Form, type FormState, useForm } from '../../parts/form';
import { Notice } from '../../parts/Notice';
import { PolicyFields } from '../../parts/PolicyFields';
import { Switch } from '../../parts/Switch';
import { isOwner } from '../../store/rights';
import { useEvent, useRoom } from '../room/context';
import { DeleteEvent } from './DeleteEvent';
import { type Draft, differing, draftOf, patchOf } from './settings';

export function Settings() {
  const event = useEvent();
  const form = useSettings(event);
  const fixed = event.status !== 'NOT_STARTED';
  const over = event.status === 'FINISHED';
  return (
    <details class="fold card">
      <summary>{t('settings.title')}</summary>
      <Form
        class="fold-body"
        form={form}
        verb={!over && t('action.save')}
        said={form.done && t('settings.saved')}
      >
        {fixed && <Notice>{t(over ? 'settings.lockedAll' : 'settings.lockedContent')}</Notice>}
        <Area
          label={t('create.subject')}
          disabled={fixed}
          required
          maxLength={500}
          rows={2}
          {...form.field('subject')}
        />
        <Area
          label={t('create.description')}
          disabled={over}
          maxLength={2000}
          rows={2}
          {...form.field('description')}
        />
        {!fixed && <ContentLines values={form.values} set={form.set} mostOptions={20} />}
        <EntryFields form={form} event={event} over={over} />
        <PolicyFields
          policies={form.values.policies}
          onPolicies={(policies) => form.set({ policies })}
          disabled={over}
        />
      </Form>
      {isOwner(event) && <DeleteEvent event={event} />}
    </details>
  );
}

/** Begun from the event as it was: an update from elsewhere never touches a form that somebody is filling in. */
function useSettings(event: Event): FormState<Draft> {
  const room = useRoom();
  const began = useSignal(draftOf(event));
  const form = useForm(began.value, async (sent) => {
    const next = await api.change(event.id, patchOf(began.value, sent));
    room.adopt(next);
    began.value = draftOf(next);
    // What was typed while the answer was on its way stays.
    form.set({ ...began.value, ...differing(sent, form.values) });
  });
  return form;
}

function EntryFields({ form, event, over }: { form: FormState<Draft>; event: Event; over: boolean }) {
  const locked = event.policies.password_required;
  return (
    <>
      <NumberField
        label={t('create.capacity')}
        min={Math.max(1, event.counts.members)}
        disabled={over}
        hint={t('settings.capacityHint', event.counts.members)}
        {...form.field('capacity')}
      />
      <Field
        label={t('home.code')}
        disabled={over}
        minLength={6}
        maxLength={6}
        pattern="[A-Z0-9]{6}"
        autocomplete="off"
        hint={t('settings.codeHint')}
        {...form.field('entrance_code')}
        onValue={(code) => form.set({ entrance_code: code.toUpperCase() })}
      />
      <Field
        label={t('create.password')}
        disabled={over}
        autocomplete="off"
        maxLength={128}
        hint={t(locked ? 'settings.passwordSet' : 'create.passwordHint')}
        {...form.field('password')}
      />
      {locked && (
        <Switch
          label={t('settings.noPassword')}
          checked={form.values.noPassword}
          disabled={over}
          onChange={(noPassword) => form.set({ noPassword })}
        />
      )}
    </>
  );
}
