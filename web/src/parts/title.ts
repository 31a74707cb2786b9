// The name of the tab, and where the keyboard stands after moving to another screen.
import { useEffect } from 'preact/hooks';
import { path } from '../router';

export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Assent` : 'Assent';
  }, [title]);
}

/** A new address begins at its top for the keyboard and the screen reader too; a field that took the focus keeps it. */
export function useFocusOnMove(): void {
  const here = path.value;
  useEffect(() => {
    if (first) {
      first = false;
      return;
    }
    requestAnimationFrame(() => {
      if (document.activeElement && document.activeElement !== document.body && inMain()) return;
      document.getElementById('main')?.focus({ preventScroll: true });
    });
  }, [here]);
}

let first = true;
const inMain = () => document.getElementById('main')?.contains(document.activeElement);
