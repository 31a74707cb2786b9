// What the stream brings is drawn once per frame, and slowly while nobody looks; what a person does is drawn at once.
import { options } from 'preact';
import { holding } from './hold';

let calm = false;

export function calmly(work: () => void): void {
  calm = true;
  try {
    work();
  } finally {
    calm = false;
  }
}

export function setPace(): void {
  options.debounceRendering = (draw) => {
    if (!calm) queueMicrotask(draw);
    else if (document.hidden) setTimeout(draw, 250);
    else requestAnimationFrame(() => holding(draw));
  };
}
