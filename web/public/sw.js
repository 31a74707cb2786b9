// Lets the page open without a line, so that a reload in the tunnel finds the room's shell and the votes that wait.
// Never touches /api: what is on screen is from the server or says that it is not.
// And tells what happened while no page is open, where the person asked for it.
const CACHE = 'assent-shell';
const KEPT = 150;
const PATIENCE_MS = 4000;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api')) return;
  if (event.request.mode === 'navigate') event.respondWith(page(event.request));
  else if (url.pathname.startsWith('/assets/') || url.pathname === '/seal.svg') event.respondWith(asset(event.request));
});

/** The newest page where it comes in time, else the last one. */
async function page(request) {
  const cache = await caches.open(CACHE);
  const fresh = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  if (fresh?.ok) await cache.put('/', fresh.clone());
  if (fresh && fresh.status < 500) return fresh;
  return (await cache.match('/')) ?? fresh ?? Response.error();
}

/** A file with its hash in its name never changes. */
async function asset(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) {
    await cache.put(request, fresh.clone());
    await prune(cache);
  }
  return fresh;
}

async function prune(cache) {
  const assets = (await cache.keys()).filter(({ url }) => url.includes('/assets/'));
  await Promise.all(assets.slice(0, Math.max(0, assets.length - KEPT)).map((old) => cache.delete(old)));
}

self.addEventListener('push', (event) => {
  const { title, body, tag, url } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: url, icon: '/seal.svg' }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data));
});

/** The page that is open already, or a new one. */
async function show(url) {
  const pages = await self.clients.matchAll({ type: 'window' });
  const open = pages.find((one) => new URL(one.url).pathname.startsWith(url));
  if (open) await open.focus();
  else await self.clients.openWindow(url);
}
