// A registry of each ecosystem with a few packages; prints its port. Ends with its standard input.
import { createServer } from 'node:http';

const days = (count) => new Date(Date.now() - count * 86_400_000).toISOString();
const npm = (versions, latest) => ({
  'dist-tags': { latest },
  versions: Object.fromEntries(Object.keys(versions).map((version) => [version, {}])),
  time: { created: days(900), modified: days(0), ...versions },
});
const pages = {
  '/left-pad': npm({ '1.0.0': days(900), '1.3.0': days(500) }, '1.3.0'),
  '/@scope%2fname': npm({ '1.0.0': days(900) }, '1.0.0'),
  '/busy': npm({ '1.0.0': days(900), '1.1.0': days(20), '2.0.0-rc.1': days(10), '1.2.0': days(1) }, '1.2.0'),
  '/brand-new': npm({ '0.0.1': days(0) }, '0.0.1'),
  '/expres': npm({ '1.0.0': days(900) }, '1.0.0'),
  '/express': npm({ '4.0.0': days(900) }, '4.0.0'),
  '/timeless': { 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': {} } },
  '/empty': { 'dist-tags': {}, versions: {}, time: {} },
  '/broken': 'no JSON',
  '/downloads/point/last-week/left-pad': { downloads: 5000 },
  '/downloads/point/last-week/busy': { downloads: 5 },
  '/pypi/requests/json': {
    info: { version: '2.0.0' },
    releases: {
      '1.0.0': [{ upload_time_iso_8601: days(800) }],
      '2.0.0': [{ upload_time_iso_8601: days(30) }],
    },
  },
  '/pypi/young/json': {
    info: { version: '2.0.0' },
    releases: {
      '1.0.0': [{ upload_time_iso_8601: days(800) }],
      '2.0.0': [{ upload_time_iso_8601: days(1) }],
    },
  },
  '/se/rd/serde': [
    { name: 'serde', vers: '1.0.0', yanked: false, pubtime: days(700) },
    { name: 'serde', vers: '1.0.1', yanked: true, pubtime: days(0) },
  ]
    .map((line) => JSON.stringify(line))
    .join('\n'),
  '/api/v1/versions/rails.json': [{ number: '8.0.0', created_at: days(40), prerelease: false }],
  '/example.com/mod/@latest': { Version: 'v1.0.0', Time: days(90) },
  '/example.com/!upper/@latest': { Version: 'v1.0.0', Time: days(90) },
  '/example.com/mod/@v/v2.0.0.info': { Version: 'v2.0.0', Time: days(0) },
  '/p2/monolog/monolog.json': { packages: { 'monolog/monolog': [{ version: '3.0.0', time: days(60) }] } },
};

const server = createServer(({ url }, answer) => {
  const page = pages[url];
  if (url === '/down') answer.writeHead(500).end();
  else if (page === undefined) answer.writeHead(404).end('{}');
  else answer.end(typeof page === 'string' ? page : JSON.stringify(page));
}).listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
