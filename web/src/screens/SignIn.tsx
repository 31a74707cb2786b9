// Signing in, or making an account: one form, two ways.
import { useSignal } from '@preact/signals';
import { auth } from '../api/endpoints';
import { locale, t } from '../i18n';
import { Field } from '../parts/Field';
import { Form, NewPassword, useForm } from '../parts/form';
import { TopBar } from '../parts/TopBar';
import { useTitle } from '../parts/title';
import { go, query } from '../router';
import { signedIn } from '../store/session';

export function SignIn() {
  const isNew = useSignal(query().has('new'));
  useTitle(t(isNew.value ? 'auth.signUp' : 'auth.signIn'));
  const form = useForm({ name: '', email: '', password: '' }, async ({ name, email, password }) => {
    const account = { email: email.trim(), password };
    const { user } = isNew.value
      ? await auth.signup({ ...account, name: name.trim(), locale: locale.value })
      : await auth.login(account);
    signedIn(user);
    go(safeNext(), { replace: true });
  });
  const other = () => {
    isNew.value = !isNew.value;
    form.clear();
  };
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page narrow">
        <h1>{t(isNew.value ? 'auth.signUp' : 'auth.signIn')}</h1>
        <Form form={form} verb={t(isNew.value ? 'auth.signUp' : 'auth.signIn')} look="primary big">
          {isNew.value && (
            <Field
              label={t('auth.name')}
              autocomplete="name"
              required
              maxLength={100}
              {...form.field('name')}
            />
          )}
          <Field
            label={t('auth.email')}
            type="email"
            autocomplete="email"
            required
            {...form.field('email')}
          />
          {isNew.value ? (
            <NewPassword label={t('auth.password')} {...form.field('password')} />
          ) : (
            <Field
              label={t('auth.password')}
              type="password"
              autocomplete="current-password"
              required
              maxLength={128}
              {...form.field('password')}
            />
          )}
        </Form>
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
