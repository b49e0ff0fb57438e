// Holds the first load of both pages to its budget: everything a page asks for at once, gzipped, without the
// chunks of the chart and of the account, which are fetched when they are shown. Also refuses what the content security policy would refuse.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const budgets = { 'index.html': 90, 'mobile.html': 90, 'login.html': 30 };
// Nobody loads it but who reads of the API.
const docsBudgetKb = 520;
const chartBudgetKb = 70;
const riskBudgetKb = 20;
const gzipKb = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1024;
const complaints = [];

function policyComplaints(html) {
  const found = [];
  if (/<script(?![^>]*\bsrc=)[^>]*>/.test(html)) found.push('an inline script would be blocked');
  if (/<style|<[^>]*\sstyle=|<[^>]*\son\w+=/.test(html)) found.push('an inline style or handler would be blocked');
  if (/src="(?:https?:)?\/\/|<link[^>]*href="(?:https?:)?\/\//.test(html)) found.push('loads from another host');
  if (/(?:src|href)="\/(?!\/)/.test(html)) found.push('an absolute path would break below a sub-path');
  return found;
}

function firstLoad(page) {
  const html = readFileSync(join(dist, page), 'utf8');
  complaints.push(...policyComplaints(html).map((what) => `${page}: ${what}`));
  const seen = new Set([...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => match[1]));
  for (const file of seen) {
    if (!file.endsWith('.js')) continue;
    for (const match of readFileSync(join(dist, file), 'utf8').matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) {
      seen.add(`assets/${match[1]}`);
    }
  }
  return [page, ...seen];
}

for (const [page, budgetKb] of Object.entries(budgets)) {
  const files = firstLoad(page);
  const sizeKb = files.reduce((sum, file) => sum + gzipKb(file), 0);
  console.log(`${page}: first load ${sizeKb.toFixed(1)} KB gzip of ${budgetKb} (${files.length} files)`);
  if (sizeKb > budgetKb) complaints.push(`${page}: first load ${sizeKb.toFixed(1)} KB gzip exceeds ${budgetKb} KB`);
  const early = files.find((file) => /candle_chart|RiskView/.test(file));
  if (early) complaints.push(`${page}: loads ${early} at once`);
}

// Fetched only when they are shown.
for (const [name, what, budgetKb] of [['candle_chart', 'chart', chartBudgetKb], ['RiskView', 'risk', riskBudgetKb]]) {
  const chunk = readdirSync(join(dist, 'assets')).filter((file) => file.startsWith(name) && file.endsWith('.js'));
  const chunkKb = chunk.reduce((sum, file) => sum + gzipKb(join('assets', file)), 0);
  console.log(`${what} chunk: ${chunkKb.toFixed(1)} KB gzip of ${budgetKb}`);
  if (chunk.length === 0 || chunkKb > budgetKb) complaints.push(`${what} chunk: ${chunkKb.toFixed(1)} KB gzip, expected 0 < size <= ${budgetKb}`);
}

const docsKb = firstLoad('docs.html').reduce((sum, file) => sum + gzipKb(file), 0);
console.log(`docs.html: ${docsKb.toFixed(1)} KB gzip of ${docsBudgetKb}`);
if (docsKb > docsBudgetKb) complaints.push(`docs.html: ${docsKb.toFixed(1)} KB gzip exceeds ${docsBudgetKb} KB`);

for (const name of readdirSync(dist)) {
  if (statSync(join(dist, name)).isDirectory() ? !['assets', 'methods'].includes(name) : !(name in budgets) && name !== 'docs.html') {
    complaints.push(`dist/${name}: only the pages, assets/ and methods/ are served`);
  }
}

// The method pages: every link among them leads somewhere, and the policy holds for them too.
const methods = existsSync(join(dist, 'methods')) ? readdirSync(join(dist, 'methods')) : [];
if (!methods.includes('index.html')) complaints.push('dist/methods: there is no index.html');
for (const name of methods) {
  const html = readFileSync(join(dist, 'methods', name), 'utf8');
  complaints.push(...policyComplaints(html).map((what) => `methods/${name}: ${what}`));
  for (const [, href] of html.matchAll(/(?:src|href)="(\.[^"]*)"/g)) {
    const [path, part] = href.split('#');
    const file = path === '../' ? 'index.html' : path.startsWith('../') ? path.slice(3) : `methods/${path.slice(2) || 'index'}.html`;
    if (!existsSync(join(dist, file))) complaints.push(`methods/${name}: ${href} leads nowhere`);
    else if (part && !readFileSync(join(dist, file), 'utf8').includes(`id="${part}"`)) complaints.push(`methods/${name}: ${href} has no such part`);
  }
}

if (complaints.length > 0) {
  console.error(complaints.join('\n'));
  process.exit(1);
}
