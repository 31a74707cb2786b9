// Speaks what is said to those who listen: bundled, at most once in a few seconds, the last words in full.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Message } from '../../api/talk-types';
import { t } from '../../i18n';
import { lastSeq } from '../../store/talk/log';
import type { Talk } from '../../store/talk/talk';
import { usePlace } from './context';
import { systemWords } from './system';

const PACE_MS = 5_000;

export function TalkAnnouncer() {
  const { talk } = usePlace();
  const spoken = useSignal('');
  const heard = useRef<number | null>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      const before = heard.current;
      if (talk.loaded.peek()) heard.current = lastSeq(talk.log.peek());
      const words = before === null ? '' : news(talk, before);
      if (words) spoken.value = words;
    }, PACE_MS);
    return () => clearInterval(timer);
  }, [talk]);
  return (
    <p class="visually-hidden" role="status">
      {spoken.value}
    </p>
  );
}

function news({ log, me }: Talk, after: number): string {
  const fresh = log.peek().messages.filter((one) => one.seq > after && isNews(one, me.id));
  const last = fresh.at(-1);
  if (!last) return '';
  return fresh.length === 1 ? said(last) : t('announce.more', said(last), fresh.length - 1);
}

const isNews = ({ author, deleted }: Message, myId: string) => author?.id !== myId && !deleted;

function said({ system, author, content, attachments }: Message): string {
  if (system) return systemWords(system);
  const words = content ?? attachments.map(({ name }) => name).join(', ');
  return t('talk.spoken', author?.name ?? t('talk.somebody'), words);
}
