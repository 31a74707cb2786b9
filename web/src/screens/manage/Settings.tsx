// The rules of the event. What is locked says why.
import { useSignal } from '@preact/signals';
import { events as api } from '../../api/endpoints';
import { t } from '../../i18n';
import { fieldErrors } from '../../i18n/problem';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Area, Field } from '../../parts/Field';
import { Lines } from '../../parts/Lines';
import { Notice } from '../../parts/Notice';
import { PolicyFields } from '../../parts/PolicyFields';
import { Switch } from '../../parts/Switch';
import { isOwner } from '../../store/rights';
import { useEvent, useRoom } from '../room/context';
import { DeleteEvent } from './DeleteEvent';
import { differing, type Form, formOf, patchOf } from './settings';

export function Settings() {
  const room = useRoom();
  const event = useEvent();
  // Begun from the event as it was: an update from elsewhere never touches a form that somebody is filling in.
  const form = useSignal(formOf(event));
  const began = useSignal(formOf(event));
  const saved = useSignal(false);
  const set = (part: Partial<Form>) => {
    form.value = { ...form.value, ...part };
    saved.value = false;
  };
  const save = useAction(async () => {
    const sent = form.value;
    const next = await api.change(event.id, patchOf(began.value, sent));
    room.adopt(next);
    began.value = formOf(next);
    // What was typed while the answer was on its way stays.
    const since = differing(sent, form.value);
    form.value = { ...began.value, ...since };
    saved.value = Object.keys(since).length === 0;
  });
  const fixed = event.status !== 'NOT_STARTED';
  const over = event.status === 'FINISHED';
  const errors = fieldErrors(save.error);
  return (
    <details class="fold card">
      <summary>{t('settings.title')}</summary>
      <form
        class="form fold-body"
        onSubmit={(submit) => {
          submit.preventDefault();
          void save.run();
        }}
      >
        {(over || fixed) && <Notice>{t(over ? 'settings.lockedAll' : 'settings.lockedContent')}</Notice>}
        <Area
          label={t('create.subject')}
          value={form.value.subject}
          onValue={(subject) => set({ subject })}
          disabled={fixed}
          required
          maxLength={500}
          rows={2}
          error={errors.subject}
        />
        <Area
          label={t('create.description')}
          value={form.value.description}
          onValue={(description) => set({ description })}
          disabled={over}
          maxLength={2000}
          rows={2}
        />
        {!fixed && (
          <>
            <Lines
              label={t('section.options')}
              one={t('create.option')}
              add={t('create.addOption')}
              values={form.value.options}
              onValues={(options) => set({ options })}
              min={1}
              max={20}
            />
            <Lines
              label={t('section.criteria')}
              one={t('create.criterion')}
              add={t('create.addCriterion')}
              values={form.value.criteria}
              onValues={(criteria) => set({ criteria })}
              min={0}
              max={10}
            />
            <Lines
              label={t('section.assumptions')}
              one={t('create.assumption')}
              add={t('create.addAssumption')}
              values={form.value.assumptions}
              onValues={(assumptions) => set({ assumptions })}
              min={0}
              max={10}
            />
          </>
        )}
        <Field
          label={t('create.capacity')}
          type="number"
          min={Math.max(1, event.counts.members)}
          required
          disabled={over}
          value={form.value.capacity}
          onValue={(capacity) => set({ capacity })}
          hint={t('settings.capacityHint', event.counts.members)}
          error={errors.capacity}
        />
        <Field
          label={t('home.code')}
          value={form.value.entrance_code}
          onValue={(code) => set({ entrance_code: code.toUpperCase() })}
          disabled={over}
          minLength={6}
          maxLength={6}
          pattern="[A-Z0-9]{6}"
          autocomplete="off"
          hint={t('settings.codeHint')}
          error={errors.entrance_code}
        />
        <Field
          label={t('create.password')}
          value={form.value.password}
          onValue={(password) => set({ password })}
          disabled={over}
          autocomplete="off"
          maxLength={128}
          hint={t(event.policies.password_required ? 'settings.passwordSet' : 'create.passwordHint')}
          error={errors.password}
        />
        {event.policies.password_required && (
          <Switch
            label={t('settings.noPassword')}
            checked={form.value.noPassword}
            disabled={over}
            onChange={(noPassword) => set({ noPassword })}
          />
        )}
        <PolicyFields
          policies={form.value.policies}
          onPolicies={(policies) => set({ policies })}
          disabled={over}
        />
        <Failure error={save.error} />
        {!over && (
          <div class="actions">
            <button type="submit" class="button primary" disabled={save.busy}>
              {t('action.save')}
            </button>
            <span role="status">{saved.value && t('settings.saved')}</span>
          </div>
        )}
        {isOwner(event) && <DeleteEvent event={event} />}
      </form>
    </details>
  );
}
