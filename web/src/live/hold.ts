// Whoever types keeps the line they type in where it is, however much arrives above it.
// Browsers hold what is at the top of the screen, and some hold nothing.

/** Pages scroll by whole pixels: the rest is owed to the next time. */
let owed = 0;

export function holding(draw: () => void): void {
  const field = typedIn();
  const before = field?.getBoundingClientRect().top;
  draw();
  if (!field?.isConnected || before === undefined) return;
  const moved = field.getBoundingClientRect().top - before + owed;
  const whole = Math.round(moved);
  owed = moved - whole;
  if (whole) scrollBy({ top: whole, behavior: 'instant' });
}

/** Not in a dialog: that stands still by itself. */
function typedIn(): Element | null {
  const field = document.activeElement;
  return field?.matches('main textarea, main input') && !field.closest('dialog') ? field : null;
}
