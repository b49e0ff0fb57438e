// Makes dist/docs.html: Swagger UI from its npm package, so that the API can be read and tried without a network.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(web, 'dist');
const swagger = join(web, 'node_modules', 'swagger-ui-dist');

for (const old of readdirSync(join(dist, 'assets'))) if (/^(swagger-ui|docs)-[^.]*\.(js|css)$/.test(old)) rmSync(join(dist, 'assets', old));

/** Writes a file under a name of its content; its address as the page needs it. */
function asset(name, extension, text) {
  const file = `${name}-${createHash('sha256').update(text).digest('base64url').slice(0, 8)}.${extension}`;
  writeFileSync(join(dist, 'assets', file), text);
  return `./assets/${file}`;
}

// The map of the bundle is not served: without its comment no browser asks for it.
const bundle = readFileSync(join(swagger, 'swagger-ui-bundle.js'), 'utf8').replace(/\n?\/\/# sourceMappingURL=.*$/m, '');
const styles = readFileSync(join(swagger, 'swagger-ui.css'), 'utf8').replace(/\/\*# sourceMappingURL=.*\*\//, '');
const own = (name) => readFileSync(join(web, 'static', name), 'utf8');
const icon = readdirSync(join(dist, 'assets')).find((name) => /^icon-.*\.svg$/.test(name));

writeFileSync(
  join(dist, 'docs.html'),
  `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Virtuoso: the API</title>
    <link rel="icon" type="image/svg+xml" href="./assets/${icon}" />
    <link rel="stylesheet" href="${asset('swagger-ui', 'css', styles)}" />
    <link rel="stylesheet" href="${asset('docs', 'css', own('docs.css'))}" />
  </head>
  <body>
    <nav aria-label="Pages"><a href="./">Virtuoso</a><a href="./openapi.json">openapi.json</a></nav>
    <div id="docs"></div>
    <script src="${asset('swagger-ui', 'js', bundle)}"></script>
    <script src="${asset('docs', 'js', own('docs.js'))}"></script>
  </body>
</html>
`,
);
console.log(`docs: Swagger UI ${JSON.parse(readFileSync(join(swagger, 'package.json'), 'utf8')).version}`);
