// Members, and what may be done about them.

export const people = {
  'people.title': 'People',
  'people.lead': (n: number, o: number) => `${n} voting${o > 0 ? `, ${o} observing` : ''}`,
  'people.find': 'Find a name',
  'people.more': (n: number) => `and ${n} more; search to see them`,
  'people.you': '(you)',
  'people.outside': (n: number) => `Declined or banned: ${n}`,
  'people.BANNED': 'Banned',
  'people.REJECTED': 'Declined',
  'people.reset': 'Let them wait again',
  'people.resetTitle': (name: string) => `Reconsider ${name}?`,
  'people.resetWhat': (name: string) => `${name} is put back in the queue at the door.`,
  'people.menu': (name: string) => `What to do with ${name}`,
  'people.leave': 'Leave this event',
  'people.leaveTitle': 'Leave this event?',
  'people.leaveWhat':
    'Your votes on open proposals and your ballot go with you. You can ask to join again with the code.',
  'people.roleTitle': (name: string) => `Change the role of ${name}?`,
  'people.make.ADMIN': 'Make an admin',
  'people.make.ADMIN.what': (name: string) =>
    `${name} can then approve people and proposals, change settings, and finish the event.`,
  'people.make.MEMBER': 'Make a member',
  'people.make.MEMBER.what': (name: string) =>
    `${name} can propose, vote and cast a ballot, and takes one place.`,
  'people.make.OBSERVER': 'Make an observer',
  'people.make.OBSERVER.what': (name: string) =>
    `${name} sees everything and does not vote. Their open votes and their ballot are removed.`,
  'people.handOver': 'Hand over ownership',
  'people.handOverWhat': (name: string) =>
    `${name} becomes the owner, you stay as an admin. Only ${name} can give it back.`,
  'people.kick': 'Remove from the event',
  'people.kickTitle': (name: string) => `Remove ${name}?`,
  'people.kickWhat': (name: string) =>
    `${name} leaves the room at once, with open votes and ballot. They can ask to join again.`,
  'people.ban': 'Ban',
  'people.banTitle': (name: string) => `Ban ${name}?`,
  'people.banWhat': (name: string) =>
    `${name} leaves the room at once, with open votes and ballot, and cannot come back until an admin lifts the ban.`,
  'people.unban': 'Lift the ban',
  'people.unbanTitle': (name: string) => `Lift the ban on ${name}?`,
  'people.unbanWhat': (name: string) => `${name} may ask to join again.`,
};
