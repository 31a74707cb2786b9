// Everything that was announced, the newest first; staff announce here.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Announcement } from '../../api/me-types';
import { announcements as api } from '../../api/personal';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Loading } from '../../parts/Loading';
import { TopBar } from '../../parts/TopBar';
import { useTitle } from '../../parts/title';
import { go, type Params } from '../../router';
import { mine, seen } from '../../store/me';
import { user } from '../../store/session';
import { Announce } from './Announce';
import { NewsBody, NewsFacts } from './NewsItem';

export function News(_: { params: Params }) {
  useTitle(t('news.title'));
  const who = user.value;
  const list = useSignal<Announcement[] | null>(null);
  const next = useSignal<string | null>(null);
  const load = useAction(async (cursor?: string) => {
    const page = await api.list(cursor);
    list.value = cursor ? [...(list.value ?? []), ...page.items] : page.items;
    next.value = page.next_cursor;
  });
  const fresh = mine.value?.announcements.map(({ id }) => id).join() ?? '';
  useEffect(() => {
    if (who === null) go('/sign-in?next=/news', { replace: true });
    else if (who) void load.run();
  }, [who?.id, fresh]);
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page medium stack">
        <h1>{t('news.title')}</h1>
        {who?.is_staff && <Announce onDone={() => void load.run()} />}
        <Failure error={load.error} />
        {!list.value && load.busy && <Loading />}
        {list.value?.length === 0 && <p class="empty">{t('news.none')}</p>}
        {list.value?.map((news) => (
          <Item key={news.id} news={news} staff={who?.is_staff ?? false} onDone={() => void load.run()} />
        ))}
        {next.value && (
          <button type="button" class="button" onClick={() => void load.run(next.value ?? undefined)}>
            {t('action.more')}
          </button>
        )}
      </main>
    </>
  );
}

/** What stands on this page is seen. */
function Item({ news, staff, onDone }: { news: Announcement; staff: boolean; onDone(): void }) {
  const act = useAction(async (verb: 'end' | 'remove') => {
    await api[verb](news.id);
    onDone();
  });
  useEffect(() => {
    if (news.seen === false) void seen(news);
  }, [news.id]);
  const over = news.ends_at !== null && Date.parse(news.ends_at) <= Date.now();
  return (
    <article class={`card news ${over ? 'over' : ''}`}>
      <h2>{news.title}</h2>
      <NewsFacts news={news} />
      <NewsBody news={news} />
      {staff && (
        <div class="actions">
          {!over && (
            <button
              type="button"
              class="button small"
              disabled={act.busy}
              onClick={() => void act.run('end')}
            >
              {t('news.end')}
            </button>
          )}
          <button
            type="button"
            class="button small"
            disabled={act.busy}
            onClick={() => void act.run('remove')}
          >
            {t('comments.remove')}
          </button>
        </div>
      )}
      <Failure error={act.error} />
    </article>
  );
}
