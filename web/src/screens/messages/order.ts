// Conversations by their last word.
import type { Conversation } from '../../api/talk-types';

const moment = ({ last_message, created_at }: Conversation) => last_message?.created_at ?? created_at;

export const newestFirst = (talks: Conversation[]): Conversation[] =>
  talks.toSorted((a, b) => (moment(a) > moment(b) ? -1 : 1));
