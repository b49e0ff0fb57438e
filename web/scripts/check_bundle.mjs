// Holds the first load of both pages to its budget: everything a page asks for at once, gzipped, without the chart
// chunk, which is fetched when a symbol is opened. Also refuses what the content security policy would refuse.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const budgets = { 'index.html': 90, 'mobile.html': 90 };
const chartBudgetKb = 70;
const gzipKb = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1024;
const complaints = [];

function firstLoad(page) {
  const html = readFileSync(join(dist, page), 'utf8');
  if (/<script(?![^>]*\bsrc=)[^>]*>/.test(html)) complaints.push(`${page}: an inline script would be blocked`);
  if (/<style|\sstyle=|\son\w+=/.test(html)) complaints.push(`${page}: an inline style or handler would be blocked`);
  if (/(?:src|href)="(?:https?:)?\/\//.test(html)) complaints.push(`${page}: refers to another host`);
  if (/(?:src|href)="\//.test(html)) complaints.push(`${page}: an absolute path would break below a sub-path`);
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
  if (files.some((file) => file.includes('candle_chart'))) complaints.push(`${page}: loads the chart at once`);
}

const chart = readdirSync(join(dist, 'assets')).filter((name) => name.startsWith('candle_chart') && name.endsWith('.js'));
const chartKb = chart.reduce((sum, name) => sum + gzipKb(join('assets', name)), 0);
console.log(`chart chunk: ${chartKb.toFixed(1)} KB gzip of ${chartBudgetKb}`);
if (chart.length === 0 || chartKb > chartBudgetKb) complaints.push(`chart chunk: ${chartKb.toFixed(1)} KB gzip, expected 0 < size <= ${chartBudgetKb}`);

for (const name of readdirSync(dist)) {
  if (statSync(join(dist, name)).isDirectory() ? name !== 'assets' : !(name in budgets)) {
    complaints.push(`dist/${name}: only the two pages and assets/ are served`);
  }
}

if (complaints.length > 0) {
  console.error(complaints.join('\n'));
  process.exit(1);
}
