// Every text in Korean, under the keys of the English catalogue.
import type { Catalogue } from '../catalogue';
import { account } from './account';
import { activity } from './activity';
import { audit } from './audit';
import { ballot } from './ballot';
import { create } from './create';
import { event } from './event';
import { failures } from './failures';
import { home } from './home';
import { join } from './join';
import { manage } from './manage';
import { people } from './people';
import { proposals } from './proposals';
import { room } from './room';
import { shell } from './shell';

export const ko: Catalogue = {
  ...shell,
  ...home,
  ...account,
  ...join,
  ...create,
  ...event,
  ...room,
  ...proposals,
  ...activity,
  ...ballot,
  ...manage,
  ...people,
  ...audit,
  ...failures,
};
