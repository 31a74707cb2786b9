// What admins did, youngest first: read from the event's log, which nobody can write by hand.
import { t } from '../../i18n';
import { dateTime } from '../../i18n/format';
import { Failure } from '../../parts/Failure';
import { Loading } from '../../parts/Loading';
import { Notice } from '../../parts/Notice';
import { isAdmin } from '../../store/rights';
import { useEvent } from '../room/context';
import { deed, details } from './deeds';
import { useAudit } from './useAudit';

export function Audit() {
  return isAdmin(useEvent()) ? <Deeds /> : <Notice>{t('manage.adminsOnly')}</Notice>;
}

function Deeds() {
  const event = useEvent();
  const { entries, older, load } = useAudit();
  return (
    <section class="block" aria-labelledby="audit">
      <header class="block-head">
        <a href={`/events/${event.id}/manage`}>{t('audit.back')}</a>
        <h2 id="audit">{t('audit.title')}</h2>
        <p>{t('audit.lead')}</p>
      </header>
      {!entries && load.busy && <Loading />}
      <Failure error={load.error} />
      <ol class="plain-list deeds">
        {entries?.map((entry) => (
          <li key={entry.seq}>
            <p>
              <strong>{entry.actor.name}</strong> <span>{deed(entry)}</span>
            </p>
            {details(entry).map((words) => (
              <p key={words} class="deed-detail">
                {words}
              </p>
            ))}
            <time dateTime={entry.at}>{dateTime(entry.at)}</time>
          </li>
        ))}
      </ol>
      {older && (
        <button type="button" class="button" disabled={load.busy} onClick={() => void load.run(older)}>
          {t('action.more')}
        </button>
      )}
    </section>
  );
}
