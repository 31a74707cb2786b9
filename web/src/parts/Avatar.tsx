// Somebody in two letters; the name itself always stands beside it or is said by its label.
import { initials } from '../store/presence';

export function Avatar({ name, status }: { name: string; status?: 'active' | 'idle' }) {
  return (
    <span class={`avatar ${status ? `is-${status}` : ''}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
