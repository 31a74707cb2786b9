// Coming in: a name for guests, a password where one is set, nothing else.
import type { CodeCheck } from '../../api/answers';
import { auth, type Entry, events } from '../../api/endpoints';
import { Problem } from '../../api/problem';
import { locale, t } from '../../i18n';
import { Field } from '../../parts/Field';
import { Form, useForm } from '../../parts/form';
import { Loading } from '../../parts/Loading';
import { Notice } from '../../parts/Notice';
import { go } from '../../router';
import { keepDraft, readDraft } from '../../store/drafts';
import { signedIn, user } from '../../store/session';

const LAST_NAME = 'name';

interface Props {
  code: string;
  event: CodeCheck;
  /** Comes to watch, not to vote. */
  observe: boolean;
}

export function JoinForm({ code, event, observe }: Props) {
  const who = user.value;
  const before = { name: readDraft<string>(LAST_NAME) ?? '', password: '' };
  const form = useForm(before, async ({ name, password }) => {
    const entry: Entry = {
      entrance_code: code,
      ...(event.password_required ? { password } : {}),
      ...(observe ? { observe } : {}),
    };
    if (who) await enter(entry);
    else await enterAsGuest(name.trim(), entry);
    go(`/events/${event.event_id}`, { replace: true });
  });
  const next = `/join/${code}${observe ? '?observe' : ''}`;
  if (who === undefined) return <Loading />;
  if ((!who || who.is_guest) && !event.guests_allowed && !event.can_enter)
    return <AccountNeeded next={next} />;
  return (
    <>
      <Form form={form} verb={t(verb(event, observe))} look="primary big">
        {who ? (
          <p class="as-who">{t(observe ? 'watch.as' : 'join.as', who.name)}</p>
        ) : (
          <Field
            label={t('join.name')}
            required
            maxLength={100}
            autocomplete="nickname"
            autofocus
            hint={t('join.nameHint')}
            {...form.field('name')}
          />
        )}
        {event.password_required && (
          <Field
            label={t('join.password')}
            type="password"
            required
            autocomplete="off"
            hint={t('join.passwordHint')}
            {...form.field('password')}
          />
        )}
      </Form>
      {!event.membership_auto_approved && <p class="field-hint">{t('join.approval')}</p>}
      {!who && (
        <p class="aside">
          {t('auth.have')} <a href={signInFor(next)}>{t('auth.signIn')}</a>
        </p>
      )}
    </>
  );
}

function AccountNeeded({ next }: { next: string }) {
  return (
    <Notice title={t('join.noGuests')}>
      <div class="actions">
        <a class="button primary" href={signInFor(next)}>
          {t('auth.signIn')}
        </a>
        <a class="button" href={`${signInFor(next)}&new=1`}>
          {t('auth.signUp')}
        </a>
      </div>
    </Notice>
  );
}

const signInFor = (next: string) => `/sign-in?next=${encodeURIComponent(next)}`;

function verb(event: CodeCheck, observe: boolean) {
  if (!event.membership_auto_approved) return observe ? 'watch.ask' : 'join.ask';
  return observe ? 'watch.enter' : 'join.enter';
}

async function enter(entry: Entry): Promise<void> {
  await events.enter(entry).catch((error: unknown) => {
    if (!(error instanceof Problem && /already/.test(error.code))) throw error;
  });
}

async function enterAsGuest(name: string, entry: Entry): Promise<void> {
  const { user: guest } = await auth.guest({ name, locale: locale.value, ...entry });
  keepDraft(LAST_NAME, name);
  signedIn(guest);
}
