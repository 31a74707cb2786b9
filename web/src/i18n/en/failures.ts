// What went wrong, and what to do now.

export const failures = {
  'error.unreachable': 'The server does not answer. Nothing is lost; try again in a moment.',
  'error.offline': 'You are offline. Try again when the line is back.',
  'error.unexpected': 'Something went wrong on our side. Try again.',
  'error.ranking_incomplete':
    'the criteria have changed meanwhile. Your order is kept; look at it once more and cast it.',
  'error.screen': 'This part could not be loaded.',
};
