// Coming in: a name for guests, a password where one is set, nothing else.
import { useSignal } from '@preact/signals';
import type { CodeCheck } from '../../api/answers';
import { auth, events } from '../../api/endpoints';
import { Problem } from '../../api/problem';
import { locale, t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Field } from '../../parts/Field';
import { Loading } from '../../parts/Loading';
import { Notice } from '../../parts/Notice';
import { go } from '../../router';
import { signedIn, user } from '../../store/session';

const LAST_NAME = 'assent:name';

export function JoinForm({ code, event }: { code: string; event: CodeCheck }) {
  const name = useSignal(localStorage.getItem(LAST_NAME) ?? '');
  const password = useSignal('');
  const who = user.value;
  const action = useAction(async () => {
    const entry = { entrance_code: code, ...(event.password_required ? { password: password.value } : {}) };
    if (who) await enter(entry);
    else await enterAsGuest(name.value.trim(), entry);
    go(`/events/${event.event_id}`, { replace: true });
  });
  if (who === undefined) return <Loading />;
  if (!who && !event.guests_allowed) return <AccountNeeded code={code} />;
  return (
    <form
      class="form"
      onSubmit={(submit) => {
        submit.preventDefault();
        void action.run();
      }}
    >
      {who ? (
        <p class="as-who">{t('join.as', who.name)}</p>
      ) : (
        <Field
          label={t('join.name')}
          value={name.value}
          onValue={(value) => {
            name.value = value;
          }}
          required
          maxLength={100}
          autocomplete="nickname"
          autofocus
          hint={t('join.nameHint')}
        />
      )}
      {event.password_required && (
        <Field
          label={t('join.password')}
          type="password"
          value={password.value}
          onValue={(value) => {
            password.value = value;
          }}
          required
          autocomplete="off"
          hint={t('join.passwordHint')}
        />
      )}
      <Failure error={action.error} />
      <button type="submit" class="button primary big" disabled={action.busy}>
        {t(event.membership_auto_approved ? 'join.enter' : 'join.ask')}
      </button>
      {!event.membership_auto_approved && <p class="field-hint">{t('join.approval')}</p>}
      {!who && (
        <p class="aside">
          {t('auth.have')} <a href={signInFor(code)}>{t('auth.signIn')}</a>
        </p>
      )}
    </form>
  );
}

function AccountNeeded({ code }: { code: string }) {
  return (
    <Notice title={t('join.noGuests')}>
      <div class="actions">
        <a class="button primary" href={signInFor(code)}>
          {t('auth.signIn')}
        </a>
        <a class="button" href={`${signInFor(code)}&new=1`}>
          {t('auth.signUp')}
        </a>
      </div>
    </Notice>
  );
}

const signInFor = (code: string) => `/sign-in?next=/join/${code}`;

async function enter(entry: { entrance_code: string; password?: string }): Promise<void> {
  await events.enter(entry).catch((error: unknown) => {
    if (!(error instanceof Problem && /already/.test(error.code))) throw error;
  });
}

async function enterAsGuest(
  name: string,
  entry: { entrance_code: string; password?: string },
): Promise<void> {
  const { user: guest } = await auth.guest({ name, locale: locale.value, ...entry });
  localStorage.setItem(LAST_NAME, name);
  signedIn(guest);
}
