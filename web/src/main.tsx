// Where it begins: the language, the router, who is here, then the screen.
import { render } from 'preact';
import { App } from './app';
import { preferredLocale, setLocale } from './i18n';
import { setPace } from './live/pace';
import { startRouter } from './router';
import { startSession } from './store/start';
import './styles/index.css';

async function start(): Promise<void> {
  setPace();
  startRouter();
  const asked = startSession();
  await setLocale(preferredLocale());
  const root = document.getElementById('app');
  if (root) render(<App />, root);
  await asked;
  keepShell();
}

/** Only the built client: while developing, files change under their names. */
function keepShell(): void {
  if (import.meta.env.PROD) void navigator.serviceWorker?.register('/sw.js').catch(() => {});
}

void start();
