// Makes plain, readable HTML of docs/indicators for dist/methods, so that the program explains its numbers without a
// network. Runs after the pages are built: it uses their colours and their theme script.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(web, 'dist');
const docs = join(web, '..', 'docs', 'indicators');
const read = (...parts) => readFileSync(join(...parts), 'utf8');

const style = `${read(web, 'src', 'panels', 'tokens.css')}\n${read(web, 'static', 'methods.css')}`;
const styleName = `methods-${createHash('sha256').update(style).digest('base64url').slice(0, 8)}.css`;
for (const old of readdirSync(join(dist, 'assets'))) if (/^methods-.*\.css$/.test(old)) rmSync(join(dist, 'assets', old));
writeFileSync(join(dist, 'assets', styleName), style);
const theme = readdirSync(join(dist, 'assets')).find((name) => /^theme-.*\.js$/.test(name));
if (!theme) throw new Error('dist/assets holds no theme script: the pages are built first (vite build)');

const pages = new Set(readdirSync(docs).filter((name) => name.endsWith('.md')));
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const slug = (text) => text.toLowerCase().replace(/<[^>]*>/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
const readableName = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

/** Where a link of a document leads on these pages; null: to a file that is not one of them. */
function target(href) {
  if (/^https:/.test(href)) return href;
  const [file, part] = href.split('#');
  if (file === '') return `#${part}`;
  if (!pages.has(file)) return null;
  return `./${file === 'README.md' ? '' : file.slice(0, -3)}${part ? `#${part}` : ''}`;
}

let tables = 0; // of the page in hand: each is a region with a name of its own
const marked = new Marked({
  renderer: {
    html: () => '', // the markers of the generated part
    heading({ tokens, depth }) {
      const text = this.parser.parseInline(tokens);
      return `<h${depth} id="${slug(text)}">${depth === 1 && /^[a-z0-9_]+$/.test(text) ? readableName(text) : text}</h${depth}>\n`;
    },
    link({ href, tokens }) {
      const to = target(href);
      const text = this.parser.parseInline(tokens);
      return to === null ? text : `<a href="${escaped(to)}"${to.startsWith('https:') ? ' rel="noreferrer noopener" target="_blank"' : ''}>${text}</a>`;
    },
    table(token) {
      const cells = (row, tag) => row.map((cell) => `<${tag}${tag === 'th' ? ' scope="col"' : ''}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('');
      const hasHead = token.header.some((cell) => cell.text.trim() !== '');
      const head = hasHead ? `<thead><tr>${cells(token.header, 'th').replaceAll('<th scope="col"></th>', '<td></td>')}</tr></thead>` : '';
      const rows = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
      return `<div class="scroll" tabindex="0" role="region" aria-label="Table ${++tables}">${'<table>'}${head}<tbody>${rows}</tbody></table></div>\n`;
    },
    code({ text }) {
      return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
    },
  },
});

/** The two sections that a reader wants first stand out. */
const marks = (html) =>
  html
    .replace(/(<h2 id="what-it-says">.*?<\/h2>\n)([\s\S]*?)(?=<h2|$)/, '$1<div class="says">$2</div>\n')
    .replace(/(<h2 id="when-it-errs">.*?<\/h2>\n)([\s\S]*?)(?=<h2|$)/, '$1<div class="errs">$2</div>\n');

function page(name) {
  tables = 0;
  const body = marks(marked.parse(read(docs, name)));
  const title = /<h1[^>]*>(.*?)<\/h1>/.exec(body)?.[1] ?? name;
  return `<!doctype html>
<html lang="en" data-theme="dark">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="dark light" />
    <title>${title.replace(/<[^>]*>/g, '')} - Virtuoso</title>
    <script src="../assets/${theme}"></script>
    <link rel="stylesheet" href="../assets/${styleName}" />
  </head>
  <body>
    <nav aria-label="Methods"><a href="./">All methods</a><a href="../">Virtuoso</a></nav>
    <main>
${body}    </main>
  </body>
</html>
`;
}

const out = join(dist, 'methods');
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
for (const name of pages) writeFileSync(join(out, name === 'README.md' ? 'index.html' : `${name.slice(0, -3)}.html`), page(name));
console.log(`methods: ${pages.size} pages`);
