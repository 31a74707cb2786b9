// Whether there is room for something beside the page; what is not shown is not loaded either.
import { signal } from '@preact/signals';

const query = matchMedia('(min-width: 60rem)');

export const isWide = signal(query.matches);

query.addEventListener('change', () => {
  isWide.value = query.matches;
});
