// A new event: one question and its options are enough; the rest has good defaults and folds away.
import { useEffect } from 'preact/hooks';
import type { EventDraft } from '../api/answers';
import { events } from '../api/endpoints';
import { t } from '../i18n';
import { ContentLines, filled } from '../parts/ContentLines';
import { Area, Field, NumberField } from '../parts/Field';
import { Form, type FormState, useForm } from '../parts/form';
import { DEFAULT_POLICIES, PolicyFields } from '../parts/PolicyFields';
import { TopBar } from '../parts/TopBar';
import { useTitle } from '../parts/title';
import { go } from '../router';
import { user } from '../store/session';

const EMPTY = {
  subject: '',
  description: '',
  capacity: '50',
  password: '',
  options: ['', ''],
  assumptions: [] as string[],
  criteria: [] as string[],
  policies: DEFAULT_POLICIES,
};

type Draft = typeof EMPTY;

const MOST_PLACES = 100_000;

export function Create() {
  useTitle(t('create.title'));
  useOwnAccount();
  const form = useForm(EMPTY, async (draft) => {
    const event = await events.create(asked(draft));
    go(`/events/${event.id}`, { replace: true });
  });
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page medium">
        <h1>{t('create.title')}</h1>
        <Form form={form} verb={t('create.do')} look="primary big">
          <Area
            label={t('create.subject')}
            required
            maxLength={500}
            rows={2}
            class="big-input"
            hint={t('create.subjectHint')}
            {...form.field('subject')}
          />
          <ContentLines values={form.values} set={form.set} mostOptions={5} />
          <More form={form} />
        </Form>
      </main>
    </>
  );
}

function More({ form }: { form: FormState<Draft> }) {
  return (
    <details class="fold">
      <summary>{t('create.more')}</summary>
      <div class="fold-body stack">
        <Area label={t('create.description')} maxLength={2000} rows={3} {...form.field('description')} />
        <NumberField
          label={t('create.capacity')}
          min={1}
          max={MOST_PLACES}
          hint={t('create.capacityHint')}
          {...form.field('capacity')}
        />
        <Field
          label={t('create.password')}
          autocomplete="off"
          maxLength={128}
          hint={t('create.passwordHint')}
          {...form.field('password')}
        />
        <PolicyFields policies={form.values.policies} onPolicies={(policies) => form.set({ policies })} />
      </div>
    </details>
  );
}

function asked({ subject, description, password, capacity, policies, ...lists }: Draft): EventDraft {
  return {
    subject: subject.trim(),
    ...(description.trim() ? { description: description.trim() } : {}),
    ...(password ? { password } : {}),
    options: filled(lists.options),
    assumptions: filled(lists.assumptions),
    criteria: filled(lists.criteria),
    capacity: Number(capacity),
    policies,
  };
}

function useOwnAccount(): void {
  const who = user.value;
  useEffect(() => {
    if (who === null) go('/sign-in?next=/new&new=1', { replace: true });
  }, [who]);
}
