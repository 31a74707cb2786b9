// A number that waits for somebody. Beyond two digits only that it is many.
export function Badge({ count }: { count: number | undefined }) {
  return count ? <b class="badge">{count > 99 ? '99+' : count}</b> : null;
}
