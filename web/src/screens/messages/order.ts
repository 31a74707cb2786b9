// Conversations by their last word.
import type { Talk } from '../../store/lobby';

/** Where the last words are not known yet, something waits: it stands above. */
const moment = ({ last_message }: Talk) => last_message?.created_at ?? '9';

export const newestFirst = (talks: Talk[]): Talk[] =>
  talks.toSorted((a, b) => (moment(a) > moment(b) ? -1 : 1));
