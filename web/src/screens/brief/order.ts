// Moving blocks: by drag, by buttons, by keyboard; the new order shows at once and stands when the server says so.
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { briefs as api } from '../../api/brief';
import type { Block } from '../../api/types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { moved } from '../../store/ranking';
import { useBrief } from './context';

export interface Order {
  /** As they stand, or as they will when what is dragged is dropped. */
  blocks: Block[];
  list: RefObject<HTMLOListElement | null>;
  dragged: string | null;
  said: string;
  error: unknown;
  move(id: string, to: number): void;
  grab(id: string): void;
  drag(y: number): void;
  drop(): void;
  letGo(): void;
}

export function useOrder(blocks: Block[]): Order {
  const brief = useBrief();
  const list = useRef<HTMLOListElement>(null);
  const wanted = useSignal<string[] | null>(null);
  const dragged = useSignal<string | null>(null);
  const said = useSignal('');
  const known = new Map(blocks.map((block) => [block.id, block]));
  const standing = blocks.map(({ id }) => id);
  const ids = wanted.value && sameSet(wanted.value, standing) ? wanted.value : standing;
  const tell = useAction(async (id: string, order: string[]) => {
    const at = order.indexOf(id);
    const version = brief.blockOf(id)?.version ?? 1;
    try {
      brief.heard(await api.move(brief.id, id, order[at - 1] ?? null, version));
      said.value = t('brief.moved', at + 1, order.length);
    } finally {
      wanted.value = null;
    }
  });
  const show = (id: string, to: number): string[] | null => {
    const from = ids.indexOf(id);
    const target = Math.max(0, Math.min(to, ids.length - 1));
    if (from === target || from < 0) return null;
    wanted.value = moved(ids, from, target);
    return wanted.value;
  };
  return {
    blocks: ids.flatMap((id) => known.get(id) ?? []),
    list,
    dragged: dragged.value,
    said: said.value,
    error: tell.error,
    move(id, to) {
      const order = tell.busy ? null : show(id, to);
      if (order) void tell.run(id, order);
    },
    grab(id) {
      dragged.value = tell.busy ? null : id;
    },
    drag(y) {
      if (dragged.value) show(dragged.value, indexAt(list.current, y));
    },
    drop() {
      const id = dragged.value;
      dragged.value = null;
      if (id && wanted.value) void tell.run(id, wanted.value);
    },
    letGo() {
      dragged.value = wanted.value = null;
    },
  };
}

const sameSet = (a: string[], b: string[]) => a.length === b.length && a.every((id) => b.includes(id));

function indexAt(list: HTMLOListElement | null, y: number): number {
  const rows = Array.from(list?.children ?? []).map((row) => row.getBoundingClientRect());
  const found = rows.findIndex((row) => y < row.bottom);
  return found < 0 ? rows.length - 1 : found;
}
