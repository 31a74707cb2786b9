// A hand that draws: finger, pen or mouse, one at a time. A long line goes out in parts, so that others see it grow.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Drawing, Drawn } from '../../store/brief/sketches';
import type { Pen } from './SketchTools';

type Line = Omit<Drawn, 'id'>;
type Hand = PointerEvent & { currentTarget: HTMLCanvasElement };
type Point = [number, number];

/** The server takes 200 points in a stroke; others wait less for fewer. */
const MOST_POINTS = 120;
/** What is nearer to the last point is the same point, as a share of the image. */
const STEP = 0.002;

export function useHand(drawing: Drawing, pen: Pen | null) {
  const now = useSignal<Line | null>(null);
  const tip = useRef<Pick<PointerEvent, 'pointerId' | 'pointerType'> | null>(null);
  const goesOn = useRef(false);
  const draws = ({ pointerId }: Hand) => tip.current?.pointerId === pointerId;
  const lift = (event: Hand) => {
    if (!draws(event)) return;
    if (now.value) drawing.draw(now.value, goesOn.current);
    now.value = tip.current = null;
  };
  const go = (event: Hand) => {
    const line = now.value;
    if (!line || !draws(event)) return;
    const points = withPoint(line.points, pointOf(event));
    if (points.length < MOST_POINTS) now.value = { ...line, points };
    else {
      drawing.draw({ ...line, points }, goesOn.current);
      goesOn.current = true;
      now.value = { ...line, points: points.slice(-1) };
    }
  };
  if (!pen) return { now: now.value, events: {} };
  return {
    now: now.value,
    events: {
      onPointerDown(event: Hand) {
        if (event.button !== 0 || !mayBegin(event, tip.current)) return;
        tip.current = event;
        goesOn.current = false;
        event.currentTarget.setPointerCapture(event.pointerId);
        now.value = { colour: pen.colour, width: pen.width, points: [pointOf(event)] };
      },
      onPointerMove: go,
      onPointerUp: lift,
      onPointerCancel: lift,
    },
  };
}

/** A second finger draws nothing; a pen takes over from the palm that came down before it. */
const mayBegin = ({ pointerType }: Hand, tip: Pick<PointerEvent, 'pointerType'> | null) =>
  !tip || (pointerType === 'pen' && tip.pointerType === 'touch');

function pointOf(event: Hand): Point {
  const box = event.currentTarget.getBoundingClientRect();
  return [share(event.clientX - box.left, box.width), share(event.clientY - box.top, box.height)];
}

const share = (part: number, whole: number) =>
  Math.round(Math.min(1, Math.max(0, part / (whole || 1))) * 10_000) / 10_000;

function withPoint(points: Point[], point: Point): Point[] {
  const last = points.at(-1);
  const near = last && Math.hypot(last[0] - point[0], last[1] - point[1]) < STEP;
  return near ? points : [...points, point];
}
