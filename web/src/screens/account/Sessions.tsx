// Where this account is signed in, and ending that.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Session } from '../../api/answers';
import { auth } from '../../api/endpoints';
import { t } from '../../i18n';
import { ago } from '../../i18n/format';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Loading } from '../../parts/Loading';

export function Sessions() {
  const list = useSignal<Session[] | null>(null);
  const load = useAction(async () => {
    list.value = (await auth.sessions()).items;
  });
  const end = useAction(async (ids: string[]) => {
    for (const id of ids) await auth.endSession(id);
    list.value = (await auth.sessions()).items;
  });
  useEffect(() => void load.run(), []);
  const others = list.value?.filter((one) => !one.current) ?? [];
  return (
    <section class="card">
      <h2>{t('sessions.title')}</h2>
      {load.busy && !list.value && <Loading />}
      <Failure error={load.error ?? end.error} />
      <ul class="plain-list">
        {list.value?.map((one) => (
          <li key={one.id} class="split-row">
            <span>
              {device(one)} · {ago(one.last_used_at ?? one.created_at)}
            </span>
            {one.current ? (
              <strong>{t('sessions.this')}</strong>
            ) : (
              <button
                type="button"
                class="quiet-button"
                disabled={end.busy}
                onClick={() => void end.run([one.id])}
              >
                {t('sessions.end')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <button
          type="button"
          class="button"
          disabled={end.busy}
          onClick={() => void end.run(others.map(({ id }) => id))}
        >
          {t('sessions.endOthers')}
        </button>
      )}
    </section>
  );
}

/** Enough of a browser's long name to know it again. */
function device({ user_agent: agent, name }: Session): string {
  const browser = agent.match(/(Firefox|Edg|SamsungBrowser|Chrome|Safari)/)?.[1]?.replace('Edg', 'Edge');
  const system = agent.match(/(iPhone|iPad|Android|Windows|Mac OS|Linux)/)?.[1];
  return [browser, system].filter(Boolean).join(', ') || name || t('sessions.unknown');
}
