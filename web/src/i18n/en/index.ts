// Every text in English, part by part. The keys are the contract: Korean must have exactly the same ones.
import { activity } from './activity';
import { event } from './event';
import { failures } from './failures';
import { home } from './home';
import { join } from './join';
import { lobby } from './lobby';
import { proposals } from './proposals';
import { room } from './room';
import { shell } from './shell';

export const en = {
  ...shell,
  ...home,
  ...join,
  ...event,
  ...room,
  ...lobby,
  ...proposals,
  ...activity,
  ...failures,
};
