"""From a command to a room that answers: servers, schema, workers, and their end."""
