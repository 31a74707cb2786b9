// Prints what a first view costs and fails when a participant would download more script than promised.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const OUT = fileURLToPath(new URL('../../app/static/', import.meta.url));
const LIMIT_KB = 60;
const FIRST_VIEW = ['index.html', 'src/screens/room/Room.tsx', 'src/i18n/ko/index.ts'];

const manifest = JSON.parse(readFileSync(join(OUT, '.vite/manifest.json'), 'utf8'));
const kilobytes = (file) => gzipSync(readFileSync(join(OUT, file))).length / 1000;

function filesOf(entry, seen = new Set()) {
  const chunk = manifest[entry];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const next of chunk.imports ?? []) filesOf(next, seen);
  return seen;
}

function foreignHosts() {
  const built = readdirSync(join(OUT, 'assets')).filter((name) => /\.(js|css)$/.test(name));
  const text = built.map((name) => readFileSync(join(OUT, 'assets', name), 'utf8')).join('\n');
  const known = /^https?:\/\/(www\.w3\.org)/;
  return [...new Set(text.match(/https?:\/\/[a-z0-9.-]+/gi) ?? [])].filter((url) => !known.test(url));
}

function inlineCode() {
  const html = readFileSync(join(OUT, 'index.html'), 'utf8');
  return /<style|style=|<script(?![^>]*\bsrc=)/i.test(html);
}

const first = new Set();
for (const entry of FIRST_VIEW) filesOf(entry, first);
let total = 0;
for (const file of readdirSync(join(OUT, 'assets')).sort()) {
  const path = `assets/${file}`;
  const size = kilobytes(path);
  const counted = first.has(path);
  if (counted) total += size;
  console.log(`${size.toFixed(1).padStart(7)} kB  ${counted ? 'first view' : '          '}  ${path}`);
}
console.log(
  `${total.toFixed(1).padStart(7)} kB  script of a participant's first view, compressed (limit ${LIMIT_KB})`,
);

const complaints = [];
if (total > LIMIT_KB) complaints.push(`first view is ${total.toFixed(1)} kB, more than ${LIMIT_KB}`);
if (inlineCode()) complaints.push('index.html has inline script or style, which the CSP forbids');
for (const url of foreignHosts()) complaints.push(`another host is named in the build: ${url}`);
for (const complaint of complaints) console.error(`budget: ${complaint}`);
process.exit(complaints.length ? 1 : 0);
