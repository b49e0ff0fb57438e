import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite';

/** A file of static/ that both pages need before any module runs, served under a content-hash name. */
function hashed(name: string, extension: string, text: string) {
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 8);
  return { fileName: `assets/${name}-${digest}.${extension}`, text };
}

/**
 * Emits the theme script, the icon and the manifest with content-hash names and puts their tags into both pages.
 * Everything below assets/ can so be cached for ever, and no inline script is needed under the strict policy.
 */
function pageStatics(): Plugin {
  const read = (name: string) => readFileSync(new URL(`./static/${name}`, import.meta.url), 'utf8');
  const theme = hashed('theme', 'js', read('theme.js'));
  const icon = hashed('icon', 'svg', read('icon.svg'));
  const iconName = icon.fileName.split('/')[1] ?? '';
  const manifest = hashed('manifest', 'webmanifest', read('manifest.webmanifest').replace('icon.svg', iconName));
  const files = [theme, icon, manifest];
  const types: Record<string, string> = {
    js: 'text/javascript',
    svg: 'image/svg+xml',
    webmanifest: 'application/manifest+json',
  };
  return {
    name: 'virtuoso-page-statics',
    generateBundle() {
      for (const file of files) this.emitFile({ type: 'asset', fileName: file.fileName, source: file.text });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const file = files.find((candidate) => request.url === `/${candidate.fileName}`);
        if (!file) return next();
        response.setHeader('content-type', types[file.fileName.split('.').pop() ?? ''] ?? 'text/plain');
        response.end(file.text);
      });
    },
    transformIndexHtml(): HtmlTagDescriptor[] {
      return [
        { tag: 'script', attrs: { src: `./${theme.fileName}` }, injectTo: 'head-prepend' },
        { tag: 'link', attrs: { rel: 'icon', type: 'image/svg+xml', href: `./${icon.fileName}` }, injectTo: 'head' },
        { tag: 'link', attrs: { rel: 'manifest', href: `./${manifest.fileName}` }, injectTo: 'head' },
      ];
    },
  };
}

const backend = process.env['VIRTUOSO_URL'] ?? 'http://127.0.0.1:8003';

export default defineConfig({
  base: './',
  plugins: [svelte(), pageStatics()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: 'index.html', mobile: 'mobile.html', login: 'login.html' },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/ws': { target: backend, ws: true },
      '/api': { target: backend },
      '/health': { target: backend },
    },
  },
});
