// How fresh is what I see? The badge that never flatters.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n';
import { seconds } from '../i18n/format';
import { lastDelay } from '../live/clock';
import type { LineState } from '../live/line';

interface Props {
  line: LineState;
  catchingUp: boolean;
}

export function Freshness({ line, catchingUp }: Props) {
  const now = useTick(line.kind === 'waiting');
  const state = catchingUp && line.kind === 'open' ? 'catching' : line.kind;
  return (
    <span class={`freshness is-${state}`} title={t('fresh.title')}>
      <i aria-hidden="true" />
      <span>{words(line, catchingUp, now)}</span>
    </span>
  );
}

function words(line: LineState, catchingUp: boolean, now: number): string {
  if (line.kind === 'open') return catchingUp ? t('fresh.catching') : live();
  if (line.kind === 'offline') return t('fresh.offline');
  if (line.kind === 'over') return t('fresh.over');
  if (line.kind === 'connecting') return t('fresh.connecting');
  return t('fresh.waiting', Math.max(1, Math.ceil((line.until - now) / 1000)));
}

function live(): string {
  return lastDelay.value === null
    ? t('fresh.live')
    : t('fresh.liveDelay', seconds(Math.max(100, lastDelay.value)));
}

function useTick(running: boolean): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    if (!running) return;
    now.value = Date.now();
    const timer = setInterval(() => {
      now.value = Date.now();
    }, 500);
    return () => clearInterval(timer);
  }, [running, now]);
  return now.value;
}
