// Conversations between two: the list, and the one that is open beside it (on a phone, in its place).
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../../i18n';
import { Failure } from '../../parts/Failure';
import { Icon } from '../../parts/Icon';
import { Loading } from '../../parts/Loading';
import { TopBar } from '../../parts/TopBar';
import { useTitle } from '../../parts/title';
import { isWide } from '../../parts/wide';
import { go, type Params } from '../../router';
import { learnTalks, lobby } from '../../store/me';
import { user } from '../../store/session';
import { Conversation } from '../talk/Conversation';
import { newestFirst } from './order';
import { TalkRow } from './TalkRow';

export function Messages({ params }: { params: Params }) {
  const { id } = params;
  const who = user.value;
  const failed = useSignal<unknown>(null);
  const learned = useSignal(false);
  const known = lobby.value !== null;
  useTitle(t('nav.messages'));
  useEffect(() => {
    if (who === null) go(`/sign-in?next=${location.pathname}`, { replace: true });
  }, [who]);
  useEffect(() => {
    if (known)
      learnTalks().then(
        () => {
          learned.value = true;
        },
        (error: unknown) => {
          failed.value = error;
        },
      );
  }, [known]);
  return (
    <div class={`messages ${id ? 'open' : ''}`}>
      <TopBar />
      <main id="main" tabIndex={-1} class="page messages-page">
        {(isWide.value || !id) && <List current={id} learned={learned.value} error={failed.value} />}
        {id && who && <Open key={id} id={id} />}
      </main>
    </div>
  );
}

interface ListProps {
  current: string | undefined;
  /** Whether all of them are here: those with something unread come first. */
  learned: boolean;
  error: unknown;
}

function List({ current, learned, error }: ListProps) {
  const talks = newestFirst(lobby.value?.conversations ?? []);
  return (
    <section class="messages-list" aria-labelledby="messages">
      <h1 id="messages">{t('nav.messages')}</h1>
      <Failure error={error} />
      {!learned && !error && <Loading />}
      {learned && talks.length === 0 && <p class="empty">{t('messages.none')}</p>}
      <ul class="event-list">
        {talks.map((talk) => (
          <TalkRow key={talk.id} talk={talk} current={talk.id === current} />
        ))}
      </ul>
    </section>
  );
}

function Open({ id }: { id: string }) {
  const talk = lobby.value?.conversations.find((one) => one.id === id);
  const name = talk?.with?.name;
  useTitle(name);
  const who = user.value;
  if (!who) return null;
  const Title = isWide.value ? 'h2' : 'h1';
  return (
    <section class="messages-open" aria-labelledby="with">
      <header class="messages-head">
        <a class="icon-button narrow-only" href="/messages" aria-label={t('messages.all')}>
          <Icon name="back" />
        </a>
        <Title id="with">{name ?? t('nav.messages')}</Title>
      </header>
      <Conversation id={id} me={who} writes rules={false} direct people={nobody} />
    </section>
  );
}

const nobody = async () => [];
