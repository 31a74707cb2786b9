// What opens beside the page closes when the person turns elsewhere.
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

export function useDismiss(box: RefObject<HTMLDetailsElement | null>): (refocus: boolean) => void {
  useEffect(() => {
    const elsewhere = (event: Event) => {
      if (box.current?.open && !box.current.contains(event.target as Node)) box.current.open = false;
    };
    document.addEventListener('pointerdown', elsewhere);
    document.addEventListener('focusin', elsewhere);
    return () => {
      document.removeEventListener('pointerdown', elsewhere);
      document.removeEventListener('focusin', elsewhere);
    };
  }, []);
  return (refocus) => {
    if (!box.current?.open) return;
    box.current.open = false;
    if (refocus) box.current.querySelector('summary')?.focus();
  };
}
