// Where we are. Addresses are real paths, so that a reload, a shared link and the back button do what people expect.
import { signal } from '@preact/signals';

export const path = signal(location.pathname);
const search = signal(location.search);
export const query = () => new URLSearchParams(search.value);

export function go(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  arrived();
  if (!replace) scrollTo(0, 0);
}

export type Params = Record<string, string>;

/** The named parts of `pattern` (`/events/:id`) in `actual`, or null where it does not fit. */
export function match(pattern: string, actual: string): Params | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = actual.split('/').filter(Boolean);
  if (wanted.length !== given.length) return null;
  const params: Params = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return params;
}

function arrived(): void {
  path.value = location.pathname;
  search.value = location.search;
}

function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

export function startRouter(): void {
  addEventListener('popstate', arrived);
  document.addEventListener('click', follow);
}
