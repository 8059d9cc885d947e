import { describe, expect, it } from 'vitest';
import { parseCertificates } from '../../../src/project/certificates.js';
import { authority, leaf } from './certificates-fixture.js';

const later = new Date('2027-01-01');
const parse = (text: string, now = later) => parseCertificates(text, 'ca.pem', now);

describe('parseCertificates', () => {
  it('takes the blocks alone, each once, from text with comments and CRLF', () => {
    const text = `# Our CA\nsubject=/CN=x\n${authority.replaceAll('\n', '\r\n')}trailing $(id)\n${authority}`;
    expect(parse(text)).toEqual({ pem: authority, count: 1, warnings: [] });
  });

  it('warns of what is odd and takes it all the same', () => {
    expect(parse(leaf).warnings).toEqual(['ca.pem: CN=leaf.test is not marked as a certificate authority']);
    expect(parse(authority, new Date('2200-01-01')).warnings.join()).toContain('CN=Test CA expired on');
    expect(parse(authority, new Date('2020-01-01')).warnings.join()).toContain(
      'CN=Test CA is not valid before',
    );
  });

  const begin = (label: string) => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;

  it.each([
    ['', 'ca.pem holds no certificate in PEM form'],
    ['MIIB', 'ca.pem holds no certificate in PEM form'],
    [
      authority + begin('PRIVATE KEY'),
      'ca.pem: line 11 begins a private key, which must never get into an image',
    ],
    [begin('EC PRIVATE KEY'), 'ca.pem: line 1 begins a private key'],
    [begin('CERTIFICATE REQUEST'), 'ca.pem: line 1 begins a CERTIFICATE REQUEST block'],
    [begin('CERTIFICATE'), 'ca.pem: the certificate on line 1 cannot be read'],
    [authority.replace(/-----END.*\n/, ''), 'ca.pem: the certificate on line 1 has no end'],
    [authority.replace('MIIB', 'MI$(id)IB'), 'ca.pem: the certificate on line 1 has no end'],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
