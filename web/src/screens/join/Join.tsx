// What the QR code opens: what this is about, who may come in, and one field for a name.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CodeCheck } from '../../api/answers';
import { events } from '../../api/endpoints';
import { Problem } from '../../api/problem';
import { t } from '../../i18n';
import { inWords } from '../../i18n/problem';
import { Loading } from '../../parts/Loading';
import { Notice } from '../../parts/Notice';
import { StatusPill } from '../../parts/StatusPill';
import { TopBar } from '../../parts/TopBar';
import { useTitle } from '../../parts/title';
import { go, type Params, query } from '../../router';
import { user } from '../../store/session';
import { JoinForm } from './JoinForm';
import { FullHouse, Watching } from './Watching';

export function Join({ params }: { params: Params }) {
  const code = (params.code ?? '').toUpperCase();
  const found = useSignal<CodeCheck | null>(null);
  const error = useSignal<unknown>(null);
  useEffect(() => {
    found.value = null;
    error.value = null;
    events.check(code).then(
      (answer) => {
        found.value = answer;
      },
      (caught) => {
        error.value = caught;
      },
    );
  }, [code]);
  const refusal = useStanding(found.value);
  useTitle(found.value?.subject);
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page narrow join">
        {error.value !== null && <UnknownCode code={code} error={error.value} />}
        {!found.value && error.value === null && <Loading />}
        {found.value && <Invitation code={code} event={found.value} refusal={refusal} />}
      </main>
    </>
  );
}

interface Props {
  code: string;
  event: CodeCheck;
  /** The code of what keeps this very person out. */
  refusal: string | null;
}

function Invitation({ code, event, refusal }: Props) {
  const observe = query().has('observe') && event.observers_allowed;
  const barred = BARRED[refusal ?? ''];
  return (
    <>
      <p class="eyebrow">{t(observe ? 'watch.invited' : 'join.invited')}</p>
      <h1 class="subject">{event.subject}</h1>
      <p class="facts">
        <StatusPill status={event.status} />
        <span>{t('count.members', event.members, event.capacity)}</span>
      </p>
      {barred && <Barred reason={barred} />}
      {!barred && event.status === 'FINISHED' && <Over code={code} />}
      {!barred && event.status !== 'FINISHED' && <ComingIn code={code} event={event} />}
    </>
  );
}

/** Nobody comes in any more; a member who signs in is led to the result. */
function Over({ code }: { code: string }) {
  return (
    <>
      <Notice>{t('join.finished')}</Notice>
      <div class="actions">
        {user.value === null && (
          <a class="button primary" href={`/sign-in?next=/join/${code}`}>
            {t('auth.signIn')}
          </a>
        )}
        <a class="button" href="/">
          {t('action.home')}
        </a>
      </div>
    </>
  );
}

function ComingIn({ code, event }: { code: string; event: CodeCheck }) {
  const asked = query().has('observe');
  const observe = asked && event.observers_allowed;
  return (
    <>
      {observe && <Watching code={code} />}
      {asked && !observe && <Notice kind="warn">{t('watch.closed')}</Notice>}
      {!observe && <FullHouse code={code} event={event} />}
      <JoinForm code={code} event={event} observe={observe} />
    </>
  );
}

/** Whom an admin keeps out need not type a name first to hear it. */
const BARRED: Record<string, 'banned' | 'rejected'> = {
  membership_banned: 'banned',
  membership_rejected: 'rejected',
};

function Barred({ reason }: { reason: 'banned' | 'rejected' }) {
  return (
    <>
      <Notice kind="warn" title={t(`gate.${reason}`)}>
        <p>{t(`gate.${reason}.what`)}</p>
      </Notice>
      <div class="actions">
        <a class="button" href="/">
          {t('action.home')}
        </a>
      </div>
    </>
  );
}

function UnknownCode({ code, error }: { code: string; error: unknown }) {
  const unknown = error instanceof Problem && error.status === 404;
  return (
    <>
      <h1>{unknown ? t('join.unknown', code) : t('join.failed')}</h1>
      <p class="lead">{unknown ? t('join.unknownHint') : inWords(error)}</p>
      <div class="actions">
        <a class="button primary" href="/">
          {t('join.otherCode')}
        </a>
        {!unknown && (
          <button type="button" class="button" onClick={() => location.reload()}>
            {t('action.again')}
          </button>
        )}
      </div>
    </>
  );
}

/** A member who scans the code again goes straight to their place; who may not come in hears why. */
function useStanding(found: CodeCheck | null): string | null {
  const who = user.value;
  const refusal = useSignal<string | null>(null);
  useEffect(() => {
    if (!found || !who) return;
    events.overview(found.event_id).then(
      ({ me, refusal: why }) => {
        refusal.value = why;
        const status = me?.membership.status;
        if (status === 'ACCEPTED' || status === 'PENDING') go(`/events/${found.event_id}`, { replace: true });
      },
      () => {},
    );
  }, [found, who]);
  return refusal.value;
}
