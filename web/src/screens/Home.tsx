// The door: six characters and you are in. Below it, what is already mine.
import { useSignal } from '@preact/signals';
import { t } from '../i18n';
import { CodeField } from '../parts/CodeField';
import { TopBar } from '../parts/TopBar';
import { useTitle } from '../parts/title';
import { go } from '../router';
import { user } from '../store/session';
import { MyTalks } from './home/MyTalks';
import { MyEvents } from './MyEvents';

export function Home() {
  useTitle(undefined);
  const code = useSignal('');
  const enter = (value: string) => go(`/join/${value}`);
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page home">
        <section class="door">
          <h1>{t('home.title')}</h1>
          <p class="lead">{t('home.lead')}</p>
          <form
            class="door-form"
            onSubmit={(event) => {
              event.preventDefault();
              if (code.value.length === 6) enter(code.value);
            }}
          >
            <CodeField
              value={code.value}
              onValue={(value) => {
                code.value = value;
              }}
              onComplete={enter}
            />
            <button type="submit" class="button primary big" disabled={code.value.length !== 6}>
              {t('home.join')}
            </button>
          </form>
          <p class="door-else">
            {t('home.host')}{' '}
            <a href={user.value && !user.value.is_guest ? '/new' : '/sign-in?next=/new&new=1'}>
              {t('home.create')}
            </a>
          </p>
        </section>
        {user.value ? (
          <div class="lobby">
            <MyEvents />
            <MyTalks />
          </div>
        ) : (
          <HowItGoes />
        )}
      </main>
    </>
  );
}

const STEPS = ['in', 'weigh', 'decide'] as const;

/** For whoever comes here first: what this is, in three breaths. */
function HowItGoes() {
  return (
    <section class="how" aria-labelledby="how">
      <h2 id="how">{t('home.how')}</h2>
      <ol>
        {STEPS.map((step, index) => (
          <li key={step}>
            <b aria-hidden="true">{index + 1}</b>
            <h3>{t(`home.how.${step}`)}</h3>
            <p>{t(`home.how.${step}What`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
