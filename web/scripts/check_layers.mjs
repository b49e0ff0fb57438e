// The layer check for what tsc -b cannot see: imports inside .svelte files. The allowed lower layers of a folder are
// the `references` of its own tsconfig.json, so there is one list. Tests may import sideways within their own layer.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const sourceRoot = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'src'));

function filesBelow(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

const layers = readdirSync(sourceRoot).filter((name) => statSync(join(sourceRoot, name)).isDirectory());
const importPattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)['"]([^'"]+)['"]/g;
const complaints = [];
let checked = 0;

for (const layer of layers) {
  const config = JSON.parse(readFileSync(join(sourceRoot, layer, 'tsconfig.json'), 'utf8'));
  const allowed = new Set([layer, ...config.references.map((reference) => relative('..', reference.path))]);
  for (const file of filesBelow(join(sourceRoot, layer))) {
    if (!/\.(ts|svelte)$/.test(file)) continue;
    checked += 1;
    for (const match of readFileSync(file, 'utf8').matchAll(importPattern)) {
      if (!match[1].startsWith('.')) continue;
      const target = relative(sourceRoot, resolve(dirname(file), match[1]));
      const targetLayer = target.split('/')[0];
      if (!allowed.has(targetLayer)) {
        complaints.push(`${relative(sourceRoot, file)}: imports '${match[1]}', but ${layer} may only use ${[...allowed].join(', ')}`);
      }
    }
  }
}

if (checked === 0) complaints.push(`no source file found below ${sourceRoot}`);
if (complaints.length > 0) {
  console.error(complaints.join('\n'));
  process.exit(1);
}
console.log(`layers: ${checked} files in ${layers.length} layers, no upward import`);
