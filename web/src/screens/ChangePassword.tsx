// A new password, for who knows the present one.
import { useSignal } from '@preact/signals';
import { auth } from '../api/endpoints';
import { t } from '../i18n';
import { fieldErrors } from '../i18n/problem';
import { useAction } from '../parts/action';
import { Failure } from '../parts/Failure';
import { Field } from '../parts/Field';

const EMPTY = { current_password: '', password: '' };

export function ChangePassword() {
  const form = useSignal(EMPTY);
  const done = useSignal(false);
  const set = (part: Partial<typeof EMPTY>) => {
    form.value = { ...form.value, ...part };
    done.value = false;
  };
  const action = useAction(async () => {
    await auth.change(form.value);
    form.value = EMPTY;
    done.value = true;
  });
  const errors = fieldErrors(action.error);
  return (
    <details class="card fold">
      <summary>{t('password.title')}</summary>
      <form
        class="form fold-body"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run();
        }}
      >
        <Field
          label={t('password.now')}
          type="password"
          required
          autocomplete="current-password"
          value={form.value.current_password}
          onValue={(current_password) => set({ current_password })}
          error={errors.current_password}
        />
        <Field
          label={t('reset.new')}
          type="password"
          required
          minLength={8}
          maxLength={128}
          autocomplete="new-password"
          value={form.value.password}
          onValue={(password) => set({ password })}
          hint={t('auth.passwordHint')}
          error={errors.password}
        />
        <Failure error={action.error} />
        <button type="submit" class="button" disabled={action.busy}>
          {t('reset.set')}
        </button>
        <span role="status">{done.value && t('password.done')}</span>
      </form>
    </details>
  );
}
