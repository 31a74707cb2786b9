// The list keeps its place: at its end it stays at the end, elsewhere what is read stays where it is,
// whatever comes above or below. Nothing moves under a finger.

import { useSignal, useSignalEffect } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { pointerDown } from '../../parts/settled';

const END_PX = 48;
const TOP_PX = 240;

interface Held {
  row: HTMLElement;
  top: number;
}

interface Wishes {
  /** Where it starts: a row, or the end. */
  start(): Element | null;
  older(): void;
  /** The end is in sight. */
  seen(): void;
}

export interface Scroll {
  list: RefObject<HTMLElement | null>;
  readonly atEnd: boolean;
  onScroll(): void;
  toEnd(): void;
}

export function useScroll(drawn: unknown, wishes: Wishes): Scroll {
  const list = useRef<HTMLElement>(null);
  const atEnd = useSignal(true);
  const held = useRef<Held | null>(null);
  const height = useRef(0);
  const started = useSignal(false);
  const look = () => {
    const box = list.current;
    if (!box) return;
    // A box that just shrank did not leave its end: it is brought back there.
    if (box.clientHeight === height.current) atEnd.value = distance(box) < END_PX;
    held.current = firstInSight(box);
    if (box.scrollTop < TOP_PX) wishes.older();
    if (atEnd.value && document.visibilityState === 'visible') wishes.seen();
  };
  const settle = () => {
    const box = list.current;
    if (!box || !started.peek()) return;
    height.current = box.clientHeight;
    if (atEnd.value && !pointerDown.peek()) box.scrollTop = box.scrollHeight;
    else keep(box, held.current);
    look();
  };
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    if (!started.peek() && box.querySelector('[data-seq]')) {
      started.value = true;
      height.current = box.clientHeight;
      const row = wishes.start();
      if (row) box.scrollTop += row.getBoundingClientRect().top - box.getBoundingClientRect().top - 24;
      else box.scrollTop = box.scrollHeight;
      look();
    } else settle();
  }, [drawn]);
  // The box comes with its first rows; it shrinks when a keyboard opens or the field below grows.
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    const watch = new ResizeObserver(settle);
    watch.observe(box);
    document.addEventListener('visibilitychange', look);
    return () => {
      watch.disconnect();
      document.removeEventListener('visibilitychange', look);
    };
  }, [started.value]);
  useSignalEffect(() => {
    if (!pointerDown.value) settle();
  });
  return {
    list,
    get atEnd() {
      return atEnd.value;
    },
    onScroll: look,
    toEnd: () => {
      if (list.current) list.current.scrollTop = list.current.scrollHeight;
    },
  };
}

const distance = (box: HTMLElement) => box.scrollHeight - box.clientHeight - box.scrollTop;

function firstInSight(box: HTMLElement): Held | null {
  const edge = box.getBoundingClientRect().top;
  for (const row of box.querySelectorAll<HTMLElement>('[data-seq]')) {
    const { top, bottom } = row.getBoundingClientRect();
    if (bottom > edge) return { row, top: top - edge };
  }
  return null;
}

function keep(box: HTMLElement, held: Held | null): void {
  if (!held?.row.isConnected) return;
  const now = held.row.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (now !== held.top) box.scrollTop += now - held.top;
}
