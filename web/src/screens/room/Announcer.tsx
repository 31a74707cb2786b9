// Speaks for those who listen: at most one sentence every few seconds, the newest state of things, never a stream of numbers.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Change } from '../../api/types';
import { t } from '../../i18n';
import type { LineState } from '../../live/line';
import { useRoom } from './context';
import { sentence } from './sentences';

const PACE_MS = 5_000;

export function Announcer() {
  const room = useRoom();
  const spoken = useSignal('');
  const heard = useRef(room.event.value?.seq ?? 0);
  const lost = useRef(false);
  useEffect(() => {
    const timer = setInterval(() => {
      const fresh = room.activity.value.filter(({ seq }) => seq > heard.current);
      heard.current = fresh.at(-1)?.seq ?? heard.current;
      const text = [lineNews(room.line.value, lost), summary(fresh)].filter(Boolean).join(' ');
      if (text) spoken.value = text;
    }, PACE_MS);
    return () => clearInterval(timer);
  }, [room]);
  return (
    <p class="visually-hidden" role="status">
      {spoken.value}
    </p>
  );
}

/** That the page is no longer live is said once, and once that it is again. */
function lineNews({ kind }: LineState, lost: { current: boolean }): string {
  const away = kind === 'waiting' || kind === 'offline';
  if (away === lost.current || kind === 'connecting') return '';
  lost.current = away;
  return t(away ? 'announce.lost' : 'announce.back');
}

function summary(changes: Change[]): string {
  const sentences = changes.map(sentence).filter((text) => text !== null);
  const last = sentences.at(-1);
  if (!last) return '';
  return sentences.length === 1 ? last : t('announce.more', last, sentences.length - 1);
}
