// A hand that draws: finger, pen or mouse. A long line goes out in parts, so that others see it while it grows.
import { useSignal } from '@preact/signals';
import type { Drawing, Drawn } from '../../store/brief/sketches';
import type { Pen } from './SketchTools';

type Line = Omit<Drawn, 'id'>;
type Point = [number, number];

/** The server takes 200 points in a stroke; others wait less for fewer. */
const MOST_POINTS = 120;
/** What is nearer to the last point is the same point, as a share of the image. */
const STEP = 0.002;

export function useHand(drawing: Drawing, pen: Pen | null) {
  const now = useSignal<Line | null>(null);
  const lift = () => {
    if (now.value) drawing.draw(now.value);
    now.value = null;
  };
  const go = (event: PointerEvent & { currentTarget: HTMLCanvasElement }) => {
    const line = now.value;
    if (!line) return;
    const points = withPoint(line.points, pointOf(event));
    if (points.length < MOST_POINTS) now.value = { ...line, points };
    else {
      drawing.draw({ ...line, points });
      now.value = { ...line, points: points.slice(-1) };
    }
  };
  if (!pen) return { now: now.value, events: {} };
  return {
    now: now.value,
    events: {
      onPointerDown(event: PointerEvent & { currentTarget: HTMLCanvasElement }) {
        event.currentTarget.setPointerCapture(event.pointerId);
        now.value = { colour: pen.colour, width: pen.width, points: [pointOf(event)] };
      },
      onPointerMove: go,
      onPointerUp: lift,
      onPointerCancel: lift,
    },
  };
}

function pointOf(event: PointerEvent & { currentTarget: HTMLCanvasElement }): Point {
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
