// An order of importance: by drag, by buttons, by keyboard; every move is said.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Item } from '../../api/types';
import { t } from '../../i18n';
import { Icon } from '../../parts/Icon';
import { moved } from '../../store/ranking';

interface Props {
  items: Item[];
  order: string[];
  onOrder(order: string[]): void;
  disabled: boolean;
}

export function RankList({ items, order, onOrder, disabled }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const dragged = useSignal<string | null>(null);
  const said = useSignal('');
  const named = new Map(items.map((item) => [item.id, item.content]));
  const move = (id: string, to: number) => {
    const from = order.indexOf(id);
    const target = Math.max(0, Math.min(to, order.length - 1));
    if (from === target) return;
    onOrder(moved(order, from, target));
    said.value = t('rank.moved', named.get(id) ?? '', target + 1, order.length);
  };
  const follow = (event: PointerEvent) => {
    if (dragged.value) move(dragged.value, indexAt(list.current, event.clientY));
  };
  return (
    <fieldset class="rank" disabled={disabled}>
      <legend>{t('rank.title')}</legend>
      <p class="field-hint">{t('rank.hint')}</p>
      <ol ref={list}>
        {order.map((id, index) => (
          <li key={id} class={dragged.value === id ? 'dragged' : ''}>
            <button
              type="button"
              class="grip"
              aria-label={t('rank.grip', named.get(id) ?? '', index + 1, order.length)}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                dragged.value = id;
              }}
              onPointerMove={follow}
              onPointerUp={() => {
                dragged.value = null;
              }}
              onPointerCancel={() => {
                dragged.value = null;
              }}
              onKeyDown={(event) => {
                const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
                if (!step) return;
                event.preventDefault();
                move(id, index + step);
              }}
            >
              <Icon name="grip" />
              <b>{index + 1}</b>
            </button>
            <span class="rank-text">{named.get(id)}</span>
            <Step up id={id} index={index} last={order.length - 1} name={named.get(id) ?? ''} move={move} />
            <Step id={id} index={index} last={order.length - 1} name={named.get(id) ?? ''} move={move} />
          </li>
        ))}
      </ol>
      <p class="visually-hidden" role="status">
        {said.value}
      </p>
    </fieldset>
  );
}

interface StepProps {
  id: string;
  index: number;
  last: number;
  name: string;
  up?: boolean;
  move(id: string, to: number): void;
}

/** Stays focusable at the ends: a disabled button would throw the keyboard's focus away. */
function Step({ id, index, last, name, up = false, move }: StepProps) {
  const atEnd = up ? index === 0 : index === last;
  return (
    <button
      type="button"
      class="icon-button"
      aria-disabled={atEnd}
      aria-label={t(up ? 'rank.up' : 'rank.down', name)}
      onClick={() => move(id, index + (up ? -1 : 1))}
    >
      <Icon name={up ? 'up' : 'down'} />
    </button>
  );
}

function indexAt(list: HTMLOListElement | null, y: number): number {
  const rows = Array.from(list?.children ?? []).map((row) => row.getBoundingClientRect());
  const found = rows.findIndex((row) => y < row.bottom);
  return found < 0 ? rows.length - 1 : found;
}
