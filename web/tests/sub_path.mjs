// A reverse proxy as plain as one can be: it serves an address below a sub-path of another, and says for whom it asks.
import { createServer, request as ask } from 'node:http';

/** Serves http://127.0.0.1:port/ at `url`, which ends in /prefix/. Sockets are passed on as they are. */
export async function subPathProxy(port, prefix) {
  const headersOf = (request) => ({ ...request.headers, 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'http' });
  const pathOf = (request) => (request.url.startsWith(`/${prefix}/`) ? request.url.slice(prefix.length + 1) : null);
  const server = createServer((request, response) => {
    const path = pathOf(request);
    if (path === null) {
      response.writeHead(404).end();
      return;
    }
    const passed = ask({ port, host: '127.0.0.1', method: request.method, path, headers: headersOf(request) }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.writeHead(502).end());
    request.pipe(passed);
  });
  const sockets = new Set();
  const keep = (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  server.on('connection', keep);
  server.on('upgrade', (request, socket, head) => {
    const passed = ask({ port, host: '127.0.0.1', path: pathOf(request) ?? '/', headers: headersOf(request) });
    passed.on('upgrade', (answer, upstream, rest) => {
      keep(upstream);
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
      upstream.write(head);
      socket.write(rest);
      upstream.pipe(socket).pipe(upstream);
    });
    passed.on('response', (answer) => {
      socket.end(`HTTP/1.1 ${answer.statusCode} Refused\r\nconnection: close\r\n\r\n`);
    });
    passed.on('error', () => socket.destroy());
    passed.end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}/${prefix}/`,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
