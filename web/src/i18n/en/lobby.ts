// What stands in the lobby and around every room: who is here, what is unread.
import { plural } from './plural';

export const lobby = {
  'here.count': (n: number) => `${n} here`,
  'here.show': 'Show who',
  'here.unknown': 'who is here is not known now',
  'here.idle': 'away from the screen',
  'here.here': 'here',
  'here.quorum': (n: number, of: number) => `Quorum: ${n} of ${of} who vote are here.`,
  'here.noQuorum': (n: number, of: number) => `No quorum: ${n} of ${of} who vote are here.`,
  'nav.talk': 'Talk',
  'nav.beside': 'Beside the decision',
  'talk.unread': (n: number) => `${n} unread ${plural(n, 'message', 'messages')}`,
  'talk.mentions': (n: number) => `${n} ${plural(n, 'calls', 'call')} you by name`,
  'talk.removed.author': 'Message removed.',
  'talk.removed.admin': 'Message removed by an admin.',
  'talk.somebody': 'Somebody',
  'nav.messages': 'Messages',
  'messages.all': 'All messages',
  'home.gone.deleted': (subject: string) => `“${subject}” was deleted by its owner.`,
  'home.gone.out': (subject: string) => `You are no longer in “${subject}”.`,
  'home.gone.banned': (subject: string) => `You can no longer enter “${subject}”.`,
  'home.queue': (n: number) => `Number ${n} in the queue`,
  'home.undecided': (n: number) => `${n} ${plural(n, 'proposal', 'proposals')} you have not voted on`,
  'news.title': 'Announcements',
};
