// The final ballot and its result.

export const ballot = {
  'ballot.watched': 'The ballot',
  'ballot.watchedLead': 'Members choose one of these options. You see how many have done so.',
  'ballot.title': 'Your ballot',
  'ballot.titleAgain': 'Your ballot is in',
  'ballot.lead': 'Choose one option and say what mattered. You can change it until the event is finished.',
  'ballot.option': 'Which option?',
  'ballot.criteriaChanged':
    'The criteria changed since you ordered them. Your order is kept, new ones stand at the end: look once more and cast.',
  'ballot.cast': 'Cast the ballot',
  'ballot.castAgain': 'Cast it again',
  'ballot.counted': 'Your ballot is counted.',
  'ballot.dirty': 'Changed here, not cast yet. What you cast before still counts.',
  'ballot.none': 'Nothing is cast yet.',
  'rank.title': 'What mattered most?',
  'rank.hint': 'Most important first. Drag, use the arrows, or the arrow keys on a number.',
  'rank.grip': (what: string, at: number, of: number) => `${what}: place ${at} of ${of}. Arrow keys move it.`,
  'rank.up': (what: string) => `Move up: ${what}`,
  'rank.down': (what: string) => `Move down: ${what}`,
  'rank.moved': (what: string, at: number, of: number) => `${what}: now place ${at} of ${of}`,
  'turnout.words': (n: string, of: string) => `${n} of ${of} ballots cast`,
  'result.notYet': 'The result appears here when the event is finished.',
  'result.decided': 'The group chose',
  'result.tie': 'A tie between',
  'result.nobody': 'Nobody cast a ballot.',
  'result.with': (n: string, of: string, share: string) => `${n} of ${of} ballots (${share})`,
  'result.options': 'Ballots per option',
  'result.votes': 'Ballots',
  'result.score': 'What mattered: weighted score',
  'result.points': 'Points',
  'result.first': 'Ranked first',
  'result.people': 'People',
  'result.how': 'How this was counted',
  'result.howTurnout': (n: string, of: string, share: string) =>
    `${n} of ${of} members cast a ballot: a turnout of ${share}.`,
  'result.howOptions':
    'Each ballot counts once, for its one option. The option with the most ballots leads; equal numbers are a tie and stay one.',
  'result.howCriteria':
    'Each ballot ranks the criteria: the first gets 3 points, the second 2, the third 1, all others none.',
  'result.closed': (when: string) =>
    `Closed ${when}. What was committed before that moment counts, nothing after it.`,
  'result.csv': 'Download as CSV',
  'result.json': 'Download as JSON',
  'result.print': 'Print',
  'chart.table': 'As a table',
};
