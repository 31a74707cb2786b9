// Every text in Korean, under the keys of the English catalogue.
import type { Catalogue } from '../catalogue';
import { activity } from './activity';
import { event } from './event';
import { failures } from './failures';
import { home } from './home';
import { join } from './join';
import { lobby } from './lobby';
import { proposals } from './proposals';
import { room } from './room';
import { shell } from './shell';

export const ko: Catalogue = {
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
