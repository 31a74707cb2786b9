// A conversation: what was said, and where one writes. It stands beside a decision, or on a page of its own.
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { Person } from '../../api/types';
import { t } from '../../i18n';
import { Talk } from '../../store/talk/talk';
import { Uploads } from '../../store/talk/uploads';
import { type Place, PlaceContext, usePlace } from './context';
import { useDrop } from './drop';
import { MessageList } from './MessageList';
import { TalkAnnouncer } from './TalkAnnouncer';
import { WriteBox } from './WriteBox';

interface Props extends Omit<Place, 'talk'> {
  id: string;
  me: Person;
  /** How many messages somebody has heard of. */
  head?: number;
  /** What stands in the place of the box where nobody may write. */
  closed?: ComponentChildren;
}

export function Conversation({ id, me, head = 0, closed, writes, rules, direct, people }: Props) {
  const talk = useMemo(() => new Talk(id, me), [id, me.id]);
  const place = useMemo(
    () => ({ talk, writes, rules, direct, people }),
    [talk, writes, rules, direct, people],
  );
  useEffect(() => {
    talk.open();
    return () => talk.close();
  }, [talk]);
  useEffect(() => talk.behind(head), [talk, head]);
  return (
    <PlaceContext.Provider value={place}>
      <Standing closed={closed} />
    </PlaceContext.Provider>
  );
}

function Standing({ closed }: { closed: ComponentChildren }) {
  const { talk, writes } = usePlace();
  const uploads = useMemo(() => new Uploads(talk.id), [talk]);
  const drop = useDrop(writes ? uploads : null);
  return (
    <section class="conversation" aria-label={t('nav.talk')} {...drop.handlers}>
      <MessageList />
      {writes ? <WriteBox uploads={uploads} /> : closed}
      <TalkAnnouncer />
      {drop.over && <p class="drop-here">{t('talk.drop')}</p>}
    </section>
  );
}
