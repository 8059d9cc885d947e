// Stand-ins for package registries over HTTPS, all at one address and told apart by their names.
// Usage: node registry-server.mjs FOLDER ROOT ADDRESS...: FOLDER holds key.pem and cert.pem, ROOT one folder for each name.
import { appendFileSync, createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:https';
import { join, normalize } from 'node:path';

const [folder, root, ...addresses] = process.argv.slice(2);
const tls = { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/cert.pem`) };

process.stdin.resume().on('end', () => process.exit());
let waiting = addresses.length;

function find(host, url) {
  const path = normalize(decodeURIComponent(url.split('?')[0]));
  const file = join(root, host.split(':')[0], path);
  try {
    return statSync(file).isDirectory() ? find(host, `${path}/index`) : file;
  } catch {
    return undefined;
  }
}

for (const address of addresses) {
  createServer(tls, (request, response) => {
    const file = find(request.headers.host ?? '', request.url ?? '/');
    if (!file) return response.writeHead(404).end();
    const type = file.endsWith('.json')
      ? 'application/json'
      : file.endsWith('index')
        ? 'text/html'
        : 'application/octet-stream';
    response.writeHead(200, { 'Content-Type': type });
    createReadStream(file).pipe(response);
  }).listen(443, address, () => {
    waiting -= 1;
    if (waiting === 0)
      appendFileSync(
        `${folder}/arrivals`,
        `${JSON.stringify({ via: 'ready', to: address, name: '', data: '' })}\n`,
      );
  });
}
