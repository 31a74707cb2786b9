// Signing in, or making an account: one form, two ways.
import { useSignal } from '@preact/signals';
import { auth } from '../api/endpoints';
import { locale, t } from '../i18n';
import { fieldErrors } from '../i18n/problem';
import { useAction } from '../parts/action';
import { Failure } from '../parts/Failure';
import { Field } from '../parts/Field';
import { TopBar } from '../parts/TopBar';
import { useTitle } from '../parts/title';
import { go, query } from '../router';
import { signedIn } from '../store/session';

export function SignIn() {
  const isNew = useSignal(query().has('new'));
  useTitle(t(isNew.value ? 'auth.signUp' : 'auth.signIn'));
  const name = useSignal('');
  const email = useSignal('');
  const password = useSignal('');
  const action = useAction(async () => {
    const account = { email: email.value.trim(), password: password.value };
    const { user } = isNew.value
      ? await auth.signup({ ...account, name: name.value.trim(), locale: locale.value })
      : await auth.login(account);
    signedIn(user);
    go(safeNext(), { replace: true });
  });
  const errors = fieldErrors(action.error);
  const other = () => {
    isNew.value = !isNew.value;
    action.clear();
  };
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page narrow">
        <h1>{t(isNew.value ? 'auth.signUp' : 'auth.signIn')}</h1>
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void action.run();
          }}
        >
          {isNew.value && (
            <Field
              label={t('auth.name')}
              value={name.value}
              onValue={(value) => {
                name.value = value;
              }}
              autocomplete="name"
              required
              maxLength={100}
              error={errors.name}
            />
          )}
          <Field
            label={t('auth.email')}
            type="email"
            value={email.value}
            onValue={(value) => {
              email.value = value;
            }}
            autocomplete="email"
            required
            error={errors.email}
          />
          <Field
            label={t('auth.password')}
            type="password"
            value={password.value}
            onValue={(value) => {
              password.value = value;
            }}
            autocomplete={isNew.value ? 'new-password' : 'current-password'}
            required
            minLength={isNew.value ? 8 : 1}
            maxLength={128}
            hint={isNew.value ? t('auth.passwordHint') : undefined}
            error={errors.password}
          />
          <Failure error={action.error} />
          <button type="submit" class="button primary big" disabled={action.busy}>
            {t(isNew.value ? 'auth.signUp' : 'auth.signIn')}
          </button>
        </form>
        <p class="aside">
          {t(isNew.value ? 'auth.have' : 'auth.haveNot')}{' '}
          <button type="button" class="link-button" onClick={other}>
            {t(isNew.value ? 'auth.signIn' : 'auth.signUp')}
          </button>
        </p>
        {!isNew.value && (
          <p class="aside">
            <a href="/reset">{t('auth.forgot')}</a>
          </p>
        )}
        <p class="aside">
          {t('auth.guestHint')} <a href="/">{t('home.join')}</a>
        </p>
      </main>
    </>
  );
}

/** Only an address of this site: a link must not send a person who just signed in elsewhere. */
function safeNext(): string {
  const next = query().get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}
