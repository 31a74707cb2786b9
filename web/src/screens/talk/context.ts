// The conversation that the rows below stand in, and what the viewer may do in it.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Person } from '../../api/types';
import type { Talk } from '../../store/talk/talk';

export interface Place {
  talk: Talk;
  /** May write at all: the event goes on, and one is in it. */
  writes: boolean;
  /** May take away what others said, and decide about their images. */
  rules: boolean;
  direct: boolean;
  /** Whom one can call by name. */
  people(): Promise<Person[]>;
}

export const PlaceContext = createContext<Place | null>(null);

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (!place) throw new Error('outside of a conversation');
  return place;
}
