// Oneself: name, language, sessions, and making a guest's place permanent.
import { useEffect } from 'preact/hooks';
import { auth } from '../../api/endpoints';
import type { Locale, User } from '../../api/types';
import { chooseLocale, locale, t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Field } from '../../parts/Field';
import { Form, useForm } from '../../parts/form';
import { Loading } from '../../parts/Loading';
import { TopBar } from '../../parts/TopBar';
import { useTitle } from '../../parts/title';
import { go, type Params } from '../../router';
import { signedIn, user } from '../../store/session';
import { ChangePassword } from './ChangePassword';
import { Claim } from './Claim';
import { MyData } from './MyData';
import { PushSwitch } from './PushSwitch';
import { Sessions } from './Sessions';

export function Account(_: { params: Params }) {
  useTitle(t('account.title'));
  const who = user.value;
  useEffect(() => {
    if (who === null) go('/sign-in?next=/account', { replace: true });
  }, [who]);
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page narrow">
        <h1>{t('account.title')}</h1>
        {who ? <Profile who={who} /> : <Loading />}
      </main>
    </>
  );
}

function Profile({ who }: { who: User }) {
  const signOut = useAction(async () => {
    await auth.logout();
    signedIn(null);
    go('/');
  });
  return (
    <div class="stack">
      <NameForm who={who} />
      <LanguageChoice />
      {who.is_guest ? <Claim /> : <ChangePassword />}
      <PushSwitch />
      <Sessions />
      <MyData who={who} />
      <section class="card">
        <Failure error={signOut.error} />
        {who.is_guest && <p>{t('account.guestOut')}</p>}
        <button type="button" class="button" disabled={signOut.busy} onClick={() => void signOut.run()}>
          {t('account.signOut')}
        </button>
      </section>
    </div>
  );
}

function NameForm({ who }: { who: User }) {
  const form = useForm({ name: who.name }, async ({ name }) => {
    user.value = await auth.change({ name: name.trim() });
  });
  return (
    <section class="card">
      <Form form={form} verb={t('action.save')} look="" idle={form.values.name.trim() === who.name}>
        <Field
          label={t('auth.name')}
          required
          maxLength={100}
          autocomplete="name"
          hint={who.email ?? t('account.guest')}
          {...form.field('name')}
        />
      </Form>
    </section>
  );
}

function LanguageChoice() {
  const choose = async (wanted: Locale) => {
    await chooseLocale(wanted);
    await auth.change({ locale: wanted }).catch(() => {});
  };
  return (
    <fieldset class="card choice-row">
      <legend>{t('account.language')}</legend>
      {(['en', 'ko'] as const).map((one) => (
        <label key={one} lang={one}>
          <input
            type="radio"
            name="locale"
            checked={locale.value === one}
            onChange={() => void choose(one)}
          />
          {one === 'en' ? 'English' : '한국어'}
        </label>
      ))}
    </fieldset>
  );
}
