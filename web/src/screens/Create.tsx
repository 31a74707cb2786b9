// A new event: one question and its options are enough; the rest has good defaults and folds away.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EventDraft } from '../api/answers';
import { events } from '../api/endpoints';
import { t } from '../i18n';
import { fieldErrors } from '../i18n/problem';
import { useAction } from '../parts/action';
import { Failure } from '../parts/Failure';
import { Area, Field } from '../parts/Field';
import { Lines } from '../parts/Lines';
import { DEFAULT_POLICIES, PolicyFields } from '../parts/PolicyFields';
import { TopBar } from '../parts/TopBar';
import { useTitle } from '../parts/title';
import { go } from '../router';
import { user } from '../store/session';

const EMPTY = { subject: '', description: '', capacity: '50', password: '' };

export function Create() {
  useTitle(t('create.title'));
  const text = useSignal(EMPTY);
  const options = useSignal(['', '']);
  const assumptions = useSignal<string[]>([]);
  const criteria = useSignal<string[]>([]);
  const policies = useSignal(DEFAULT_POLICIES);
  const set = (part: Partial<typeof EMPTY>) => {
    text.value = { ...text.value, ...part };
  };
  const action = useAction(async () => {
    const event = await events.create(draft());
    go(`/events/${event.id}`, { replace: true });
  });
  const draft = (): EventDraft => ({
    subject: text.value.subject.trim(),
    ...(text.value.description.trim() ? { description: text.value.description.trim() } : {}),
    ...(text.value.password ? { password: text.value.password } : {}),
    options: filled(options.value),
    assumptions: filled(assumptions.value),
    criteria: filled(criteria.value),
    capacity: Number(text.value.capacity),
    policies: policies.value,
  });
  const errors = fieldErrors(action.error);
  useOwnAccount();
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page medium">
        <h1>{t('create.title')}</h1>
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void action.run();
          }}
        >
          <Area
            label={t('create.subject')}
            value={text.value.subject}
            onValue={(subject) => set({ subject })}
            required
            maxLength={500}
            rows={2}
            class="big-input"
            hint={t('create.subjectHint')}
            error={errors.subject}
          />
          <Lines
            label={t('section.options')}
            one={t('create.option')}
            add={t('create.addOption')}
            hint={t('create.optionsHint')}
            values={options.value}
            onValues={(values) => {
              options.value = values;
            }}
            min={1}
            max={5}
          />
          <Lines
            label={t('section.criteria')}
            one={t('create.criterion')}
            add={t('create.addCriterion')}
            hint={t('create.criteriaHint')}
            values={criteria.value}
            onValues={(values) => {
              criteria.value = values;
            }}
            min={0}
            max={10}
          />
          <Lines
            label={t('section.assumptions')}
            one={t('create.assumption')}
            add={t('create.addAssumption')}
            hint={t('create.assumptionsHint')}
            values={assumptions.value}
            onValues={(values) => {
              assumptions.value = values;
            }}
            min={0}
            max={10}
          />
          <details class="fold">
            <summary>{t('create.more')}</summary>
            <div class="fold-body stack">
              <Area
                label={t('create.description')}
                value={text.value.description}
                onValue={(description) => set({ description })}
                maxLength={2000}
                rows={3}
              />
              <Field
                label={t('create.capacity')}
                type="number"
                min={1}
                max={100000}
                required
                value={text.value.capacity}
                onValue={(capacity) => set({ capacity })}
                hint={t('create.capacityHint')}
                error={errors.capacity}
              />
              <Field
                label={t('create.password')}
                value={text.value.password}
                onValue={(password) => set({ password })}
                autocomplete="off"
                maxLength={128}
                hint={t('create.passwordHint')}
                error={errors.password}
              />
              <PolicyFields
                policies={policies.value}
                onPolicies={(next) => {
                  policies.value = next;
                }}
              />
            </div>
          </details>
          <Failure error={action.error} />
          <button type="submit" class="button primary big" disabled={action.busy}>
            {t('create.do')}
          </button>
        </form>
      </main>
    </>
  );
}

const filled = (lines: string[]) => lines.map((line) => line.trim()).filter(Boolean);

function useOwnAccount(): void {
  const who = user.value;
  useEffect(() => {
    if (who === null) go('/sign-in?next=/new&new=1', { replace: true });
  }, [who]);
}
