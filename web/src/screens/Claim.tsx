// A guest keeps their votes by adding an address and a password.
import { useSignal } from '@preact/signals';
import { auth } from '../api/endpoints';
import { t } from '../i18n';
import { fieldErrors } from '../i18n/problem';
import { useAction } from '../parts/action';
import { Failure } from '../parts/Failure';
import { Field } from '../parts/Field';
import { signedIn } from '../store/session';

export function Claim() {
  const email = useSignal('');
  const password = useSignal('');
  const action = useAction(async () => {
    const { user } = await auth.claim({ email: email.value.trim(), password: password.value });
    signedIn(user);
  });
  const errors = fieldErrors(action.error);
  return (
    <section class="card">
      <h2>{t('claim.title')}</h2>
      <p>{t('claim.body')}</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run();
        }}
      >
        <Field
          label={t('auth.email')}
          type="email"
          required
          autocomplete="email"
          value={email.value}
          onValue={(value) => {
            email.value = value;
          }}
          error={errors.email}
        />
        <Field
          label={t('auth.password')}
          type="password"
          required
          minLength={8}
          maxLength={128}
          autocomplete="new-password"
          value={password.value}
          onValue={(value) => {
            password.value = value;
          }}
          hint={t('auth.passwordHint')}
          error={errors.password}
        />
        <Failure error={action.error} />
        <button type="submit" class="button primary" disabled={action.busy}>
          {t('claim.do')}
        </button>
      </form>
    </section>
  );
}
