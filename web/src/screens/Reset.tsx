// A forgotten password: ask for a link, then set a new one. Never tells whether an address is known.
import { auth } from '../api/endpoints';
import { t } from '../i18n';
import { Field } from '../parts/Field';
import { Form, NewPassword, useForm } from '../parts/form';
import { Notice } from '../parts/Notice';
import { TopBar } from '../parts/TopBar';
import { useTitle } from '../parts/title';
import { query } from '../router';

export function Reset() {
  useTitle(t('reset.title'));
  const token = query().get('token');
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page narrow">
        <h1>{t('reset.title')}</h1>
        {token ? <SetPassword token={token} /> : <AskForLink />}
        <p class="aside">
          <a href="/sign-in">{t('reset.back')}</a>
        </p>
      </main>
    </>
  );
}

function AskForLink() {
  const form = useForm({ email: '' }, ({ email }) => auth.askReset(email.trim()));
  if (form.done) return <Notice kind="good">{t('reset.sent')}</Notice>;
  return (
    <Form form={form} verb={t('reset.ask')} look="primary big">
      <Field
        label={t('auth.email')}
        type="email"
        required
        autocomplete="email"
        hint={t('reset.askHint')}
        {...form.field('email')}
      />
    </Form>
  );
}

function SetPassword({ token }: { token: string }) {
  const form = useForm({ password: '' }, ({ password }) => auth.confirmReset({ token, password }));
  if (form.done)
    return (
      <Notice kind="good" title={t('reset.done')}>
        <a class="button primary" href="/sign-in">
          {t('auth.signIn')}
        </a>
      </Notice>
    );
  return (
    <Form form={form} verb={t('reset.set')} look="primary big">
      <NewPassword label={t('reset.new')} {...form.field('password')} />
    </Form>
  );
}
