// Idempotency keys, made before anything is sent. Works on plain HTTP in a hall's local network too.

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
