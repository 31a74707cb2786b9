// A forgotten password: ask for a link, then set a new one. Never tells whether an address is known.
import { useSignal } from '@preact/signals';
import { auth } from '../api/endpoints';
import { t } from '../i18n';
import { useAction } from '../parts/action';
import { Failure } from '../parts/Failure';
import { Field } from '../parts/Field';
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
      </main>
    </>
  );
}

function AskForLink() {
  const email = useSignal('');
  const sent = useSignal(false);
  const action = useAction(async () => {
    await auth.askReset(email.value.trim());
    sent.value = true;
  });
  if (sent.value) return <Notice kind="good">{t('reset.sent')}</Notice>;
  return (
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
      />
      <Failure error={action.error} />
      <button type="submit" class="button primary big" disabled={action.busy}>
        {t('reset.ask')}
      </button>
    </form>
  );
}

function SetPassword({ token }: { token: string }) {
  const password = useSignal('');
  const done = useSignal(false);
  const action = useAction(async () => {
    await auth.confirmReset({ token, password: password.value });
    done.value = true;
  });
  if (done.value)
    return (
      <Notice kind="good" title={t('reset.done')}>
        <a class="button primary" href="/sign-in">
          {t('auth.signIn')}
        </a>
      </Notice>
    );
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run();
      }}
    >
      <Field
        label={t('reset.new')}
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
      />
      <Failure error={action.error} />
      <button type="submit" class="button primary big" disabled={action.busy}>
        {t('reset.set')}
      </button>
    </form>
  );
}
