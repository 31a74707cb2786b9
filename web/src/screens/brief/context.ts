// The brief that the screens below stand in.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Brief } from '../../store/brief/brief';

export const BriefContext = createContext<Brief | null>(null);

export function useBrief(): Brief {
  const brief = useContext(BriefContext);
  if (!brief) throw new Error('outside of a brief');
  return brief;
}
