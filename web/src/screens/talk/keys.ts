// Enter sends where there are keys to press; under a thumb it begins a line, and a button sends.

export const underThumb = (): boolean => matchMedia('(pointer: coarse)').matches;

/** Not while a syllable is still being put together. */
export const sends = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' && !event.shiftKey && !event.isComposing && !underThumb();
