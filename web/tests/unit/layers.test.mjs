// The layer check must be able to fail: upward imports in .ts and .svelte files, static and dynamic, are found.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/check_layers.mjs', import.meta.url));
let root;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'virtuoso-layers-'));
  for (const [layer, below] of [['low', []], ['high', ['low']]]) {
    mkdirSync(join(root, layer));
    writeFileSync(join(root, layer, 'tsconfig.json'), JSON.stringify({ references: below.map((name) => ({ path: `../${name}` })) }));
  }
  writeFileSync(join(root, 'high', 'Page.svelte'), "<script>import { a } from '../low/a';</script>");
});
afterEach(() => rmSync(root, { recursive: true }));

function complaints() {
  try {
    execFileSync(process.execPath, [script, root], { stdio: 'pipe' });
    return '';
  } catch (error) {
    return String(error.stderr);
  }
}

describe('check_layers', () => {
  it('accepts imports downward', () => {
    writeFileSync(join(root, 'low', 'a.ts'), 'export const a = 1;');
    expect(complaints()).toBe('');
  });

  it.each([
    ['a.ts', "import { b } from '../high/b';"],
    ['a.ts', "import '../high/b.css';"],
    ['a.ts', "const b = import('../high/b');"],
    ['Panel.svelte', "<script lang=\"ts\">\n  import B from '../high/B.svelte';\n</script>"],
  ])('refuses an upward import in %s: %s', (name, text) => {
    writeFileSync(join(root, 'low', name), text);
    expect(complaints()).toMatch(`low/${name}: imports '../high/`);
  });

  it('refuses an empty tree', () => {
    rmSync(join(root, 'high', 'Page.svelte'));
    expect(complaints()).toMatch('no source file');
  });
});
